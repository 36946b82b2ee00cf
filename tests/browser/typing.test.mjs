// What is put into the two large controls: long lists of numbers, which never get into theirs, and fields
// and replaced characters in the message, which Undo takes back.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";

const exact = (name) => ({ name, exact: true });
const numbers = (page) => page.getByRole("textbox", exact("Mobile numbers"));
const message = (page) => page.getByRole("textbox", exact("Message"));
const chip = (page, count) => page.getByText(`${count} numbers pasted`, { exact: true });
const list = (count, from = 10_000_000) =>
  Array.from({ length: count }, (_, n) => `+659${String(from + n).slice(1)}`).join("\n");

/** Pastes as a person would, with what the browser tells of it. */
function paste(page, text) {
  return numbers(page).evaluate((area, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    area.focus();
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    return area.dispatchEvent(event);
  }, text);
}

scenario("two hundred thousand numbers are pasted, processed, kept and removed", async ({ page }) => {
  await step.atRecipients(page);
  const text = list(200_000);
  await numbers(page).fill(text);
  await chip(page, "200,000").waitFor();
  await assertAccessible(page, "step 2 with a pasted list");
  assert.equal(await numbers(page).inputValue(), "");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "200,000", Valid: "200,000" });

  await page.reload();
  await chip(page, "200,000").waitFor();
  await step.hasCounts(page, { Total: "200,000" });
  await go.button(page, "Remove 200,000 pasted numbers").click();
  await chip(page, "200,000").waitFor({ state: "detached" });
  await step.hasFocus(numbers(page));
  await step.summary(page).waitFor({ state: "detached" });
});

scenario("a long list is taken off the clipboard, a short one is left to the control", async ({ page }) => {
  await step.atRecipients(page);
  assert.equal(await paste(page, list(10)), true);
  assert.equal(await paste(page, list(2_000)), false);
  await chip(page, "2,000").waitFor();
  assert.equal(await paste(page, list(3_000, 11_000_000)), false);
  await chip(page, "3,000").waitFor();
  await go.addNumbers(page, "+6581234567");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "5,001", Valid: "5,001" });
  await go.button(page, "Remove 2,000 pasted numbers").click();
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "3,001", Valid: "3,001" });
});

scenario("Undo takes back a field and replaced characters; the cursor stays in the message", async ({ page }) => {
  await step.atRecipients(page);
  await step.choose(page, step.file("people.csv", step.PEOPLE));
  await go.processContacts(page);
  await go.next(page, 2);
  const area = message(page);
  const cursor = () => area.evaluate((a) => [a.selectionStart, a.selectionEnd, a === document.activeElement]);
  const shows = (text) => step.same(() => area.inputValue(), text);
  await area.pressSequentially("Hi , bye");
  await area.evaluate((a) => a.setSelectionRange(3, 3));
  await go.button(page, "Insert FirstName").click();
  await shows("Hi {{FirstName}}, bye");
  assert.deepEqual(await cursor(), [16, 16, true]);
  await page.getByRole("figure", exact("Message preview")).getByText("Hi Ann, bye").waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  await shows("Hi , bye");
  await page.keyboard.press("ControlOrMeta+y");
  await shows("Hi {{FirstName}}, bye");

  const long = `${"x".repeat(100)} – it’s`;
  await area.fill(long);
  await go.button(page, "Replace them").click();
  const plain = `${"x".repeat(100)} - it's`;
  await shows(plain);
  assert.deepEqual(await cursor(), [plain.length, plain.length, true]);
  await page.keyboard.press("ControlOrMeta+z");
  await shows(long);
});

scenario("recipients that cannot be sent to are one press away", async ({ page }) => {
  await step.atRecipients(page);
  await step.choose(page, step.file("people.csv", [
    ["Mobile", "Name", "Note"],
    ["+6591230001", "Ann", "short"],
    ["+6591230002", "Bob", "y".repeat(1_700)],
    ["+65 1", "Cid", "wrong"],
  ]));
  await go.processContacts(page);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "{{Note}}" });
  await page.getByRole("link", exact("Show these recipients")).click();
  await go.heading(page, "Add recipients").waitFor();
  await step.showsRows(page, "Cannot be sent");
  await step.until(() => step.rows(page), (rows) => rows.length === 1 && rows[0][1] === "+6591230002");
  await step.hasFocus(page.getByRole("heading", exact("Cannot be sent")));
  await go.button(page, "Cannot be sent (1)").waitFor();
  await assertAccessible(page, "step 2 with a recipient that cannot be sent to");
});
