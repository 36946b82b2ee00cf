// Submit sends what is on the screen, when it is meant, and else nothing: what is not counted yet, a key
// pressed too often, many recipients, prices that have changed, and parts of the page that are missing.

import assert from "node:assert/strict";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { scenario } from "./support/scenario.mjs";
import * as sending from "./support/sending.mjs";

const exact = (name) => ({ name, exact: true });
const NO_ANSWER = [/net::ERR/, /Failed to load resource/];
const name = (page) => page.getByRole("textbox", exact("Campaign name"));
const count = (page) => page.getByRole("textbox", exact("Number of recipients"));
const retry = (place) => place.getByRole("button", { name: /^(Retry|Try again)$/ });
/** How often something was asked for. */
const asked = (page, method, pattern) => {
  const seen = [];
  page.on("request", (request) => {
    if (request.method() === method && pattern.test(request.url())) seen.push(request.url());
  });
  return seen;
};
const creates = (page) => asked(page, "POST", /\/campaigns(\/|$)/);

/** Everything filled in for three numbers, by typing, to step 4. */
async function toSend(page) {
  await step.atRecipients(page);
  await go.addNumbers(page, sending.numbers(3).join("\n"));
  await go.processContacts(page);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Confirm" });
  await go.next(page, 3);
  await go.atStep(page, 4);
}

scenario("while the cost is counted, that is said, and Submit sends nothing", { sandbox: true }, async ({ page, sandbox }) => {
  await toSend(page);
  await sending.isCounted(page);
  let let_go;
  const gate = new Promise((done) => (let_go = done));
  await page.route("**/destinations?*", async (route) => {
    await gate;
    await route.continue();
  });
  await page.reload();
  await go.atStep(page, 4);
  await page.getByText("Counting …").first().waitFor();
  const sent = creates(page);
  // It is there for whoever presses it all the same.
  await go.button(page, "Submit").click({ force: true });
  await name(page).press("Enter");
  await page.getByText("Counting …").first().waitFor();
  await page.waitForTimeout(500);
  await go.atStep(page, 4);
  assert.deepEqual(sent, []);
  let_go();
  await sending.isCounted(page);
  await sending.assertNothing(page, sandbox);
  await go.send(page);
  await sending.assertOnce(sandbox, 3);
});

scenario("Enter in a field of the last step sends nothing", { sandbox: true }, async ({ page, sandbox }) => {
  await toSend(page);
  await sending.isCounted(page);
  const sent = creates(page);
  await name(page).press("Enter");
  await name(page).fill("By Enter");
  await name(page).press("Enter");
  await page.getByRole("radio", exact("Send now")).press("Enter");
  await page.getByRole("radio", exact("Schedule for later")).check();
  await page.getByLabel("Date and time", { exact: true }).press("Enter");
  await page.getByRole("radio", exact("Send now")).check();
  await page.waitForTimeout(500);
  await go.atStep(page, 4);
  assert.deepEqual(sent, []);
  await sending.assertNothing(page, sandbox);
  await go.button(page, "Submit").press("Enter");
  await sending.isSubmitted(page);
  await sending.assertOnce(sandbox, 3);
});

const FROM_3 = { sandbox: true, server: { args: ["--confirm-from", "3"] } };
scenario("many recipients are confirmed by typing their number", FROM_3, async ({ page, sandbox }) => {
  await toSend(page);
  await sending.isCounted(page);
  await count(page).waitFor();
  await assertAccessible(page, "step 4 with a number to type");
  const sent = creates(page);
  for (const typed of ["", "three", "4"]) {
    await count(page).fill(typed);
    await go.button(page, "Submit").click();
    const summary = go.alert(page).filter({ hasText: "There is a problem" });
    await summary.getByRole("link").click();
    await step.hasFocus(count(page));
  }
  await assertAccessible(page, "step 4 with a number that is not right");
  await count(page).press("Enter");
  assert.deepEqual(sent, []);
  await sending.assertNothing(page, sandbox);
  await count(page).fill(" 3 ");
  await go.button(page, "Submit").click();
  await sending.isSubmitted(page);
  await sending.assertOnce(sandbox, 3);
});

scenario("a few recipients are not confirmed by typing", { server: { args: ["--confirm-from", "4"] } }, async ({ page }) => {
  await toSend(page);
  await sending.isCounted(page);
  assert.equal(await count(page).count(), 0);
  await go.send(page);
});

