// Many recipients on their way to the server, and everything that may come between: the draft waits as it
// was, nothing is sent before all is there, and then everything once. What the provider has counted tells.

import assert from "node:assert/strict";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";
import * as sending from "./support/sending.mjs";
import { answer, bar, CHUNK, question } from "./support/sending.mjs";

// Five chunks: enough for a middle.
const MANY = 4 * CHUNK + 1_000;
const CHUNKS = 5;
const LIMIT = 180_000;
const OPTIONS = { sandbox: true, timeout: LIMIT };
/** What the browser writes into its console when there is no answer. */
const NO_ANSWER = [/net::ERR/, /Failed to load resource/];

const link = (page, name) => page.getByRole("link", { name, exact: true });
const stopped = (page) => go.alert(page).getByText("Stopped. Nothing was sent, and your draft is as it was.");
const frozen = (page) => page.getByText("This is being sent, as it is here. Stop the upload to change it.");

/** From signing in to the middle of the upload, which waits there until the line lets it go. */
async function toTheMiddle(page, context, options = {}) {
  const line = new sending.Line(context, page);
  await sending.toSubmit(page, MANY, options);
  await line.hold(2);
  await sending.submit(page, MANY);
  await bar(page).waitFor();
  await line.has(2);
  return line;
}

/** Every chunk has come once. */
function assertNoneTwice(line, chunks = CHUNKS) {
  assert.deepEqual(line.again, [], "chunks that the server had were sent again");
  assert.equal(line.stored.size, chunks);
}

/** Everybody has got it once, by one campaign. */
async function assertSent(page, sandbox, line) {
  await sending.assertOnce(sandbox, MANY);
  assert.equal(line.created.size, 1);
  assert.equal((await sending.campaigns(page)).length, 1);
}

scenario("fifty thousand recipients go through once on a slow line", OPTIONS, async ({ page, context, sandbox }) => {
  const all = 50_000;
  const line = new sending.Line(context, page);
  await sending.toSubmit(page, all);
  await line.slow(300);
  await sending.submit(page, all);
  await bar(page).waitFor();
  const progress = bar(page).getByRole("progressbar");
  await step.until(() => progress.getAttribute("value"), (value) => Number(value) >= 2 * CHUNK);
  assert.equal(await progress.getAttribute("max"), String(all));
  await bar(page).getByText(/^[1-4]\d,000 of 50,000$/).waitFor();
  await bar(page).getByRole("button", { name: "Stop", exact: true }).waitFor();
  await sending.isSubmitted(page);
  await bar(page).waitFor({ state: "detached" });
  assert.deepEqual([line.put.length, line.stored.size, line.submits], [10, 10, 1]);
  await sending.assertOnce(sandbox, all);
});

scenario(
  "a connection that is lost is said, and the upload goes on by itself when it is back",
  { ...OPTIONS, expect: NO_ANSWER },
  async ({ page, context, sandbox }) => {
    const line = await toTheMiddle(page, context);
    await context.setOffline(true);
    await line.letGo();
    await bar(page).getByText(/The connection is lost\. It goes on by itself/).waitFor({ timeout: 40_000 });
    const had = line.stored.size;
    assert.ok(had < CHUNKS, "it was lost in the middle");
    assert.equal((await sandbox.counters()).accepted, 0);
    await context.setOffline(false);
    await sending.isSubmitted(page);
    assertNoneTwice(line);
    await assertSent(page, sandbox, line);
  },
);

scenario("after a reload in the middle, kept files are read again and the rest is sent", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context, { keep: true });
  await page.reload();
  await bar(page).waitFor();
  await frozen(page).waitFor();
  await line.letGo();
  await sending.isSubmitted(page);
  assertNoneTwice(line);
  await assertSent(page, sandbox, line);
  await step.until(() => step.keptFiles(page), (files) => files.length === 0);
});

scenario("after a reload in the middle without the files, nothing is sent, and that is said", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  await page.reload();
  await go.alert(page).getByText(/The upload ended before everything had arrived, and nothing was sent\./).waitFor();
  await bar(page).waitFor({ state: "detached" });
  await line.letGo();
  await go.atStep(page, 2);
  await sending.assertNothing(page, sandbox);
  assert.equal(line.submits, 0);
  // The file is asked for; all else is there, and it goes out once.
  await step.choose(page, sending.people(MANY));
  await go.processContacts(page);
  await go.next(page, 2);
  await go.atStep(page, 3);
  assert.equal(await page.getByRole("textbox", { name: "Message", exact: true }).inputValue(), "Once");
  await go.next(page, 3);
  await sending.isCounted(page);
  await sending.submit(page, MANY);
  await sending.isSubmitted(page);
  await sending.assertOnce(sandbox, MANY);
});

