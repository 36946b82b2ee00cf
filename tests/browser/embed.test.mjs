// The sender inside somebody else's dashboard: two programs on two sites, in a browser that keeps no
// third-party cookies. The dashboard is tests/demo-host, with a sign-in and a strict policy of its own.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { signToken } from "../demo-host/token.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { openProfile } from "./support/browser.mjs";
import { frameIn, openSender, signInToHost } from "./support/host.mjs";
import * as go from "./support/journey.mjs";
import { freePort } from "./support/server.mjs";
import { scenario } from "./support/scenario.mjs";

const ONE = { numbers: "+6591234567", senderId: "Acme", message: "Your parcel is here." };
/** Tokens that were handed out. */
const issued = [];
const SIGNED_OUT = /status of 401/;

const field = (frame, role, name) => frame.getByRole(role, { name, exact: true });
const hostsList = (page) => page.getByRole("region", { name: "Sent from this page" });

async function texts(server) {
  const answer = await fetch(`${server.url}/sandbox/api/messages`);
  return (await answer.json()).map(({ destination, text }) => [destination.replace("+", ""), text]);
}

/** From the first step to the fourth, with everything filled in. */
async function fill(frame, { numbers, senderId, message } = ONE) {
  await go.chooseSubaccount(frame);
  await go.addNumbers(frame, numbers);
  await go.processContacts(frame);
  await go.next(frame, 2);
  await go.compose(frame, { senderId, message });
  await go.next(frame, 3);
  await go.atStep(frame, 4);
}

/** The latest bearer that the frame has shown. */
function bearers(page) {
  let latest;
  page.on("request", (request) => (latest = request.headers().authorization ?? latest));
  return () => latest;
}

/** Ends a session as time does. */
async function end(server, authorization) {
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: "DELETE",
    headers: { authorization },
  });
  assert.equal(answer.status, 204);
}

/** Whether a frame of another site gets back the cookie that it sets. */
async function cookieComesBack(thirdPartyCookies) {
  const [port, framesPort] = [await freePort(), await freePort()];
  const frames = createServer(({ headers }, response) => {
    response.setHeader("Set-Cookie", "seen=yes; SameSite=None; Secure; Path=/");
    response.setHeader("Content-Type", "text/html").end(`<p>${headers.cookie ?? "no cookie"}</p>`);
  });
  const pages = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<iframe src="http://127.0.0.1:${framesPort}/"></iframe>`);
  });
  frames.listen(framesPort, "127.0.0.1");
  pages.listen(port, "localhost");
  const { page, close } = await openProfile(`http://localhost:${port}`, { thirdPartyCookies });
  try {
    await page.goto("/");
    await page.reload();
    return (await page.frameLocator("iframe").locator("p").innerText()) === "seen=yes";
  } finally {
    await close();
    for (const server of [frames, pages]) {
      server.closeAllConnections();
      server.close();
    }
  }
}

test(
  "third-party cookies are blocked in these tests, and would be noticed",
  { timeout: 60_000 },
  async () => {
    assert.equal(await cookieComesBack(true), true);
    assert.equal(await cookieComesBack(false), false);
  },
);

scenario(
  "one message is delivered from inside the dashboard",
  { host: true },
  async ({ page, server, host }) => {
    const frame = await openSender(page, host);
    assert.equal(
      await frame.getByRole("button", { name: "Log out" }).count(),
      0,
      "no shell of ours",
    );
    assert.equal(await frame.getByRole("button", { name: "Log out" }).count(), 0);
    await assertAccessible(frame, "step 1 in the frame");
    await assertAccessible(page, "the dashboard with the sender");
    await go.chooseSubaccount(frame);
    await go.addNumbers(frame, ONE.numbers);
    const summary = await go.processContacts(frame);
    assert.deepEqual([summary.Total, summary.Valid], ["1", "1"]);
    await assertAccessible(frame, "step 2 in the frame");
    await go.next(frame, 2);
    await go.compose(frame, ONE);
    await assertAccessible(frame, "step 3 in the frame");
    await go.next(frame, 3);
    const rows = await go.review(frame);
    assert.equal(rows.Recipients, "1 in 1 country");
    await assertAccessible(frame, "step 4 in the frame");
    await go.send(frame, { name: "From the dashboard" });
    await go.hasStatus(frame, "Finished");
    assert.equal((await go.delivery(frame)).Delivered, "1");
    await assertAccessible(frame, "a finished campaign in the frame");
    assert.deepEqual(await texts(server), [["6591234567", ONE.message]]);
    // The dashboard has heard of it and shows it in a list of its own.
    await hostsList(page).getByText("Finished").waitFor();
  },
);