const CONFLICT = { sandbox: true, expect: [/status of 409/] };
scenario("a price that has changed is shown anew, and nothing is sent before it was seen", CONFLICT, async ({ page, sandbox }) => {
  // Until Submit the page is told half of what the server knows.
  let isOld = true;
  let told = 0;
  const half = (price) => String(Number(price) / 2);
  await page.route("**/destinations?*", async (route) => {
    const answer = await route.fetch();
    const destinations = await answer.json();
    told += 1;
    for (const country of isOld ? destinations.countries : []) {
      if (country.price) country.price = { low: half(country.price.low), high: half(country.price.high) };
    }
    await route.fulfill({ response: answer, json: destinations });
  });
  await toSend(page);
  await sending.isCounted(page);
  const cheap = (await go.review(page)).Cost;
  const before = told;
  isOld = false;
  await go.button(page, "Submit").click();
  const note = go.alert(page).filter({ hasText: "Nothing was sent. Look at the new cost, then submit again." });
  await note.waitFor();
  await sending.bar(page).waitFor({ state: "detached" });
  await sending.isCounted(page);
  await step.until(async () => (await go.review(page)).Cost, (cost) => cost !== cheap && !cost.startsWith("Counting"));
  assert.equal(told, before + 1);
  await assertAccessible(page, "step 4 with a new cost");
  await sending.assertNothing(page, sandbox);
  await go.send(page);
  await sending.assertOnce(sandbox, 3);
});

scenario(
  "prices that do not come are said, with a way to ask again, and hold up nothing else",
  { sandbox: true, expect: NO_ANSWER },
  async ({ page, sandbox }) => {
    let failures = 0;
    await page.route("**/destinations?*", (route) => {
      failures += 1;
      return route.abort("connectionreset");
    });
    await toSend(page);
    assert.ok(failures > 0);
    const note = go.alert(page).filter({ hasText: "The prices could not be loaded." });
    await note.waitFor();
    await assertAccessible(page, "step 4 without prices");
    const sent = creates(page);
    await go.button(page, "Submit").click();
    await go.alert(page).filter({ hasText: "The cost could not be counted." }).waitFor();
    assert.deepEqual(sent, []);
    await page.unroute("**/destinations?*");
    await retry(note).click();
    await note.waitFor({ state: "detached" });
    await sending.isCounted(page);
    await go.send(page);
    await sending.assertOnce(sandbox, 3);
  },
);

scenario(
  "a worker that does not start is said, with a way to start it again",
  { sandbox: true, expect: [...NO_ANSWER, /worker/i, /fetch/i] },
  async ({ page, context, sandbox }) => {
    await context.route("**/worker_bg*.wasm", (route) => route.abort("connectionreset"));
    await step.atRecipients(page);
    await go.addNumbers(page, sending.numbers(3).join("\n"));
    await go.button(page, "Process contacts").click();
    const note = go.alert(page).filter({ hasText: "The part of this page that checks numbers could not be loaded." });
    await note.waitFor({ timeout: 40_000 });
    await assertAccessible(page, "step 2 without its worker");
    await retry(note).click();
    await note.waitFor({ timeout: 40_000 });
    await context.unroute("**/worker_bg*.wasm");
    await retry(note).click();
    await note.waitFor({ state: "detached" });
    await step.hasCounts(page, { Total: "3", Valid: "3" });
    await go.next(page, 2);
    await go.compose(page, { senderId: "Acme", message: "After all" });
    await go.next(page, 3);
    await sending.isCounted(page);
    await go.send(page);
    await sending.assertOnce(sandbox, 3);
  },
);

scenario("a browser without room for the draft says so, and sends all the same", { sandbox: true }, async ({ page, sandbox }) => {
  await step.atRecipients(page);
  await page.evaluate(() => {
    // To the last character.
    for (let size = 1 << 22; size > 0; size = size >> 1) {
      try {
        for (let n = 0; ; n += 1) sessionStorage.setItem(`filler ${size} ${n}`, "x".repeat(size));
      } catch (error) {
        if (error.name !== "QuotaExceededError") throw error;
      }
    }
  });
  await go.addNumbers(page, sending.numbers(3).join("\n"));
  const note = page.getByText(/This browser has no room left to keep your draft/);
  await note.waitFor();
  await assertAccessible(page, "step 2 without room for the draft");
  await go.processContacts(page);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Hello" });
  await go.next(page, 3);
  await sending.isCounted(page);
  await note.waitFor();
  await go.send(page);
  await sending.assertOnce(sandbox, 3);
});