scenario("Back asks, Stop sends nothing, and what is changed then is what is sent", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context, { message: "OLD" });
  await go.button(page, "Back").click();
  await answer(page, "Keep uploading");
  await bar(page).waitFor();
  await go.atStep(page, 4);
  await go.button(page, "Back").click();
  await answer(page, "Stop uploading");
  await go.atStep(page, 3);
  await stopped(page).waitFor();
  await bar(page).waitFor({ state: "detached" });
  await line.letGo();
  await sending.assertNothing(page, sandbox);
  await go.compose(page, { senderId: "Acme", message: "NEW" });
  await go.next(page, 3);
  await sending.isCounted(page);
  await sending.submit(page, MANY);
  await sending.isSubmitted(page);
  await sending.assertOnce(sandbox, MANY);
  const texts = new Set((await sandbox.messages()).map((message) => message.text));
  assert.deepEqual([...texts], ["NEW"]);
});

scenario("Cancel asks whether to stop, and then whether to discard", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  await go.button(page, "Cancel").click();
  await answer(page, "Stop uploading");
  const discard = page.getByRole("dialog", { name: "Discard this draft?", exact: true });
  await discard.waitFor();
  await discard.getByRole("button", { name: "Keep editing", exact: true }).click();
  await stopped(page).waitFor();
  await go.atStep(page, 4);
  await line.letGo();
  await sending.assertNothing(page, sandbox);
});

scenario("Stop in the bar stops it, whatever page is shown", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  await link(page, "Campaigns").click();
  await go.heading(page, "Campaigns").waitFor();
  const stop = bar(page).getByRole("button", { name: "Stop", exact: true });
  await stop.click();
  await page.keyboard.press("Escape");
  await question(page).waitFor({ state: "hidden" });
  await bar(page).waitFor();
  await stop.click();
  await answer(page, "Stop uploading");
  await bar(page).waitFor({ state: "detached" });
  await line.letGo();
  await sending.assertNothing(page, sandbox);
  await link(page, "Sender").click();
  await stopped(page).waitFor();
  // The draft is as it was.
  await link(page, "Send").click();
  await sending.isCounted(page);
});

scenario("the browser's Back and other pages leave the upload alone", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  await page.goBack();
  await go.atStep(page, 3);
  await frozen(page).waitFor();
  const message = page.getByRole("textbox", { name: "Message", exact: true });
  assert.equal(await message.isDisabled(), true);
  await page.goForward();
  await go.atStep(page, 4);
  await link(page, "Change message").click();
  await go.atStep(page, 3);
  await link(page, "Recipients").click();
  await go.atStep(page, 2);
  assert.equal(await page.getByLabel("Upload a file").isDisabled(), true);
  await link(page, "Campaigns").click();
  await go.heading(page, "Campaigns").waitFor();
  await bar(page).waitFor();
  assert.equal(await question(page).isVisible(), false, "nothing has asked");
  await line.letGo();
  const submitted = page.getByRole("status", { name: "Submitted", exact: true });
  await submitted.waitFor({ timeout: 60_000 });
  assertNoneTwice(line);
  // It stands until the campaign was looked at, whatever is loaded afresh meanwhile.
  await page.reload();
  await submitted.waitFor();
  await link(page, "Watch it being delivered").click();
  await sending.isSubmitted(page);
  await link(page, "Campaigns").click();
  await go.heading(page, "Campaigns").waitFor();
  await page.reload();
  await go.heading(page, "Campaigns").waitFor();
  assert.equal(await submitted.count(), 0);
  await assertSent(page, sandbox, line);
});

scenario("a step that is loaded afresh after the last answer leads to the campaign", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  await link(page, "Campaigns").click();
  await line.letGo();
  await page.getByRole("status", { name: "Submitted", exact: true }).waitFor({ timeout: 60_000 });
  await page.goto("/sender/send");
  await sending.isSubmitted(page);
  await link(page, "Sender").click();
  await go.atStep(page, 1);
  await assertSent(page, sandbox, line);
});

scenario("whoever stops while it is being submitted is told that it is found out", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  let letGo;
  const held = new Promise((done) => (letGo = done));
  await page.route("**/submit", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await line.letGo();
  await bar(page).getByText("Submitting", { exact: true }).waitFor({ timeout: 60_000 });
  await bar(page).getByRole("button", { name: "Stop", exact: true }).click();
  await question(page).getByText(/If it can still be stopped, nothing is sent/).waitFor();
  assert.equal(await question(page).getByText(/Nothing has been sent yet/).count(), 0);
  await answer(page, "Keep uploading");
  letGo();
  await sending.isSubmitted(page);
  await assertSent(page, sandbox, line);
});

scenario("another tab with a draft of its own does not disturb", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  const other = await context.newPage();
  await other.goto("/");
  await go.sendCampaign(other, { numbers: "+6581230001\n+6581230002", senderId: "Acme", message: "Other" });
  assert.equal(await bar(other).count(), 0);
  await bar(page).waitFor();
  await line.letGo();
  await sending.isSubmitted(page);
  assertNoneTwice(line, CHUNKS + 1);
  await sending.assertOnce(sandbox, MANY + 2);
});

