// /embed/check: finds out, in plain words, why the Sender does not show in somebody's page.
//
// Half of what can be wrong only the server knows (is this origin allowed, is this token sound); the
// other half only a browser does. Both go into one list. No token is used up by being looked at.

const $ = (id) => document.getElementById(id);
const here = location.origin;

$("policy").textContent = `script-src ${here};\nframe-src ${here};`;
$("tag").textContent = `<script src="${here}/embed.js" defer></script>\n<sms-sender></sms-sender>`;

const finding = (ok, title, detail) => ({ ok, title, detail });

/** What was typed as an origin, or why it is none. */
function originOf(text) {
  if (!text) throw new Error("Enter the origin of your page, such as https://dashboard.example");
  if (text === "null") {
    throw new Error(
      "“null” is what a page in a sandbox, or one opened from a file, has for an origin. Serve the page",
    );
  }
  let url;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw new Error(
      "This is no address. An origin is a scheme and a host, such as https://dashboard.example",
    );
  }
  if (!/^https?:$/.test(url.protocol)) throw new Error("An origin begins with https:// or http://");
  return url.origin;
}

/** Browsers trust what comes from the machine itself as they trust https. */
const isLocal = ({ hostname }) => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** The smallest module there is: eight bytes. */
const canCompile = () => {
  try {
    return WebAssembly.validate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    return false;
  }
};

/** What the browser itself can tell. */
function local(origin) {
  const page = new URL(origin);
  const list = [];
  if (page.protocol === "https:" || isLocal(page)) {
    list.push(finding(true, "Your page is served safely", `${origin} is https, or this machine.`));
  } else {
    const why = "What is served by http can be changed on its way, and browsers keep much from such pages.";
    list.push(finding(false, "Your page is served by http", `${why} Serve ${origin} by https.`));
  }
  if (page.protocol === "https:" && location.protocol === "http:" && !isLocal(location)) {
    const why = `Your page is https and the Sender (${here}) is http: browsers block such a mix.`;
    list.push(finding(false, "Mixed content", `${why} Serve the Sender by https too.`));
  }
  if (origin === here) {
    const why = "This is the Sender's own origin. The one that counts is that of the page around it.";
    list.push(finding(false, "This is not your page", why));
  }
  list.push(
    canCompile()
      ? finding(
          true,
          "This browser runs WebAssembly",
          "The Sender needs it inside its frame, not in your page.",
        )
      : finding(
          false,
          "This browser has no WebAssembly",
          "It may be turned off by a setting or by a company's policy.",
        ),
    finding(true, "Cookies do not matter", "The frame uses none, so blocking them changes nothing."),
  );
  return list;
}

/** What the server can tell. */
async function remote(origin, token) {
  const failed = (detail) => [finding(false, "The Sender could not be asked", detail)];
  let answer;
  try {
    answer = await fetch("/api/v1/embed/check", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ origin, token }),
      credentials: "omit",
    });
  } catch {
    return failed("It does not answer. Check your connection and try again.");
  }
  try {
    const body = await answer.json();
    if (answer.ok) return body.findings;
    return failed(body.detail ?? `It answered with status ${answer.status}.`);
  } catch {
    return failed(`It answered with status ${answer.status} and nothing that can be read.`);
  }
}

function show(findings) {
  const items = findings.map(({ ok, title, detail }) => {
    const item = document.createElement("li");
    item.className = ok ? "finding" : "finding finding--problem";
    const mark = document.createElement("strong");
    mark.className = "finding__mark";
    mark.textContent = ok ? "OK" : "Problem";
    const words = document.createElement("div");
    const head = document.createElement("h3");
    head.textContent = title;
    const rest = document.createElement("p");
    rest.textContent = detail;
    words.append(head, rest);
    item.append(mark, words);
    return item;
  });
  $("findings").replaceChildren(...items);
  const problems = findings.filter(({ ok }) => !ok).length;
  $("verdict").textContent =
    problems === 0
      ? "No problem was found."
      : `${problems === 1 ? "1 problem was" : `${problems} problems were`} found.`;
}

function complain(words) {
  const box = $("origin");
  $("origin-wrong").textContent = words && `${words}.`;
  $("origin-wrong").hidden = !words;
  if (words) {
    box.setAttribute("aria-invalid", "true");
    box.focus();
  } else box.removeAttribute("aria-invalid");
}

/** Only the last of several checks may show what it found. */
let turn = 0;
async function check() {
  const mine = ++turn;
  let origin;
  try {
    origin = originOf($("origin").value.trim());
  } catch (error) {
    complain(error.message);
    return false;
  }
  complain("");
  $("origin").value = origin;
  $("verdict").textContent = "Checking…";
  const token = $("token").value.trim() || null;
  const findings = [...(await remote(origin, token)), ...local(origin)];
  if (mine === turn) show(findings.sort((one, other) => one.ok - other.ok));
  return true;
}

$("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await check()) $("findings-title").focus();
});

const named = new URLSearchParams(location.search).get("origin");
if (named) {
  $("origin").value = named;
  check();
}