scenario(
  "nothing is left in the frame's storage or in any address",
  // With everything allowed: what is kept although it could be is what counts.
  {
    host: { token: (claims, keys) => issued.push(signToken(keys, claims)) && issued.at(-1) },
    context: { thirdPartyCookies: true },
  },
  async ({ page, server, host, context }) => {
    issued.length = 0;
    const [asked, bearer] = [[], bearers(page)];
    page.on("request", (request) => asked.push(request.url()));
    const frame = await openSender(page, host);
    await fill(frame);
    const kept = () =>
      frame.evaluate(async () => ({
        cookie: document.cookie,
        local: { ...localStorage },
        session: { ...sessionStorage },
        databases: await indexedDB.databases(),
        caches: await caches.keys(),
      }));
    const nothing = { cookie: "", local: {}, session: {}, databases: [], caches: [] };
    assert.deepEqual(await kept(), nothing);
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    assert.deepEqual(await kept(), nothing);
    assert.deepEqual(await context.cookies(server.url), []);
    const addresses = [...asked, ...page.frames().map((each) => each.url())].join("\n");
    assert.match(addresses, /\/embed\?origin=/, "addresses were watched at all");
    assert.equal(issued.length, 1);
    for (const secret of [...issued, bearer().replace("Bearer ", ""), "91234567", "parcel"]) {
      assert.ok(secret && !addresses.includes(secret), "an address has something of the content");
    }
  },
);

scenario(
  "the theme is switched live, and nothing is lost by it",
  { host: true },
  async ({ page, host }) => {
    const frame = await openSender(page, host);
    await go.chooseSubaccount(frame);
    await go.addNumbers(frame, ONE.numbers);
    await frame.evaluate(() => (globalThis.stillHere = true));
    const looks = () =>
      frame.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return { backgroundColor, color, scheme: document.documentElement.style.colorScheme };
      });
    const light = await looks();
    assert.equal(light.scheme, "light");
    await page.getByRole("button", { name: "Dark theme" }).click();
    await frame.waitForFunction(() => document.documentElement.style.colorScheme === "dark");
    const dark = await looks();
    assert.notEqual(dark.backgroundColor, light.backgroundColor);
    assert.notEqual(dark.color, light.color);
    assert.equal(
      await frame.evaluate(() => globalThis.stillHere),
      true,
      "the frame was not loaded again",
    );
    assert.equal(await field(frame, "textbox", "Mobile numbers").inputValue(), ONE.numbers);
    await assertAccessible(frame, "step 2 in the frame, dark");
    await assertAccessible(page, "the dashboard, dark");
    await go.processContacts(frame);
    await assertAccessible(frame, "the summary in the frame, dark");
    await go.next(frame, 2);
    await go.compose(frame, ONE);
    await assertAccessible(frame, "step 3 in the frame, dark");
    await page.getByRole("button", { name: "Dark theme" }).click();
    await frame.waitForFunction(() => document.documentElement.style.colorScheme === "light");
    assert.deepEqual(await looks(), light);
  },
);

