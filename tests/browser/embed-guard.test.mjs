// Who gets nothing: foreign pages that frame us, foreign windows that talk to us, tokens that are not
// what they should be, and senders beyond what their dashboard allows.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { makeKeys, signToken } from "../demo-host/token.mjs";
import { assertAccessible } from "./support/axe.mjs";
import {
  exchange,
  frameIn,
  openSender,
  signInToHost,
  startHost,
  withHost,
} from "./support/host.mjs";
import * as go from "./support/journey.mjs";
import { freePort } from "./support/server.mjs";
import { scenario } from "./support/scenario.mjs";

const FRAMES_REFUSED = [/frame-ancestors/, /X-Frame-Options/, /ERR_BLOCKED_BY_RESPONSE/];
const REFUSED = /status of (401|403|422)/;

/** A page of another site, without a policy. */
async function foreignPage() {
  const port = await freePort();
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(
      '<!doctype html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:,">',
    );
  });
  await new Promise((done) => server.listen(port, "localhost", done));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://evil.localhost:${port}`, close };
}

/** Puts an address into a frame of the page, and says whether anything of it is shown there. */
async function canFrame(page, url) {
  await page.evaluate(
    (src) =>
      new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.className = "tried";
        frame.addEventListener("load", done);
        frame.src = src;
        document.body.append(frame);
      }),
    url,
  );
  const frame = await (await page.locator("iframe.tried").last().elementHandle()).contentFrame();
  // A refused frame shows a page of the browser's own.
  return (await frame.evaluate(() => location.protocol)) !== "chrome-error:";
}

scenario(
  "a foreign page that frames us sees nothing",
  { host: true, expect: FRAMES_REFUSED },
  async ({ page, server, host }) => {
    const foreign = await foreignPage();
    try {
      await page.goto(foreign.url);
      const own = encodeURIComponent(foreign.url);
      const lie = encodeURIComponent(host.url);
      for (const path of [
        `/embed?origin=${own}`,
        `/embed?origin=${lie}`,
        "/embed",
        "/",
        "/login",
        "/embed/check",
      ]) {
        assert.equal(await canFrame(page, server.url + path), false, path);
      }
    } finally {
      foreign.close();
    }
  },
);

scenario(
  "the script on a page that may not have us says so, and asks for no token",
  { host: true, expect: FRAMES_REFUSED },
  async ({ page, host }) => {
    // Just like the other, and in nobody's configuration.
    const stranger = await startHost({ name: "evil.localhost" });
    stranger.sender = host.sender;
    try {
      await signInToHost(page, stranger);
      await page.getByRole("link", { name: "Messages", exact: true }).click();
      const said = page.getByRole("alert").filter({ hasText: "could not be shown on this page" });
      await said.waitFor({ timeout: 20_000 });
      await said.getByRole("link", { name: /Find out why/ }).waitFor();
      assert.equal(stranger.asked, 0);
      await assertAccessible(page, "a dashboard that may not have us");
    } finally {
      await stranger.dispose();
    }
  },
);

scenario(
  "no page of ours but the embedded one can be framed, not even by who may embed us",
  { host: true, expect: FRAMES_REFUSED },
  async ({ page, server, host }) => {
    await signInToHost(page, host);
    const origin = encodeURIComponent(host.url);
    assert.equal(
      await canFrame(page, `${server.url}/embed?origin=${origin}`),
      true,
      "this one can",
    );
    for (const path of [
      "/",
      "/login",
      "/sender/recipients",
      "/campaigns",
      `/embed/check?origin=${origin}`,
      "/openapi.json",
    ]) {
      assert.equal(await canFrame(page, server.url + path), false, path);
      const { headers } = await fetch(server.url + path, { headers: { accept: "text/html" } });
      assert.match(headers.get("content-security-policy"), /frame-ancestors 'none'/, path);
      assert.equal(headers.get("x-frame-options"), "DENY", path);
    }
    // The simulator's page has headers of its own.
    assert.equal(await canFrame(page, `${server.url}/sandbox`), false, "/sandbox");
    const { headers } = await fetch(`${server.url}/embed?origin=${origin}`, {
      headers: { accept: "text/html" },
    });
    const ancestors = headers.get("content-security-policy").match(/frame-ancestors ([^;]*)/)[1];
    assert.equal(ancestors.trim(), host.url);
    assert.equal(headers.get("x-frame-options"), null);
  },
);

