// <sms-sender> and the frame's side of it, alone: the real embed.js and frame.js, and a few boxes in
// place of the app. The host's page is of another site, and its policy allows us the script and the
// frame and nothing else, so whatever needs more fails here.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { assertAccessible } from "./support/axe.mjs";
import { launch, openPage } from "./support/browser.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MIME = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const STYLES = ["tokens", "base", "layout", "controls", "figures", "phone"];

const INDEX = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sender</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  ${STYLES.map((name) => `<link rel="stylesheet" href="/style/${name}.css">`).join("")}
  <link rel="icon" href="/icon.svg"><script type="module" src="/boot.js" data-js="/app.js" data-wasm="/none"></script></head>
  <body><div id="app"></div><p id="boot" class="boot" role="status">Loading</p></body></html>`;

// In place of the app: a step as the app draws it, and a memory of what the host said.
const APP = `export default async () => {
  const host = globalThis.smsSenderHost;
  globalThis.heard = [];
  document.getElementById("app").innerHTML = \`<main class="shell__main"><div class="wizard">
    <ol class="steps"><li class="steps__item" aria-current="step">Step 1 of 4</li></ol>
    <form class="step"><div class="step__content">
      <h1 class="heading" tabindex="-1">Select a subaccount</h1>
      <div class="field"><label class="field__label" for="text">Message</label><input class="input" id="text"></div>
      <p>A <a href="#text">link</a> and <span class="hint">a hint</span></p><div id="box" tabindex="0" role="group" aria-label="Box"></div>
      <div class="field"><label class="field__label" for="last">Last</label><input class="input" id="last"></div>
      </div><div class="step__bar"><button type="button" class="button button--primary">Next</button></div></form>
    <dialog class="dialog" aria-labelledby="q"><h2 id="q">Sure?</h2><button class="button">No</button></dialog>
    </div></main>\`;
  const heading = document.querySelector("h1");
  document.querySelector(".button--primary").onclick = () => heading.focus({ preventScroll: true });
  host.listen((type, json) => heard.push([type, JSON.parse(json)]));
  host.emit("ready", "{}");
};`;

function serve(handle) {
  return new Promise((done) => {
    const server = createServer(handle);
    server.listen(0, () => done(server));
  });
}

const hits = [];
/** What a token is swapped for; nothing when it is refused. */
let answerSwap;
let ours, theirs, us, host, browser;

before(async () => {
  theirs = await serve((request, response) => {
    const { pathname } = new URL(request.url, host);
    const policy = `default-src 'none'; script-src ${us}; frame-src ${us}; require-trusted-types-for 'script'`;
    const frames = pathname === "/strict" ? policy.replace(/frame-src [^;]+/, "frame-src 'none'") : policy;
    // The browser's own driver adds scripts there.
    const typed = pathname === "/bare" ? frames.replace(/require-trusted.*/, "") : frames;
    response.setHeader("content-security-policy", typed);
    response.setHeader("content-type", "text/html");
    if (pathname === "/isolated") {
      response.setHeader("cross-origin-embedder-policy", "require-corp");
      response.setHeader("cross-origin-opener-policy", "same-origin");
    }
    const script = {
      "/module": `<script type="module" src="${us}/embed.mjs"></script>`,
      "/bare": "",
      "/isolated": `<script src="${us}/embed.js" crossorigin></script>`,
    };
    response.end(`<!doctype html><html lang="de"><title>Host</title><meta name="viewport" content="width=device-width">
      <h1>Host</h1>${script[pathname] ?? `<script src="${us}/embed.js"></script>`}<main></main>`);
  });
  ours = await serve(async (request, response) => {
    const { pathname } = new URL(request.url, us);
    hits.push(pathname);
    const ancestors = pathname === "/embed" ? host : "'none'";
    response.setHeader(
      "content-security-policy",
      `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self';
      font-src 'self' ${host}; frame-ancestors ${ancestors}`.replaceAll(/\s+/g, " "),
    );
    response.setHeader("referrer-policy", "no-referrer");
    const open = /^\/embed\.(js|mjs|d\.ts)$/.test(pathname);
    const elsewhere = open || pathname === "/embed";
    response.setHeader("cross-origin-resource-policy", elsewhere ? "cross-origin" : "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    if (open) response.setHeader("access-control-allow-origin", "*");
    const type = MIME[extname(pathname)] ?? "text/html";
    const send = (mime, body) => response.setHeader("content-type", mime).end(body);
    if (pathname === "/embed") return send("text/html", INDEX);
    if (pathname === "/app.js") return send("text/javascript", APP);
    if (pathname === "/brand.css") return send("text/css", "");
    if (pathname === "/api/v1/session/embed") {
      const swapped = answerSwap();
      if (!swapped) response.statusCode = 401;
      const refusal = { code: "token_invalid", detail: "That is none of ours." };
      return send("application/json", JSON.stringify(swapped ?? refusal));
    }
    if (pathname === "/api/v1/embed/check") {
      const findings = [{ ok: false, title: "This origin is not allowed", detail: "No tenant lists it." }];
      return send("application/json", JSON.stringify({ findings }));
    }
    const file = pathname === "/embed/check" ? "/embed-check.html" : pathname;
    const folder = file.startsWith("/style/") ? ROOT : join(ROOT, "public");
    try {
      send(pathname === "/embed/check" ? "text/html" : type, await readFile(join(folder, file)));
    } catch {
      response.writeHead(404).end();
    }
  });
  us = `http://127.0.0.1:${ours.address().port}`;
  host = `http://localhost:${theirs.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const server of [ours, theirs]) {
    server?.closeAllConnections();
    server?.close();
  }
});

/** A test with a page of the host's; errors in its console are failures unless expected. */
function story(name, options, body) {
  if (!body) return story(name, {}, options);
  test(name, { timeout: 60_000 }, async () => {
    const { page, context, complaints } = await openPage(browser, host, options.context);
    try {
      await page.goto(options.path ?? "/");
      await page.evaluate(() => {
        window.events = [];
        const types = ["ready", "step", "processed", "submitted", "status", "error", "token-needed", "close"];
        for (const type of types) {
          document.addEventListener(`sms-sender:${type}`, ({ target, detail, composed }) => {
            window.events.push({ type, detail, id: target.id, composed });
          });
        }
      });
      await body({ page, context });
      assert.deepEqual(complaints.unexpected(options.expect), []);
    } finally {
      await context.close();
    }
  });
}

/** Puts an element into the host's page. */
const add = (page, attributes = {}) =>
  page.evaluate((attributes) => {
    const element = document.createElement("sms-sender");
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.querySelector("main").append(element);
  }, attributes);

/** The frames of ours in it, once there are so many that are up. */
async function frames(page, count = 1) {
  await page.waitForFunction(
    (count) => window.events.filter(({ type }) => type === "ready").length >= count,
    count,
  );
  return page.frames().filter((frame) => frame.url().startsWith(`${us}/embed`));
}

const events = (page, type) =>
  page.evaluate((type) => window.events.filter((event) => event.type === type), type);
const until = (page, type, count = 1) =>
  page.waitForFunction(
    ([type, count]) => window.events.filter((event) => event.type === type).length >= count,
    [type, count],
  );
const frameHeight = (page) =>
  page.evaluate(() => document.querySelector("sms-sender").shadowRoot.querySelector("iframe").offsetHeight);
const settled = (page) => page.waitForTimeout(500);
const grow = (frame, height) =>
  frame.evaluate((height) => void (document.getElementById("box").style.height = `${height}px`), height);
const variable = (frame, name) =>
  frame.evaluate((name) => document.documentElement.style.getPropertyValue(name), name);

story("the element greets the frame and passes on what was said", async ({ page }) => {
  await add(page, { subaccount: "acme_hq", id: "one" });
  const [frame] = await frames(page);
  const attributes = await page.evaluate(() => {
    const frame = document.querySelector("sms-sender").shadowRoot.querySelector("iframe");
    return [frame.getAttribute("sandbox"), frame.allow, frame.title, frame.getAttribute("style")];
  });
  assert.deepEqual(attributes.slice(0, 2), [
    "allow-scripts allow-same-origin allow-forms allow-downloads",
    "clipboard-write",
  ]);
  assert.equal(attributes[2], "SMS Sender");
  assert.equal(await frame.evaluate(() => smsSenderHost.origin), host);
  const [configured] = await frame.evaluate(() => heard);
  assert.deepEqual(configured, ["configure", { subaccount: "acme_hq", locale: "de" }]);
  await frame.evaluate(() => smsSenderHost.emit("submitted", '{"campaignId":"c-1"}'));
  await until(page, "submitted");
  const [submitted] = await events(page, "submitted");
  assert.deepEqual(submitted, {
    type: "submitted",
    detail: { campaignId: "c-1" },
    id: "one",
    composed: true,
  });
  await page.evaluate(() => document.querySelector("sms-sender").setAttribute("locale", "fr"));
  await frame.waitForFunction(() => heard.length === 2);
  assert.deepEqual(
    (await frame.evaluate(() => heard))[1],
    ["configure", { locale: "fr" }],
    "what stayed is not said again",
  );
  assert.ok(!(await page.context().cookies()).length);
});

story("the module twin knows where it came from", { path: "/module" }, async ({ page }) => {
  await add(page);
  await frames(page);
});

story("a page that is isolated from all others may have one", { path: "/isolated" }, async ({ page }) => {
  assert.ok(await page.evaluate(() => crossOriginIsolated));
  await add(page);
  await frames(page);
});

story("what was set before the script came is taken over", { path: "/bare" }, async ({ page }) => {
  await page.evaluate(() => {
    const element = document.createElement("sms-sender");
    element.getToken = async () => "early";
    element.theme = { radius: 4 };
    document.querySelector("main").append(element);
  });
  await page.addScriptTag({ url: `${us}/embed.js` });
  const [frame] = await frames(page);
  assert.equal(await frame.evaluate(() => smsSenderHost.token("start")), "early");
  assert.equal(await variable(frame, "--r2"), "4px");
  // A second copy of the script changes nothing.
  await page.addScriptTag({ url: `${us}/embed.js?again` });
});

story("several on a page do not hear each other, nor anybody else", async ({ page }) => {
  await add(page, { id: "one" });
  await add(page, { id: "two" });
  const [first, second] = await frames(page, 2);
  await first.evaluate(() => smsSenderHost.emit("step", '{"step":"recipients"}'));
  await until(page, "step");
  const ids = (await events(page, "step")).map(({ id }) => id);
  assert.equal(ids.length, 1);
  // The page itself, and a frame that is not ours, speak as we do.
  await page.evaluate(() => {
    window.postMessage({ "sms-sender": 1, type: "step", step: "send" }, "*");
  });
  // Each frame is the child of a shadow root: nobody else in the page can even name its window.
  assert.equal(await page.evaluate(() => window.frames.length), 0);
  await second.evaluate(() => postMessage({ "sms-sender": 1, type: "reset" }, "*"));
  await first.evaluate(() => {
    // Unknown, or not ours in form.
    parent.postMessage({ "sms-sender": 1, type: "made-up" }, "*");
    parent.postMessage({ type: "step", step: "send" }, "*");
    parent.postMessage(null, "*");
  });
  await settled(page);
  assert.equal((await events(page, "step")).length, 1);
  assert.deepEqual(
    (await second.evaluate(() => heard)).map(([type]) => type),
    ["configure"],
  );
});

story("moved and taken out, it leaves nothing behind", async ({ page }) => {
  await page.evaluate(() => {
    window.listeners = 0;
    const count = (target) => {
      const add = target.addEventListener;
      target.addEventListener = function (type, listener, options) {
        if (options?.signal) window.listeners += 1;
        options?.signal?.addEventListener("abort", () => (window.listeners -= 1));
        return add.call(this, type, listener, options);
      };
    };
    count(window);
    count(document);
  });
  await add(page, { id: "one" });
  await frames(page);
  const listening = await page.evaluate(() => window.listeners);
  assert.ok(listening > 0);
  // Moved within a task, and with the frame's beginning in between.
  await page.evaluate(() => {
    const element = document.getElementById("one");
    document.body.prepend(element);
    document.body.append(element);
  });
  await frames(page, 2);
  assert.equal(await page.evaluate(() => window.listeners), listening);
  assert.equal(
    await page.evaluate(() => document.getElementById("one").shadowRoot.querySelectorAll("iframe").length),
    1,
  );
  await page.evaluate(() => {
    window.gone = document.getElementById("one");
    window.gone.remove();
  });
  assert.equal(await page.evaluate(() => window.listeners), 0);
  await page.evaluate(() => document.body.append(window.gone));
  const [frame] = await frames(page, 3);
  assert.equal(await frame.evaluate(() => heard.length), 1);
});

story("a token is asked for once, late, refused, and again", async ({ page }) => {
  await add(page);
  const [frame] = await frames(page);
  await frame.evaluate(() => {
    window.tokens = Promise.all([smsSenderHost.token("start"), smsSenderHost.token("start")]);
  });
  await until(page, "token-needed");
  await page.evaluate(() => {
    window.calls = 0;
    document.querySelector("sms-sender").getToken = async () => `token ${++window.calls}`;
  });
  assert.deepEqual(await frame.evaluate(() => window.tokens), ["token 1", "token 1"]);
  assert.deepEqual(
    (await events(page, "token-needed")).map(({ detail }) => detail),
    [{ reason: "start" }],
  );
  assert.equal(await frame.evaluate(() => smsSenderHost.token("expired")), "token 2");
  await page.evaluate(() => {
    document.querySelector("sms-sender").getToken = async () => {
      throw new Error("Your trial has ended.");
    };
  });
  const refused = await frame.evaluate(() => smsSenderHost.token("expired").catch((words) => words));
  assert.match(refused, /could not sign you in.*Your trial has ended\./);
  await page.evaluate(() => (document.querySelector("sms-sender").getToken = () => undefined));
  assert.match(
    await frame.evaluate(() => smsSenderHost.token("expired").catch((words) => words)),
    /no token/,
  );
});

story(
  "a bearer is one for all who ask, and another once it is refused or near its end",
  { expect: [/status of 401/] },
  async ({ page }) => {
    let life = 900_000;
    let swaps = 0;
    answerSwap = () => ({ bearer: `bearer ${++swaps}`, expires_at: Date.now() + life, session: {} });
    await page.evaluate(() => {
      window.tokens = 0;
      const element = document.createElement("sms-sender");
      element.getToken = () => `token ${++window.tokens}`;
      document.querySelector("main").append(element);
    });
    const [frame] = await frames(page);
    const twice = (method, ...given) =>
      frame.evaluate(
        ([method, given]) => Promise.all([smsSenderHost[method](...given), smsSenderHost[method](...given)]),
        [method, given],
      );
    assert.deepEqual(await twice("bearer"), ["bearer 1", "bearer 1"]);
    assert.deepEqual(await twice("bearer"), ["bearer 1", "bearer 1"]);
    assert.deepEqual(await twice("renew", "bearer 1"), ["bearer 2", "bearer 2"]);
    // Who was refused with the first hears of the second.
    assert.deepEqual(await twice("renew", "bearer 1"), ["bearer 2", "bearer 2"]);
    assert.equal(swaps, 2);
    // As after a night: the moment has passed in which it was to be renewed.
    life = 2_000;
    assert.deepEqual(await twice("renew", "bearer 2"), ["bearer 3", "bearer 3"]);
    life = 900_000;
    assert.deepEqual(await twice("bearer"), ["bearer 4", "bearer 4"]);
    assert.deepEqual(await twice("bearer"), ["bearer 4", "bearer 4"]);
    answerSwap = () => undefined;
    assert.deepEqual(
      await frame.evaluate(() => smsSenderHost.renew("bearer 4").catch((problem) => problem)),
      { status: 401, title: "Signed out", detail: "That is none of ours.", code: "signed_out" },
    );
    assert.deepEqual((await events(page, "error")).map(({ detail }) => detail), [
      { code: "token_invalid", message: "That is none of ours." },
    ]);
    assert.equal(await page.evaluate(() => window.tokens), 5);
  },
);

story("nothing of the browser's is replaced in the frame", async ({ page }) => {
  await add(page);
  const [frame] = await frames(page);
  const replaced = await frame.evaluate(() => {
    const objects = { globalThis, History, Element, HTMLElement, HTMLDialogElement, EventTarget, Node };
    const found = [];
    for (const [name, object] of Object.entries(objects)) {
      const target = object.prototype ?? object;
      for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
        if (key === "smsSenderHost" || key === "heard" || typeof value !== "function") continue;
        if (!/\[native code\]\s*\}$/.test(Function.prototype.toString.call(value))) found.push(`${name}.${key}`);
      }
    }
    return found;
  });
  assert.deepEqual(replaced, []);
});

story("what is filled in waits for the wizard", async ({ page }) => {
  await page.evaluate(() => {
    const element = document.createElement("sms-sender");
    element.reset();
    element.prefill({ recipients: ["+65 1", "+65 2"] });
    element.prefill({ message: "Hello" });
    document.querySelector("main").append(element);
    // Taken elsewhere before anybody could read it.
    setTimeout(() => document.body.append(element));
  });
  const [frame] = await frames(page);
  await frame.waitForFunction(() => heard.length === 3);
  const prefill = ["prefill", { recipients: "+65 1\n+65 2", message: "Hello" }];
  assert.deepEqual((await frame.evaluate(() => heard)).slice(1), [["reset", {}], prefill]);
  await page.evaluate(() => document.querySelector("sms-sender").prefill({ senderId: "Acme" }));
  await frame.waitForFunction(() => heard.length === 4);
  assert.deepEqual((await frame.evaluate(() => heard))[3], ["prefill", { senderId: "Acme" }]);
});

story("the frame is as high as its content", async ({ page }) => {
  await add(page);
  const [frame] = await frames(page);
  const content = () => frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
  await page.waitForFunction(
    () => document.querySelector("sms-sender").shadowRoot.querySelector("div").className === "",
  );
  await grow(frame, 1500);
  await settled(page);
  assert.equal(await frameHeight(page), await content());
  assert.ok((await content()) > 1500);
  // Short for a moment, as between two steps: the page does not jump.
  const before = await frameHeight(page);
  await grow(frame, 0);
  await page.waitForTimeout(60);
  assert.equal(await frameHeight(page), before);
  await grow(frame, 1500);
  await settled(page);
  assert.equal(await frameHeight(page), before);
  await grow(frame, 0);
  await settled(page);
  assert.equal(await frameHeight(page), await content());
  // What follows the frame's own height must not make it grow for ever.
  await frame.evaluate(() => (document.getElementById("box").style.height = "110vh"));
  await settled(page);
  assert.ok((await frameHeight(page)) <= 20_000);
});

story("below the fold it has its height before anybody scrolls there", async ({ page }) => {
  await page.evaluate(() => (document.querySelector("h1").style.marginBottom = "5000px"));
  await add(page);
  const [frame] = await frames(page);
  await settled(page);
  const content = await frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
  assert.equal(await frameHeight(page), content);
  assert.equal(await page.evaluate(() => scrollY), 0);
});

story("what opens or takes the focus comes into view", async ({ page }) => {
  await page.evaluate(() =>
    document.body.append(Object.assign(document.createElement("div"), { id: "below" })),
  );
  await add(page);
  const [frame] = await frames(page);
  await grow(frame, 3000);
  await page.waitForFunction(() => document.body.scrollHeight > 3000);
  await page.evaluate(() => scrollTo(0, 1500));
  await settled(page);
  // One that is not wanted any more, before it could be seen.
  await frame.evaluate(() => {
    const dialog = document.querySelector("dialog");
    smsSenderHost.openDialog(dialog);
    smsSenderHost.closeDialog(dialog);
  });
  await settled(page);
  assert.equal(await frame.evaluate(() => document.querySelector("dialog").open), false);
  await frame.evaluate(() => smsSenderHost.openDialog(document.querySelector("dialog")));
  await frame.waitForFunction(() => document.querySelector("dialog").open);
  await settled(page);
  const inView = async (selector) => {
    const top = await frame.evaluate(
      (selector) => document.querySelector(selector).getBoundingClientRect().top,
      selector,
    );
    const from = await page.evaluate(() => {
      const frame = document.querySelector("sms-sender").shadowRoot.querySelector("iframe");
      return frame.getBoundingClientRect().top;
    });
    return from + top > 0 && from + top < 760;
  };
  assert.equal(await page.evaluate(() => scrollY), 1500);
  assert.ok(await inView("dialog"), "the dialog is on the screen");
  await frame.evaluate(() => document.querySelector("dialog").close());
  await frame.evaluate(() => document.querySelector("h1").focus({ preventScroll: true }));
  await settled(page);
  assert.ok(await inView(".steps"), "the heading is on the screen, and the steps above it");
  await frame.evaluate(() => document.getElementById("last").focus({ preventScroll: true }));
  await settled(page);
  assert.ok(await inView("#last"), "the field is on the screen");
  await frame.evaluate(() => smsSenderHost.reveal(document.querySelector("h1")));
  await settled(page);
  assert.ok(await inView(".steps"), "what is to be shown is on the screen");
  await frame.getByRole("button", { name: "Next" }).click();
  await settled(page);
  assert.ok(await inView(".steps"), "what a press leads to is on the screen");
  // What is in view stays where it is, and what is pressed, however long it is.
  await page.evaluate(() => scrollTo(0, 1500));
  await settled(page);
  await page.mouse.click(400, 400);
  assert.equal(await frame.evaluate(() => document.activeElement.id), "box");
  await settled(page);
  assert.equal(await page.evaluate(() => scrollY), 1500);
  await frame.evaluate(() => document.getElementById("last").focus({ preventScroll: true }));
  await settled(page);
  const at = await page.evaluate(() => scrollY);
  await frame.evaluate(() => {
    document.activeElement.blur();
    document.getElementById("last").focus({ preventScroll: true });
  });
  await settled(page);
  assert.equal(await page.evaluate(() => scrollY), at);
});

story("the host's look is taken over, readable, and changes live", async ({ page }) => {
  await page.evaluate(() => {
    const element = document.createElement("sms-sender");
    document.querySelector("main").append(element);
    // The frame is there and hears nothing yet.
    setTimeout(() => {
      element.theme = { colorPrimary: "#ffd400", radius: "10px", density: "compact" };
      element.setAttribute("locale", "fr");
    });
  });
  const [frame] = await frames(page);
  const looks = () =>
    frame.evaluate(() => {
      const style = getComputedStyle(document.querySelector(".button--primary"));
      const link = getComputedStyle(document.querySelector("a")).color;
      const { density } = document.documentElement.dataset;
      return [style.backgroundColor, style.color, style.borderRadius, density, link];
    });
  const [fill, words, corner, density, link] = await looks();
  assert.deepEqual([fill, words, corner, density], ["rgb(255, 212, 0)", "rgb(0, 0, 0)", "6px", "compact"]);
  assert.notEqual(link, fill);
  const inFrame = { include: ["#app"] };
  await assertAccessible(frame, "a yellow host", inFrame);
  const themes = [
    { colorPrimary: "#1d4ed8", colorBackground: "#0b1020", colorText: "#222" },
    { colorPrimary: "pink", colorSurface: "light-dark(#fff8f0, #201810)" },
    { colorPrimary: "rgb(12 12 12)", colorBackground: "transparent", fontFamily: "Georgia, serif" },
    { colorBackground: "#777", colorSurface: "#7a7a7a", colorPrimary: "#777" },
  ];
  for (const theme of themes) {
    // What shows through is for the host to choose: the frame cannot see it.
    for (const scheme of theme.colorBackground === "transparent" ? ["light"] : ["light", "dark"]) {
      await page.evaluate(
        ([theme, scheme]) => {
          const element = document.querySelector("sms-sender");
          element.theme = theme;
          element.theme = scheme;
        },
        [theme, scheme],
      );
      await settled(page);
      await assertAccessible(frame, `${JSON.stringify(theme)} ${scheme}`, inFrame);
    }
  }
});

story("by itself it is as the page says it is", { context: { colorScheme: "dark" } }, async ({ page }) => {
  await add(page);
  const [frame] = await frames(page);
  const scheme = () => frame.evaluate(() => document.documentElement.style.colorScheme);
  const told = (wanted) =>
    frame.waitForFunction((wanted) => document.documentElement.style.colorScheme === wanted, wanted);
  // A page that says nothing is light, and stays so when the system is dark.
  assert.equal(await scheme(), "light");
  for (const [says, wanted] of [
    ["light dark", "light dark"],
    ["dark", "dark"],
  ]) {
    await page.evaluate((says) => {
      document.documentElement.style.colorScheme = says;
      document.querySelector("sms-sender").theme = "auto";
      document.querySelector("sms-sender").theme = {};
    }, says);
    await told(wanted);
  }
  await page.evaluate(() => (document.querySelector("sms-sender").theme = "light"));
  await told("light");
});

story("values that are none are left out and named", async ({ page }) => {
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const bad = {
    colorPrimary: "red; background: url(https://evil.example)",
    colorBackground: "var(--x)",
    colorSurface: "inherit",
    colorText: "image-set(red)",
    colorBorder: "{}",
    fontFamily: "x; } body { color: red",
    fontSrc: "https://elsewhere.example/font.woff2",
    radius: "calc(100vh)",
    density: "tiny",
    surprise: "1",
  };
  await page.evaluate((bad) => {
    const element = document.createElement("sms-sender");
    element.theme = bad;
    document.querySelector("main").append(element);
  }, bad);
  const [frame] = await frames(page);
  for (const name of Object.keys(bad)) {
    assert.ok(
      warnings.some((text) => text.includes(`theme token ${name} `)),
      `${name} is named: ${warnings}`,
    );
  }
  const left = await frame.evaluate(() => document.documentElement.style.cssText);
  assert.doesNotMatch(left, /url|var|evil|red|--brand|--canvas|--r2/);
});

story(
  "a policy that keeps the frame out is told at once",
  { path: "/strict", expect: [/frame-src/, /Framing/] },
  async ({ page }) => {
    await add(page);
    await until(page, "error");
    assert.equal((await events(page, "error"))[0].detail.code, "not_reachable");
    await page.waitForTimeout(100);
    assert.equal((await events(page, "error")).length, 1);
    const link = page.getByRole("alert").getByRole("link");
    assert.equal(await link.getAttribute("href"), `${us}/embed/check?origin=${encodeURIComponent(host)}`);
    assert.equal(await link.getAttribute("target"), "_blank");
    await assertAccessible(page, "an element that cannot be reached", { include: ["sms-sender"] });
  },
);

story("silence is told after ten seconds", { expect: [/404/, /Framing/] }, async ({ page }) => {
  await page.clock.install();
  await add(page, { src: `${us}/nowhere` });
  await page.clock.runFor(9_000);
  assert.equal((await events(page, "error")).length, 0);
  await page.clock.runFor(2_000);
  await until(page, "error");
  await page.getByRole("alert").getByText("could not be shown").waitFor();
});

story("a page without an origin, and an address that is none, are told", async ({ page }) => {
  await add(page, { src: "data:text/html,x" });
  await until(page, "error");
  assert.equal((await events(page, "error"))[0].detail.code, "bad_src");
  await page.evaluate((src) => document.querySelector("sms-sender").setAttribute("src", src), us);
  await frames(page);
  await page.evaluate(() => {
    Object.defineProperty(self, "origin", { value: "null" });
    const element = document.querySelector("sms-sender");
    document.body.append(element);
  });
  await until(page, "error", 2);
  assert.equal((await events(page, "error"))[1].detail.code, "opaque_origin");
});

story("opened by itself, the frame says what it is for", async ({ page }) => {
  await page.goto(`${us}/embed?origin=${encodeURIComponent(host)}`);
  const link = page.getByRole("alert").getByRole("link", { name: "Check how it is embedded" });
  assert.equal(await link.getAttribute("href"), `${us}/embed/check?origin=${encodeURIComponent(host)}`);
});

for (const colorScheme of ["light", "dark"]) {
  story(
    `the page that checks, ${colorScheme}, at 320 px`,
    { context: { colorScheme, viewport: { width: 320, height: 640 } } },
    async ({ page }) => {
      await page.goto(`${us}/embed/check?origin=${encodeURIComponent(host)}`);
      await page.getByRole("status").getByText("1 problem was found.").waitFor();
      await page.getByRole("heading", { name: "This origin is not allowed" }).waitFor();
      await assertAccessible(page, "the findings");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 320, `nothing scrolls sideways, but the page is ${wide} px wide`);
      const box = page.getByLabel("Your page's origin");
      await box.fill("null");
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("has for an origin").waitFor();
      assert.equal(await box.evaluate((box) => box === document.activeElement), true);
      await box.fill("dashboard.example/some/page");
      await page.getByRole("button", { name: "Check" }).click();
      await page.waitForFunction(() => document.activeElement.id === "findings-title");
      assert.equal(await box.inputValue(), "https://dashboard.example");
      await assertAccessible(page, "the findings once more");
    },
  );
}

story("it costs the host nothing once it is there", async ({ page }) => {
  await page.evaluate(() => {
    window.long = [];
    new PerformanceObserver((list) => window.long.push(...list.getEntries())).observe({ type: "longtask" });
  });
  await add(page);
  await frames(page);
  await page.evaluate(() => (window.long.length = 0));
  await page.waitForTimeout(1_500);
  // Those of the frame carry the frame's name.
  const own = await page.evaluate(() =>
    window.long.map(({ name }) => name).filter((name) => name.startsWith("self")),
  );
  assert.deepEqual(own, []);
});

test("the script stays small", async () => {
  const bytes = brotliCompressSync(await readFile(join(ROOT, "public/embed.js"))).length;
  assert.ok(bytes < 5_000, `embed.js is ${bytes} bytes, compressed`);
});