scenario(
  "the dashboard's links, keys and Back are its own",
  { host: true },
  async ({ page, host }) => {
    await signInToHost(page, host);
    await page.getByRole("link", { name: "Messages", exact: true }).click();
    // Somebody is at it already while the frame loads: focus stays where they have it.
    await page.getByRole("button", { name: "Dark theme" }).focus();
    const before = await page.evaluate(() => history.length);
    const frame = await frameIn(page);
    await go.atStep(frame, 1);
    await frame.getByRole("radio").first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "theme");

    // By Tab into the frame, through it, and out of it at its other end.
    const hasFocus = (place) =>
      place.evaluate(() => document.hasFocus() && document.activeElement !== document.body);
    await page.getByRole("link", { name: "Settings", exact: true }).focus();
    await page.keyboard.press("Tab");
    assert.ok(await hasFocus(frame), "Tab leads from the dashboard into the frame");
    await page.keyboard.press("Space");
    for (let n = 0; n < 12; n += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.matches("a[href='/settings']"))) break;
    }
    assert.equal(
      await page.evaluate(() => document.activeElement.textContent),
      "What you may do with it",
    );
    await page.keyboard.press("Shift+Tab");
    assert.ok(await hasFocus(frame), "and back into it");

    await fill(frame);
    await go.focusIsOnHeading(frame, "Send your message(s)");
    await go.button(frame, "Back").click();
    await go.atStep(frame, 3);
    assert.equal(
      await page.evaluate(() => history.length),
      before,
      "no step is in the dashboard's history",
    );
    assert.equal(page.url(), `${host.url}/messages`);
    // From the middle of it: the dashboard's own pages, and Back to its page before.
    await page.goBack();
    await page.waitForURL(`${host.url}/`);
    await page.goForward();
    await page.waitForURL(`${host.url}/messages`);
    await page.getByRole("link", { name: "Settings", exact: true }).click();
    await page.waitForURL(`${host.url}/settings`);
  },
);

scenario(
  "a frame that is loaded again is the same dashboard's",
  { host: true },
  async ({ page, server, host }) => {
    const frame = await openSender(page, host);
    const before = await page.evaluate(() => history.length);
    await go.chooseSubaccount(frame);
    await go.addNumbers(frame, ONE.numbers);
    const origin = encodeURIComponent(host.url);
    assert.equal(frame.url(), `${server.url}/embed/sender/recipients?origin=${origin}`);
    // Not every browser tells a frame who is around it.
    const again = page.waitForResponse(frame.url());
    await frame.evaluate(() => location.reload());
    const policy = (await again).headers()["content-security-policy"];
    assert.match(policy, new RegExp(`frame-ancestors ${host.url}$`));
    // What was typed is gone with the frame, as nothing is kept there.
    await go.atStep(frame, 1);
    assert.equal(frame.url(), `${server.url}/embed/sender/subaccount?origin=${origin}`);
    assert.equal(await page.evaluate(() => history.length), before);
    assert.equal(host.asked, 2);
    await fill(frame);
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    assert.match(frame.url(), /\/embed\/campaigns\/[0-9a-f-]+\?origin=/);
    await frame.getByRole("link", { name: "All campaigns" }).first().click();
    await go.heading(frame, "Campaigns").waitFor();
    assert.equal(frame.url(), `${server.url}/embed/campaigns?origin=${origin}`);
    assert.equal(await page.evaluate(() => history.length), before);
  },
);

scenario(
  "two at once send two campaigns",
  { host: { elements: 2 } },
  async ({ page, server, host }) => {
    const one = await openSender(page, host);
    const other = await frameIn(page, 1);
    await go.atStep(other, 1);
    await go.chooseSubaccount(one);
    await go.chooseSubaccount(other);
    await go.addNumbers(one, "+6591230001");
    await go.addNumbers(other, "+6591230002\n+6591230003");
    assert.equal((await go.processContacts(one)).Valid, "1");
    assert.equal((await go.processContacts(other)).Valid, "2");
    await go.next(one, 2);
    await go.next(other, 2);
    await go.compose(one, { senderId: "Acme", message: "To the one" });
    await go.compose(other, { senderId: "Depot", message: "To the others" });
    assert.equal(await field(one, "textbox", "Message").inputValue(), "To the one");
    await go.next(one, 3);
    await go.next(other, 3);
    await go.send(one, { name: "The one" });
    await go.send(other, { name: "The others" });
    for (const frame of [one, other]) await go.hasStatus(frame, "Finished");
    assert.deepEqual((await texts(server)).sort(), [
      ["6591230001", "To the one"],
      ["6591230002", "To the others"],
      ["6591230003", "To the others"],
    ]);
    await hostsList(page).getByText("Finished").nth(1).waitFor();
    assert.equal(host.asked, 2, "a token for each");
  },
);