scenario(
  "messages of foreign windows are heard by nobody",
  { host: true },
  async ({ page, host, context }) => {
    const frame = await openSender(page, host);
    await go.chooseSubaccount(frame);
    await page.evaluate(() => {
      globalThis.heard = [];
      for (const type of ["ready", "step", "submitted", "token-needed", "close", "error"]) {
        document.addEventListener(`sms-sender:${type}`, (event) => heard.push(event.type));
      }
    });
    const state = async () => ({
      scheme: await frame.evaluate(() => document.documentElement.style.colorScheme),
      numbers: await frame.getByRole("textbox", { name: "Mobile numbers" }).inputValue(),
      heard: await page.evaluate(() => globalThis.heard),
      asked: host.asked,
    });
    const before = await state();
    assert.deepEqual([before.scheme, before.numbers, before.heard], ["light", "", []]);

    // A foreign page that opened the dashboard holds its window, and whatever frames it can reach.
    const foreign = await foreignPage();
    const other = await context.newPage();
    await other.goto(foreign.url);
    const opened = context.waitForEvent("page");
    await other.evaluate((url) => (globalThis.dashboard = open(url)), `${host.url}/messages`);
    const opensUs = await opened;
    const theirs = await frameIn(opensUs);
    await go.atStep(theirs, 1);
    const asked = host.asked;
    await opensUs.evaluate(() => {
      globalThis.heard = [];
      for (const type of ["submitted", "token-needed", "close"]) {
        document.addEventListener(`sms-sender:${type}`, (event) => heard.push(event.type));
      }
    });
    await other.evaluate(() => {
      const windows = [
        dashboard,
        ...Array.from({ length: dashboard.length }, (_, n) => dashboard[n]),
      ];
      for (const target of windows) {
        const say = (type, more) => target.postMessage({ "sms-sender": 1, type, ...more }, "*");
        say("hello");
        say("token-needed", { reason: "start" });
        say("resize", { height: 9_000 });
        say("submitted", { campaignId: "00000000-0000-4000-8000-000000000000" });
        say("close", { reason: "done" });
        say("init", { theme: "dark", tokens: {} });
        say("theme", { theme: "dark", tokens: {} });
        say("prefill", { recipients: "+6590000000" });
        say("token", { token: "stolen" });
      }
    });
    // In the order in which they were posted: what comes after has been handled after.
    await opensUs.evaluate(() => new Promise((done) => setTimeout(done, 300)));
    assert.deepEqual(await opensUs.evaluate(() => globalThis.heard), []);
    assert.equal(host.asked, asked, "no token for who asks from elsewhere");
    const height = await opensUs.evaluate(() => document.querySelector("sms-sender").clientHeight);
    assert.ok(height < 9_000, `${height} px`);
    assert.equal(await theirs.evaluate(() => document.documentElement.style.colorScheme), "light");
    await opensUs.close();
    await other.close();
    foreign.close();

    // Another window of the right origin is not the window around the frame, and a message that claims
    // to be from there has another origin.
    await page.evaluate(() => document.body.append(document.createElement("iframe")));
    const stranger = page
      .frames()
      .find((each) => each.parentFrame() === page.mainFrame() && each !== frame);
    const dark = { "sms-sender": 1, type: "theme", theme: "dark", tokens: {} };
    const filled = { "sms-sender": 1, type: "prefill", recipients: "+6590000000" };
    await stranger.evaluate(
      (messages) => {
        const target = parent.document
          .querySelector("sms-sender")
          .shadowRoot.querySelector("iframe");
        for (const message of messages) target.contentWindow.postMessage(message, "*");
      },
      [dark, filled],
    );
    await frame.evaluate(
      (messages) => {
        for (const data of messages) {
          const [source, origin] = [parent, "http://evil.localhost"];
          dispatchEvent(new MessageEvent("message", { data, source, origin }));
        }
      },
      [dark, filled],
    );
    await page.waitForTimeout(300);
    assert.deepEqual({ ...(await state()), asked: before.asked }, before);
    assert.equal(host.asked, asked);

    // The same from the window around it, where the same words do something.
    await page.evaluate((message) => {
      const target = document.querySelector("sms-sender").shadowRoot.querySelector("iframe");
      target.contentWindow.postMessage(message, new URL(target.src).origin);
    }, dark);
    await frame.waitForFunction(() => document.documentElement.style.colorScheme === "dark");
  },
);