scenario("a duplicated tab gets a draft of its own, and does not go on with the other's upload", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context, { keep: true });
  const opened = context.waitForEvent("page");
  await page.evaluate(() => void window.open(location.href));
  const copy = await opened;
  // What was written is there; the file is the other tab's.
  await go.atStep(copy, 2);
  assert.equal(await bar(copy).count(), 0);
  await line.letGo();
  await sending.isSubmitted(page);
  assertNoneTwice(line);
  await go.button(copy, "Remove people.csv").click();
  await go.addNumbers(copy, "+6581230001");
  await go.processContacts(copy);
  await go.next(copy, 2);
  await go.compose(copy, { senderId: "Copy", message: "Copy" });
  await go.next(copy, 3);
  await go.send(copy);
  await sending.assertOnce(sandbox, MANY + 1);
  assert.equal(line.created.size, 2);
});

scenario("closing the page asks while something is uploaded, and else does not", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context);
  const asked = [];
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  await page.close({ runBeforeUnload: true });
  await step.until(() => asked.length, (n) => n > 0);
  assert.deepEqual(asked, ["beforeunload"]);
  await line.letGo();
  await sending.isSubmitted(page);
  await assertSent(page, sandbox, line);
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
  assert.deepEqual(asked, ["beforeunload"]);
});

scenario("a double click on Submit uploads and sends once", OPTIONS, async ({ page, context, sandbox }) => {
  const line = new sending.Line(context, page);
  await sending.toSubmit(page, MANY);
  await go.typeCount(page, MANY);
  await line.slow(100);
  await go.button(page, "Submit").dblclick();
  await sending.isSubmitted(page);
  assertNoneTwice(line);
  assert.deepEqual([line.put.length, line.submits], [CHUNKS, 1]);
  await assertSent(page, sandbox, line);
});

scenario(
  "when the answer to the last request is lost, it is asked again and nothing is sent twice",
  { ...OPTIONS, expect: NO_ANSWER },
  async ({ page, context, sandbox }) => {
    const line = new sending.Line(context, page);
    await sending.toSubmit(page, MANY);
    let lost = 0;
    await page.route("**/submit", async (route) => {
      lost += 1;
      if (lost > 2) return route.continue();
      await route.fetch();
      return route.abort("connectionreset");
    });
    await sending.submit(page, MANY);
    await sending.isSubmitted(page);
    assert.equal(line.submits, 3);
    await assertSent(page, sandbox, line);
  },
);

scenario(
  "a reload while the last answer is awaited finds out what became of it",
  { ...OPTIONS, expect: NO_ANSWER },
  async ({ page, context, sandbox }) => {
    const line = new sending.Line(context, page);
    await sending.toSubmit(page, MANY);
    let arrived = 0;
    await page.route("**/submit", async (route) => {
      // The first one is never answered.
      if (arrived > 0) return route.continue();
      await route.fetch();
      arrived += 1;
    });
    await sending.submit(page, MANY);
    await step.until(() => arrived, (n) => n > 0);
    await page.reload();
    await sending.isSubmitted(page);
    await assertSent(page, sandbox, line);
  },
);

scenario(
  "a server that is killed in the middle and comes back gets the rest",
  { ...OPTIONS, expect: NO_ANSWER },
  async ({ page, context, server, sandbox }) => {
    const line = await toTheMiddle(page, context);
    await server.kill9();
    await line.letGo();
    await bar(page).getByText(/The connection is lost/).waitFor({ timeout: 40_000 });
    await server.start();
    await sending.isSubmitted(page);
    assertNoneTwice(line);
    await assertSent(page, sandbox, line);
  },
);

scenario(
  "a session that ends in the middle asks to log in, and then it goes on",
  { ...OPTIONS, expect: [/status of 401/] },
  async ({ page, context, sandbox }) => {
    const line = await toTheMiddle(page, context, { keep: true });
    await context.clearCookies();
    await line.letGo();
    await page.getByText("Your session has ended. Log in to go on; your draft is kept.").waitFor();
    assert.equal((await sandbox.counters()).accepted, 0);
    await go.trySignIn(page);
    await bar(page).waitFor();
    await sending.isSubmitted(page);
    assertNoneTwice(line);
    await assertSent(page, sandbox, line);
  },
);

scenario("logging out in the middle asks, and sends nothing", OPTIONS, async ({ page, context, sandbox }) => {
  const line = await toTheMiddle(page, context, { keep: true });
  await go.button(page, "Log out").click();
  await go.button(page, "Keep editing").click();
  await bar(page).waitFor();
  await go.button(page, "Log out").click();
  await go.button(page, "Discard and log out").click();
  await go.button(page, "Log in").waitFor();
  await line.letGo();
  await step.until(() => step.keptFiles(page), (files) => files.length === 0);
  await go.trySignIn(page);
  await go.atStep(page, 1);
  await sending.assertNothing(page, sandbox);
  assert.equal(line.submits, 0);
});