scenario(
  "a sign-in that runs out in the middle is renewed without a word",
  { host: { session: 30 }, timeout: 120_000 },
  async ({ page, host }) => {
    const frame = await openSender(page, host);
    await go.chooseSubaccount(frame);
    await go.addNumbers(frame, ONE.numbers);
    await go.processContacts(frame);
    await go.next(frame, 2);
    await go.compose(frame, ONE);
    assert.equal(host.asked, 1);
    const message = field(frame, "textbox", "Message");
    const patience = Date.now() + 40_000;
    while (host.asked < 2 && Date.now() < patience) await page.waitForTimeout(250);
    assert.equal(host.asked, 2, "before it ends, the frame asks for another token");
    assert.equal(await message.inputValue(), ONE.message);
    assert.ok(await message.evaluate((area) => area === document.activeElement), "focus stays");
    await go.next(frame, 3);
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
  },
);

scenario(
  "a sign-in that has ended is asked for again at Submit, and nothing is lost",
  { host: true, sandbox: true, expect: [SIGNED_OUT] },
  async ({ page, server, host, sandbox }) => {
    const bearer = bearers(page);
    const frame = await openSender(page, host);
    await fill(frame, { ...ONE, numbers: "+6591230001\n+6591230002" });
    await end(server, bearer());
    // The dashboard does not know its user any more either.
    host.forgetful = true;
    await go.button(frame, "Submit").click();
    const said = frame.getByRole("alert").filter({ hasText: "You are signed out of Acme" });
    await said.first().waitFor();
    await assertAccessible(frame, "a sign-in that could not be renewed");
    assert.equal((await go.review(frame)).Recipients, "2 in 1 country");
    assert.equal((await sandbox.counters()).accepted, 0);
    // They have signed in again, in another tab.
    host.forgetful = false;
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    const { accepted, unique_destinations } = await sandbox.counters();
    assert.deepEqual([accepted, unique_destinations], [2, 2]);
  },
);

scenario(
  "a sign-in that ends between two steps is renewed on the way",
  { host: true, expect: [SIGNED_OUT] },
  async ({ page, server, host }) => {
    const bearer = bearers(page);
    const frame = await openSender(page, host);
    await end(server, bearer());
    await fill(frame);
    await end(server, bearer());
    await go.send(frame);
    await end(server, bearer());
    await go.hasStatus(frame, "Finished");
    assert.equal((await go.delivery(frame)).Delivered, "1");
    assert.ok(host.asked >= 3, `${host.asked} tokens`);
  },
);

scenario("files can be saved from inside the frame", { host: true }, async ({ page, host }) => {
  const frame = await openSender(page, host);
  await go.chooseSubaccount(frame);
  await go.addNumbers(frame, "+6591234567\nnonsense 12");
  await go.processContacts(frame);
  const saved = async (name) => {
    const download = page.waitForEvent("download");
    await go.button(frame, name).click();
    let text = "";
    for await (const part of await (await download).createReadStream()) text += part;
    return text;
  };
  assert.match(await saved("Download rejected rows"), /nonsense 12/);
  await go.next(frame, 2);
  await go.compose(frame, ONE);
  await go.next(frame, 3);
  await go.send(frame);
  await go.hasStatus(frame, "Finished");
  assert.match(await saved("Download report"), /6591234567/);
});