/** What may be wrong with a token: how it is made, and what the answer is. */
const now = () => Math.floor(Date.now() / 1000);
const less = (claims, name) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
const swapPart = (token, n, text) => {
  const parts = token.split(".");
  parts[n] = Buffer.from(text).toString("base64url");
  return parts.join(".");
};
const WRONG = {
  "no token at all": [() => "nonsense", 401, "token_invalid"],
  "an empty one": [() => "", 401, "token_invalid"],
  "one signed by somebody else": [
    (claims, keys) => signToken({ ...keys, ...makeKeys() }, claims),
    401,
    "token_invalid",
  ],
  "one changed after it was signed": [
    (claims, keys) =>
      swapPart(signToken(keys, claims), 1, JSON.stringify({ ...claims, sub: "boss" })),
    401,
    "token_invalid",
  ],
  "one without a signature": [
    (claims, keys) => {
      const none = swapPart(
        signToken(keys, claims),
        0,
        JSON.stringify({ alg: "none", kid: keys.keyId }),
      );
      return none.replace(/[^.]*$/, "");
    },
    401,
    "token_invalid",
  ],
  "one signed with our public key as the secret": [
    (claims, keys) => signToken({ secret: keys.publicPem, keyId: keys.keyId }, claims),
    401,
    "token_invalid",
  ],
  "one that names a key nobody knows": [
    (claims, keys) => signToken({ ...keys, keyId: "another" }, claims),
    401,
    "token_invalid",
  ],
  "one of another tenant": [
    (c, keys) => signToken(keys, { ...c, iss: "globex" }),
    401,
    "token_invalid",
  ],
  "one for another service": [
    (c, keys) => signToken(keys, { ...c, aud: "https://other.example" }),
    401,
    "token_invalid",
  ],
  "one that lives for too long": [
    (c, keys) => signToken(keys, { ...c, exp: c.iat + 301 }),
    401,
    "token_invalid",
  ],
  "one of the future": [
    (c, keys) => signToken(keys, { ...c, iat: now() + 600, exp: now() + 660 }),
    401,
    "token_invalid",
  ],
  "one without scopes in the list": [
    (c, keys) => signToken(keys, { ...c, scopes: [] }),
    401,
    "token_invalid",
  ],
  "one whose time is over": [
    (c, keys) => signToken(keys, { ...c, iat: now() - 120, exp: now() - 60 }),
    401,
    "token_expired",
  ],
  "one for another page": [
    (c, keys) => signToken(keys, { ...c, origin: "https://elsewhere.example" }),
    403,
    "token_wrong_origin",
  ],
  "one with a scope there is not": [
    (c, keys) => signToken(keys, { ...c, scopes: ["compose", "admin"] }),
    403,
    "token_not_allowed",
  ],
  "one with a subaccount that is not the tenant's": [
    (c, keys) => signToken(keys, { ...c, subaccounts: ["somebody_elses"] }),
    403,
    "token_not_allowed",
  ],
};
for (const name of ["iss", "sub", "aud", "iat", "exp", "jti", "origin", "scopes"]) {
  WRONG[`one without ${name}`] = [
    (c, keys) => signToken(keys, less(c, name)),
    401,
    "token_invalid",
  ];
}

/** The tenant has one subaccount of those that there are. */
const ONE_SUBACCOUNT = { subaccounts: ["demo_hq"] };

test("every wrong token has its own answer", { timeout: 60_000 }, async () => {
  await withHost(ONE_SUBACCOUNT, async ({ host }) => {
    for (const [name, [make, status, code]] of Object.entries(WRONG)) {
      const answer = await exchange(host, make(host.claims(), host.keys));
      assert.deepEqual([answer.status, answer.body.code], [status, code], name);
      assert.ok(answer.body.detail.length > 20 && answer.body.bearer === undefined, name);
    }
    // The same with nothing wrong, so that none of them is refused for another reason.
    const good = signToken(host.keys, host.claims());
    const taken = await exchange(host, good);
    assert.equal(taken.status, 200);
    assert.match(taken.body.bearer, /^\S{32,}$/);
    assert.ok(taken.body.expires_at > Date.now());
    assert.deepEqual(taken.body.session.name, host.users[0].name);
    const again = await exchange(host, good);
    assert.deepEqual([again.status, again.body.code], [401, "token_used"]);
    // Also when two come at the very same time.
    const twin = signToken(host.keys, host.claims());
    const both = await Promise.all([exchange(host, twin), exchange(host, twin)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401]);
    // An honest token from a page that is not the tenant's.
    const elsewhere = "https://elsewhere.example";
    const foreign = signToken(host.keys, { ...host.claims(), origin: elsewhere });
    const refused = await exchange(host, foreign, elsewhere);
    assert.deepEqual([refused.status, refused.body.code], [403, "token_wrong_origin"]);
  });
});

