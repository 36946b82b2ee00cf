// However a long list gets into the field for numbers, it becomes one thing below it, and the page goes on
// answering.

import assert from "node:assert/strict";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { scenario } from "./support/scenario.mjs";
import * as sending from "./support/sending.mjs";

const LINES = 200_000;
// Far more than it takes; how long it takes is measured elsewhere.
const MOST_MILLIS = 5_000;
const numbers = (page) => page.getByRole("textbox", { name: "Mobile numbers", exact: true });
const chip = (page) => page.getByText("200,000 numbers pasted", { exact: true });
const remove = (page) => go.button(page, "Remove 200,000 pasted numbers");

/** The ways in which a long list gets into the field. */
const WAYS = {
  filled: (page, text) => numbers(page).fill(text),
  pasted: async (page, text) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await numbers(page).press("Control+V");
  },
  dropped: (page, text) =>
    numbers(page).evaluate((area, text) => {
      area.focus();
      // What a browser says before it inserts what was dropped.
      const event = new InputEvent("beforeinput", {
        inputType: "insertFromDrop",
        data: text,
        bubbles: true,
        cancelable: true,
      });
      if (area.dispatchEvent(event)) area.setRangeText(text);
    }, text),
};

for (const [way, put] of Object.entries(WAYS)) {
  scenario(`two hundred thousand numbers that are ${way} stand below the field`, { timeout: 120_000 }, async ({ page }) => {
    const text = sending.numbers(LINES).join("\n");
    await step.atRecipients(page);
    // What is filled in takes the place of what is there; what is pasted is added to it.
    const typed = way === "filled" ? "" : "+6581230001";
    const total = typed ? LINES + 1 : LINES;
    await numbers(page).fill(typed);
    await watchLongTasks(page);
    await put(page, text);
    await chip(page).waitFor();
    const busy = await longTasks(page);
    assert.ok(busy < MOST_MILLIS, `the page was busy for ${busy} ms`);
    assert.equal(await numbers(page).inputValue(), typed);
    await assertAccessible(page, "step 2 with a pasted list");
    await processed(page, total);
    // It is kept for a reload, and removed as a whole.
    await page.reload();
    await go.atStep(page, 2);
    await chip(page).waitFor();
    await step.until(async () => (await go.terms(step.summary(page))).Total, (n) => n === total.toLocaleString("en"), 60_000);
    await remove(page).click();
    await chip(page).waitFor({ state: "detached" });
    await step.hasFocus(numbers(page));
    await go.addNumbers(page, "+6581230001");
    await processed(page, 1);
  });
}

scenario("a long list that is pasted over selected numbers takes their place", { timeout: 60_000 }, async ({ page }) => {
  await step.atRecipients(page);
  await numbers(page).fill("+6581230001\n+6581230002");
  await numbers(page).press("Control+A");
  await WAYS.pasted(page, sending.numbers(LINES).join("\n"));
  await chip(page).waitFor();
  assert.equal(await numbers(page).inputValue(), "");
  // As everything that is typed, it can be taken back.
  await numbers(page).press("Control+Z");
  assert.equal(await numbers(page).inputValue(), "+6581230001\n+6581230002");
});

async function processed(page, total) {
  await go.processContacts(page);
  await step.until(async () => (await go.terms(step.summary(page))).Total, (n) => n === total.toLocaleString("en"), 60_000);
}

/** Adds up for how long the page did not answer. */
async function watchLongTasks(page) {
  await page.evaluate(() => {
    globalThis.busy = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.busy += entry.duration;
    }).observe({ type: "longtask" });
  });
}

const longTasks = (page) => page.evaluate(() => globalThis.busy);