scenario("what the dashboard knows is filled in", { host: true }, async ({ page, host }) => {
  await signInToHost(page, host);
  await page.getByRole("link", { name: "Tell the recipients of Route 7, Tampines" }).click();
  const frame = await frameIn(page);
  await go.chooseSubaccount(frame);
  const numbers = await field(frame, "textbox", "Mobile numbers").inputValue();
  assert.match(numbers, /\+6591230301/);
  assert.equal((await go.processContacts(frame)).Valid, "3");
  await go.next(frame, 2);
  assert.match(await field(frame, "textbox", "Message").inputValue(), /45 min late/);
});

scenario(
  "a narrow dashboard, light and dark",
  { host: true, context: { viewport: { width: 390, height: 3600 } } },
  async ({ page, host }) => {
    const frame = await openSender(page, host);
    const fits = async (state) => {
      const sideways = () =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth;
      assert.equal(await page.evaluate(sideways), 0, `${state}: the dashboard scrolls sideways`);
      assert.equal(await frame.evaluate(sideways), 0, `${state}: the frame scrolls sideways`);
      await frame.waitForFunction(() => {
        const { scrollHeight, clientHeight } = document.documentElement;
        return scrollHeight <= clientHeight + 1;
      });
      await assertAccessible(frame, `${state} at 390 px`);
    };
    await fits("step 1");
    await go.chooseSubaccount(frame);
    await go.addNumbers(frame, "+6591234567\n12");
    await go.processContacts(frame);
    await fits("step 2");
    await page.getByRole("button", { name: "Dark theme" }).click();
    await frame.waitForFunction(() => document.documentElement.style.colorScheme === "dark");
    await go.next(frame, 2);
    await go.compose(frame, ONE);
    await fits("step 3, dark");
    await go.next(frame, 3);
    await go.atStep(frame, 4);
    await fits("step 4, dark");
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    await fits("a finished campaign, dark");
    await assertAccessible(page, "the dashboard, dark, at 390 px");
  },
);

scenario("the dashboard's own pages", { host: true }, async ({ page, host }) => {
  await page.goto("/login");
  await assertAccessible(page, "the dashboard's sign-in");
  await signInToHost(page, host);
  for (const scheme of ["light", "dark"]) {
    await page.goto("/settings");
    await page.getByRole("radio", { name: scheme, exact: false }).check();
    await assertAccessible(page, `the dashboard's settings, ${scheme}`);
    await page.goto("/");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), scheme);
    await assertAccessible(page, `the dashboard's overview, ${scheme}`);
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.goto("/messages");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
});