test("a bearer opens what its scopes say, and nothing beyond", { timeout: 60_000 }, async () => {
  await withHost(ONE_SUBACCOUNT, async ({ host, server }) => {
    const ask = async (bearer, method, path) => {
      const headers = { authorization: `Bearer ${bearer}` };
      if (method === "POST") headers["content-type"] = "application/json";
      const body = method === "POST" ? "{}" : undefined;
      const answer = await fetch(`${server.url}/api/v1${path}`, { method, headers, body });
      const code = answer.ok ? "" : (await answer.json()).code;
      return `${answer.status} ${code}`.trim();
    };
    const nobody = "00000000-0000-4000-8000-000000000000";
    const bearer = async (scopes) => {
      const claims = { ...host.claims(), scopes };
      return (await exchange(host, signToken(host.keys, claims))).body.bearer;
    };
    const submit = ["POST", `/campaigns/${nobody}/submit`];
    const [compose, view, all] = [
      await bearer(["compose"]),
      await bearer(["view"]),
      await bearer(["compose", "submit", "view"]),
    ];
    assert.equal(await ask(compose, "GET", "/subaccounts"), "200");
    assert.equal(await ask(compose, "GET", "/campaigns"), "403 not_permitted");
    assert.equal(await ask(compose, ...submit), "403 not_permitted");
    assert.equal(await ask(view, "GET", "/campaigns"), "200");
    assert.equal(await ask(view, "POST", "/campaigns"), "403 not_permitted");
    assert.equal(await ask(view, ...submit), "403 not_permitted");
    assert.equal(await ask(all, ...submit), "404 not_found");
    assert.equal(await ask("0".repeat(64), "GET", "/campaigns"), "401 signed_out");
    const headers = { authorization: `Bearer ${all}` };
    const offered = await (await fetch(`${server.url}/api/v1/subaccounts`, { headers })).json();
    assert.deepEqual(
      offered.map(({ id }) => id),
      ["demo_hq"],
    );
    assert.equal(await ask(all, "GET", "/destinations?subaccount=somebody_elses"), "404 not_found");
    // A bearer is no cookie, and a cookie no bearer.
    const asCookie = { cookie: `sms_sender=${all}` };
    assert.equal(
      (await fetch(`${server.url}/api/v1/campaigns`, { headers: asCookie })).status,
      401,
    );
  });
});

scenario(
  "in the frame every refusal is said in its own words, and one can try again",
  { host: ONE_SUBACCOUNT, expect: [REFUSED] },
  async ({ page, host }) => {
    await signInToHost(page, host);
    const used = signToken(host.keys, host.claims());
    assert.equal((await exchange(host, used)).status, 200);
    const kinds = {
      forged: WRONG["one signed by somebody else"][0],
      expired: WRONG["one whose time is over"][0],
      used: () => used,
      "wrong origin": WRONG["one for another page"][0],
      "over-scoped": WRONG["one with a scope there is not"][0],
      "not the tenant's": WRONG["one with a subaccount that is not the tenant's"][0],
    };
    const heard = new Set();
    for (const [kind, make] of Object.entries(kinds)) {
      host.options.token = make;
      await page.goto("/messages");
      const frame = await frameIn(page);
      const said = frame.getByRole("alert").filter({ hasText: /\S/ }).first();
      await said.waitFor();
      heard.add((await said.innerText()).trim());
      assert.equal(
        await frame.getByRole("button", { name: "Next: Add recipients" }).count(),
        0,
        kind,
      );
      // The heading is the dashboard's, whose page this is a part of.
      const disable = ["page-has-heading-one"];
      await assertAccessible(frame, `a token that is ${kind}`, { disable });
    }
    assert.equal(heard.size, Object.keys(kinds).length, [...heard].join("\n"));
    // Mended on the host's server: no reload is needed.
    host.options.token = undefined;
    const frame = await frameIn(page);
    await go.button(frame, "Try again").click();
    await go.atStep(frame, 1);
  },
);

