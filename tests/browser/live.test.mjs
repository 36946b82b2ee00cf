// What changes by itself: a campaign's figures and the list of campaigns, over streams that break, sessions
// that end and more tabs than the browser has connections.

import assert from "node:assert/strict";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";
import * as sending from "./support/sending.mjs";

const NO_ANSWER = [/net::ERR/, /Failed to load resource/, /EventSource/];
const CAMPAIGN = { senderId: "Acme", message: "Live" };
// Long enough to look at what is under way.
const SLOWLY = { args: ["--latency", "400ms", "--speed", "0.2"] };
const more = (page) => go.button(page, "Show more recipients");
const recipients = (page) => page.getByRole("region", { name: "Recipients", exact: true });
const row = (page, name) => page.getByRole("row", { name: new RegExp(name) });

/** The streams that a page has open; to be called before it is loaded. */
async function countStreams(context) {
  await context.addInitScript(() => {
    const { EventSource } = globalThis;
    globalThis.streams = [];
    globalThis.EventSource = class extends EventSource {
      constructor(...all) {
        super(...all);
        globalThis.streams.push(this);
      }
    };
  });
}

const openStreams = (page) =>
  page.evaluate(() => globalThis.streams.filter((stream) => stream.readyState !== EventSource.CLOSED).length);

/** The numbers in the list of recipients. */
const listed = (page) =>
  recipients(page)
    .getByRole("table")
    .evaluate((table) => [...table.tBodies[0].rows].map((row) => row.cells[0].innerText.trim()));

scenario("a stream that the browser gave up is opened again", { sandbox: SLOWLY, expect: [/status of 502/, ...NO_ANSWER] }, async ({ page, context }) => {
  let opened = 0;
  await context.route("**/events", (route) => {
    opened += 1;
    return opened <= 2 ? route.fulfill({ status: 502, body: "Bad Gateway" }) : route.continue();
  });
  await go.signIn(page);
  await go.sendCampaign(page, { ...CAMPAIGN, numbers: sending.numbers(3).join("\n") });
  const words = page.getByText(/The live connection is interrupted/);
  await words.waitFor();
  await go.hasStatus(page, "Finished");
  await words.waitFor({ state: "detached" });
  assert.equal(opened, 3);
});

scenario(
  "a campaign's page finds out that the session has ended, and is there again after signing in",
  { sandbox: SLOWLY, expect: [/status of 401/, ...NO_ANSWER] },
  async ({ page, context, server }) => {
    await go.signIn(page);
    const id = await go.sendCampaign(page, { ...CAMPAIGN, numbers: sending.numbers(3).join("\n"), name: "Before and after" });
    await context.clearCookies();
    // Breaks the stream; the next one is refused.
    await server.restart();
    await page.getByText(/Your session has ended\./).waitFor({ timeout: 40_000 });
    await go.trySignIn(page);
    await page.waitForURL(`**/campaigns/${id}`);
    await go.heading(page, "Before and after").waitFor();
    await go.hasStatus(page, "Finished");
  },
);

scenario("a campaign that is over holds no stream", { sandbox: true }, async ({ page, context }) => {
  await countStreams(context);
  await go.signIn(page);
  await go.sendCampaign(page, { ...CAMPAIGN, numbers: sending.numbers(3).join("\n") });
  await go.hasStatus(page, "Finished");
  await step.same(() => openStreams(page), 0);
  await page.reload();
  await go.hasStatus(page, "Finished");
  await page.waitForTimeout(1_000);
  assert.equal(await openStreams(page), 0);
});

scenario("a campaign that is left holds no stream", { sandbox: SLOWLY }, async ({ page, context }) => {
  await countStreams(context);
  await go.signIn(page);
  await go.sendCampaign(page, { ...CAMPAIGN, numbers: sending.numbers(3).join("\n") });
  await step.same(() => openStreams(page), 1);
  await page.getByRole("link", { name: "All campaigns", exact: true }).click();
  await go.heading(page, "Campaigns").waitFor();
  await step.same(() => openStreams(page), 0);
  await page.goBack();
  await step.same(() => openStreams(page), 1);
});