scenario(
  "a draft that is discarded while it is handed over is not sent",
  { host: true },
  async ({ page, host, server, context }) => {
    const frame = await openSender(page, host);
    await fill(frame);
    let release;
    const held = new Promise((done) => (release = done));
    const asked = page.waitForRequest("**/recipients/0");
    await context.route("**/recipients/0", async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await go.button(frame, "Submit").click();
    await asked;
    await go.button(frame, "Cancel").click();
    await go.button(frame, "Stop uploading").click();
    await go.button(frame, "Discard draft").click();
    await go.atStep(frame, 1);
    release();
    await page.waitForTimeout(1_500);
    await go.heading(frame, "Select a subaccount").waitFor();
    assert.deepEqual(await texts(server), []);
    assert.equal(await hostsList(page).getByText("Submitted").count(), 0);
  },
);

scenario(
  "what is stopped while the dashboard is asked for a sign-in is not sent once there is one",
  { host: true, expect: [SIGNED_OUT] },
  async ({ page, host, server, context }) => {
    const bearer = bearers(page);
    const frame = await openSender(page, host);
    await fill(frame);
    await end(server, bearer());
    let release;
    const held = new Promise((done) => (release = done));
    const asked = page.waitForRequest("**/sms-token");
    await context.route("**/sms-token", async (route) => {
      await held;
      await route.continue();
    });
    const uploads = [];
    context.on("request", (request) => {
      if (/\/recipients\/\d+$/.test(request.url())) uploads.push(request.url());
    });
    await go.button(frame, "Submit").click();
    await asked;
    await go.button(frame, "Stop").click();
    await go.button(frame, "Stop uploading").click();
    await frame.getByText("Stopped. Nothing was sent").waitFor();
    release();
    await page.waitForTimeout(1_500);
    assert.deepEqual(uploads, []);
    assert.deepEqual(await texts(server), []);
    assert.equal(host.asked, 2);
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    assert.deepEqual(await texts(server), [["6591234567", ONE.message]]);
  },
);

scenario(
  "who may only compose hears why there is no sending",
  { host: true },
  async ({ page, host, server }) => {
    const frame = await openSender(page, host, host.users[1]);
    await fill(frame);
    await frame.getByText("Your sign-in does not allow sending messages.").first().waitFor();
    assert.deepEqual(await texts(server), []);
  },
);

scenario(
  "who may not view hears that it was submitted, and can begin again",
  { host: { scopes: ["compose", "submit"] }, expect: [/status of 403/] },
  async ({ page, host, server }) => {
    const frame = await openSender(page, host);
    await fill(frame);
    await go.button(frame, "Submit").click();
    await go.heading(frame, "Submitted").waitFor();
    await frame.getByText("Your sign-in does not allow viewing campaigns.").waitFor();
    await assertAccessible(frame, "submitted and not to be viewed");
    await go.button(frame, "Create another campaign").click();
    await go.chooseSubaccount(frame);
    assert.equal(await field(frame, "textbox", "Mobile numbers").inputValue(), "");
    await hostsList(page).getByText("Submitted").waitFor();
    await assert.doesNotReject(async () => {
      while ((await texts(server)).length < 1) await page.waitForTimeout(100);
    });
  },
);

scenario(
  "who may only view sees the campaigns of the dashboard's users",
  { host: true },
  async ({ page, host }) => {
    const frame = await openSender(page, host);
    await fill(frame);
    await go.send(frame, { name: "Sent by Mira" });
    await go.hasStatus(frame, "Finished");
    host.options.scopes = ["view"];
    await page.reload();
    const again = await frameIn(page);
    await go.heading(again, "Campaigns").waitFor();
    await assertAccessible(again, "the campaigns in the frame");
    await again.getByRole("link", { name: "Sent by Mira" }).click();
    assert.equal((await go.delivery(again)).Delivered, "1");
    assert.equal(await go.button(again, "Create another campaign").count(), 0);
    await again.getByRole("link", { name: "All campaigns" }).click();
    await go.heading(again, "Campaigns").waitFor();
    assert.equal(page.url(), `${host.url}/messages`);
  },
);

scenario("what it costs the dashboard's page", { host: true }, async ({ page, server, host }) => {
  await page.addInitScript(() => {
    if (globalThis !== globalThis.top) return;
    globalThis.long = [];
    new PerformanceObserver((list) => {
      for (const { name, startTime, duration } of list.getEntries())
        long.push({ name, startTime, duration });
    }).observe({ type: "longtask", buffered: true });
    customElements.whenDefined("sms-sender").then(() => (globalThis.defined = performance.now()));
  });
  const loaded = [];
  page.on("requestfinished", (request) => {
    const ours = request.url().startsWith(server.url);
    if (ours && request.frame() === page.mainFrame()) loaded.push(request);
  });
  const frame = await openSender(page, host);
  await fill(frame);
  await go.send(frame);
  await go.hasStatus(frame, "Finished");
  assert.deepEqual(
    loaded.map((request) => request.url()),
    [`${server.url}/embed.js`],
  );
  const { responseBodySize, responseHeadersSize } = await loaded[0].sizes();
  const bytes = responseBodySize + responseHeadersSize;
  assert.ok(responseBodySize > 500 && bytes <= 5_000, `${bytes} bytes`);

  const since = () => page.evaluate(() => long.filter(({ startTime }) => startTime > defined));
  assert.deepEqual(await since(), [], "no long task on the dashboard's main thread");
  // They would have been seen.
  await page.evaluate(() => {
    setTimeout(() => {
      const end = performance.now() + 120;
      while (performance.now() < end);
    });
  });
  await page.waitForFunction(() => long.some(({ startTime }) => startTime > defined));
});