scenario(
  "a dashboard that hands out a token twice is asked for another",
  { host: true, expect: [REFUSED] },
  async ({ page, host }) => {
    const used = signToken(host.keys, host.claims());
    assert.equal((await exchange(host, used)).status, 200);
    host.options.token = (claims, keys) => (host.asked === 1 ? used : signToken(keys, claims));
    const frame = await openSender(page, host);
    await go.atStep(frame, 1);
    assert.equal(host.asked, 2);
  },
);

const three = "+6591230001\n+6591230002\n+6591230003";

async function toSubmit(frame, numbers, message = "Your parcel is here.") {
  await go.chooseSubaccount(frame);
  await go.addNumbers(frame, numbers);
  await go.processContacts(frame);
  await go.next(frame, 2);
  await go.compose(frame, { senderId: "Acme", message });
  await go.next(frame, 3);
  await go.atStep(frame, 4);
}

scenario(
  "a limit on recipients is explained before Submit, and leaves what is within it",
  { host: { limits: { recipients: 2 } }, sandbox: true },
  async ({ page, host, sandbox }) => {
    const frame = await openSender(page, host);
    await toSubmit(frame, three);
    const words = "Your sign-in allows 2 more messages and these are 3. Remove 1 recipient";
    await frame.getByText(words).first().waitFor();
    await assertAccessible(frame, "a limit that would be exceeded");
    await go.button(frame, "Submit").click();
    await frame.getByRole("alert").getByText(words).first().waitFor();
    assert.equal((await sandbox.counters()).accepted, 0);
    await frame.getByRole("link", { name: "Change recipients" }).click();
    await go.addNumbers(frame, "+6591230001\n+6591230002");
    await go.processContacts(frame);
    await go.next(frame, 2);
    await go.next(frame, 3);
    await go.atStep(frame, 4);
    assert.equal(await frame.getByText("Your sign-in allows").count(), 0);
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    // Used up: the next one is told so.
    await go.button(frame, "Create another campaign").click();
    await toSubmit(frame, "+6591230009");
    await frame
      .getByText(/Your sign-in allows 0 more messages/)
      .first()
      .waitFor();
    assert.equal((await sandbox.counters()).accepted, 2);
  },
);

scenario(
  "a limit on money is explained before Submit, whatever currency it is in",
  { host: { limits: { spend: { amount: "0.01", currency: "USD" } } } },
  async ({ page, host, server }) => {
    const frame = await openSender(page, host);
    await toSubmit(frame, three);
    await frame
      .getByText(/Your sign-in allows [A-Z]{3} 0\.01 more/)
      .first()
      .waitFor();
    await go.button(frame, "Submit").click();
    await frame
      .getByRole("alert")
      .getByText(/Your sign-in allows [A-Z]{3} 0\.01/)
      .first()
      .waitFor();
    assert.deepEqual(await (await fetch(`${server.url}/sandbox/api/messages`)).json(), []);
  },
);

for (const [limit, limits, words] of [
  ["recipients", { recipients: 4 }, /Your sign-in allows 1 more message and these are 3/],
  ["spend", { spend: { amount: "0.20", currency: "USD" } }, /Your sign-in allows USD 0\.\d+ more/],
]) {
  scenario(
    `the server keeps the limit on ${limit} when the wizard knows nothing of it`,
    { host: { limits }, sandbox: true, expect: [REFUSED] },
    async ({ page, host, context, sandbox }) => {
      const withoutLimits = (session) => {
        delete session.grant[limit];
        return session;
      };
      await context.route("**/api/v1/session{,/embed}", async (route) => {
        const answer = await route.fetch();
        const json = await answer.json();
        if (json.session) withoutLimits(json.session);
        else if (json.user) withoutLimits(json.user);
        return route.fulfill({ response: answer, json });
      });
      const frame = await openSender(page, host);
      await toSubmit(frame, three);
      await go.send(frame);
      await go.hasStatus(frame, "Finished");
      await go.button(frame, "Create another campaign").click();
      await toSubmit(frame, "+6591230011\n+6591230012\n+6591230013");
      assert.equal(
        await frame.getByText("Your sign-in allows").count(),
        0,
        "the wizard knows nothing",
      );
      await go.button(frame, "Submit").click();
      await frame.getByRole("alert").getByText(words).first().waitFor();
      assert.equal((await sandbox.counters()).accepted, 3);
    },
  );
}