scenario("seven tabs with a campaign each work at once", { sandbox: true, timeout: 180_000 }, async ({ page, context, sandbox }) => {
  await countStreams(context);
  await canBeHidden(context);
  await page.reload();
  await go.signIn(page);
  await sandbox.stop();
  const id = await go.sendCampaign(page, { ...CAMPAIGN, numbers: sending.numbers(3).join("\n"), name: "Seven" });
  await step.same(() => openStreams(page), 1);
  const tabs = [page];
  while (tabs.length < 7) {
    await hide(tabs.at(-1), true);
    const tab = await context.newPage();
    await tab.goto(`/campaigns/${id}`);
    await go.heading(tab, "Seven").waitFor();
    tabs.push(tab);
  }
  // Only the one that can be seen listens: the browser has six connections for all of them.
  const open = () => Promise.all(tabs.map(openStreams));
  await step.same(open, [0, 0, 0, 0, 0, 0, 1]);
  await sandbox.start();
  await go.hasStatus(tabs.at(-1), "Finished", 60_000);
  // Whoever comes back to a tab sees what has become of it meanwhile.
  for (const tab of tabs.slice(0, -1)) {
    assert.equal(await tab.getByText("Finished").count(), 0);
    await hide(tab, false);
    await go.hasStatus(tab, "Finished");
    await step.until(() => go.delivery(tab), (counts) => counts.Delivered === "3");
  }
});

/** Makes pages that a test can hide: headless, every tab is in front. */
async function canBeHidden(context) {
  await context.addInitScript(() => {
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
    globalThis.hide = (value) => {
      hidden = value;
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    };
  });
}

const hide = (page, hidden) => page.evaluate((hidden) => globalThis.hide(hidden), hidden);

scenario("what is shown of the recipients stays while they change, and no row comes twice", { sandbox: SLOWLY }, async ({ page }) => {
  const all = sending.numbers(130);
  await go.signIn(page);
  await go.sendCampaign(page, { ...CAMPAIGN, numbers: all.join("\n") });
  await step.until(() => listed(page), (numbers) => numbers.length === 50);
  await more(page).dblclick();
  await step.until(() => listed(page), (numbers) => numbers.length > 50);
  const fewest = { shown: 130 };
  const moves = await step.until(
    async () => {
      const numbers = await listed(page);
      assert.equal(new Set(numbers).size, numbers.length, "a row is there twice");
      fewest.shown = Math.min(fewest.shown, numbers.length);
      return (await go.delivery(page)).Delivered;
    },
    (delivered) => delivered === "130",
    60_000,
  );
  assert.equal(moves, "130");
  assert.ok(fewest.shown > 50, `it fell back to ${fewest.shown} rows`);
  if (await more(page).count()) await more(page).click();
  await step.same(() => listed(page), all);
  assert.equal(await more(page).count(), 0);
  // Every row tells what has become of it.
  await step.until(() => recipients(page).getByRole("table").innerText(), (text) => !/Queued|Sent/.test(text));
});

scenario("the list of campaigns is brought up to date by itself", { sandbox: SLOWLY, timeout: 120_000 }, async ({ page, context }) => {
  await go.signIn(page);
  await page.getByRole("link", { name: "Campaigns", exact: true }).click();
  await page.getByText("No campaigns yet").waitFor();
  const other = await context.newPage();
  await other.goto("/");
  await go.sendCampaign(other, { ...CAMPAIGN, numbers: sending.numbers(3).join("\n"), name: "From elsewhere" });
  // Nobody touches this page.
  await row(page, "From elsewhere").waitFor({ timeout: 30_000 });
  const element = await row(page, "From elsewhere").elementHandle();
  await row(page, "From elsewhere").getByText("Finished", { exact: true }).waitFor({ timeout: 40_000 });
  assert.ok(await element.evaluate((row) => row.isConnected), "the row is still the same");
  await page.getByRole("link", { name: "From elsewhere", exact: true }).click();
  await go.heading(page, "From elsewhere").waitFor();
  await page.getByRole("link", { name: "All campaigns", exact: true }).click();
  await page.getByRole("link", { name: "New campaign", exact: true }).click();
  await go.atStep(page, 1);
});
