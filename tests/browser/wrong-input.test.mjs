// Input that is wrong: each says what is wrong and what to do, at the top, at the field and in the title.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import { scenario } from "./support/scenario.mjs";

/** The summary has the words, links to the field, and the field has the same words. */
async function saysProblem(page, words, fieldId) {
  const summary = page.getByRole("alert").filter({ hasText: "There is a problem" });
  await summary.getByText(words).first().waitFor();
  assert.match(await page.title(), /^Error: /);
  const focused = page.locator(":focus");
  assert.match(await focused.innerText(), /There is a problem/);
  if (fieldId) {
    await page.locator(`#${fieldId}-problem`).getByText(words).waitFor();
    await summary.getByRole("link", { name: words }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), fieldId);
  }
}

async function atCompose(page) {
  await go.signIn(page);
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  await go.addNumbers(page, "+6591234567");
  await go.processContacts(page);
  await go.next(page, 2);
}

scenario("step 1 without a choice", async ({ page }) => {
  await go.signIn(page);
  await go.openWizard(page);
  await page.getByRole("radio").first().waitFor();
  await go.next(page, 1);
  await saysProblem(page, "Select a subaccount", "subaccount");
  await assertAccessible(page, "step 1 with a problem");
});

scenario("numbers: none, garbage, and two hundred of which some are wrong", async ({ page }) => {
  await go.signIn(page);
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  await go.button(page, "Process contacts").click();
  await saysProblem(page, "Enter at least one mobile number", "numbers");
  await assertAccessible(page, "step 2 with a problem");

  await go.addNumbers(page, "hello, 12, +65 1");
  const garbage = await go.processContacts(page);
  assert.deepEqual([garbage.Total, garbage.Valid, garbage["Unable to import"]], ["3", "0", "3"]);
  await go.next(page, 2);
  await saysProblem(page, "None of the 3 numbers can get the message. Correct at least one", "numbers");
  await assertAccessible(page, "step 2 with garbage");

  const good = Array.from({ length: 180 }, (_, n) => `+659${String(1000000 + n)}`);
  const bad = Array.from({ length: 15 }, (_, n) => `+65 ${n}`);
  const doubles = good.slice(0, 5);
  await go.addNumbers(page, [...good, ...bad, ...doubles].join("\n"));
  const list = await go.processContacts(page);
  assert.deepEqual(
    [list.Total, list.Valid, list["Unable to import"], list.Duplicates],
    ["200", "180", "15", "5"],
  );
  await page.getByRole("cell", { name: "+65 9" }).waitFor();
  assert.equal(await page.getByRole("cell", { name: "+65 14" }).count(), 0);
  await go.button(page, "Next rows").click();
  await page.getByRole("cell", { name: "+65 14" }).waitFor();
  await assertAccessible(page, "step 2 with many wrong numbers");

  const download = page.waitForEvent("download");
  await go.button(page, "Download rejected rows").click();
  const stream = await (await download).createReadStream();
  let csv = "";
  for await (const part of stream) csv += part;
  assert.equal(csv.trim().split("\r\n").length, 16);
  assert.match(csv, /195,"'\+65 14","it is too short"/);

  await page.getByRole("checkbox", { name: "Include duplicates" }).check();
  await page.getByText("185", { exact: true }).first().waitFor();
});

scenario("Sender ID: empty, twelve letters, an accent", async ({ page }) => {
  await atCompose(page);
  await go.compose(page, { senderId: "", message: "Hello" });
  await go.next(page, 3);
  await saysProblem(page, "Enter a Sender ID", "sender_id");
  await go.compose(page, { senderId: "TwelveLetter" });
  await go.next(page, 3);
  await saysProblem(page, "Sender ID has 12 characters and at most 11 fit", "sender_id");
  await go.compose(page, { senderId: "Café" });
  await go.next(page, 3);
  await saysProblem(page, "Sender ID cannot contain “é”. Use letters A to Z, digits and spaces", "sender_id");
  await assertAccessible(page, "step 3 with a problem");
});

scenario("message: empty, eleven segments, unknown and broken fields", async ({ page }) => {
  await atCompose(page);
  await go.compose(page, { senderId: "Acme", message: "" });
  await go.next(page, 3);
  await saysProblem(page, "Enter the message you want to send", "message");
  await go.compose(page, { message: "a".repeat(1531) });
  assert.equal((await go.counts(page)).parts, "11");
  await go.next(page, 3);
  await saysProblem(
    page,
    "The message has 11 SMS parts and at most 10 can be sent. Shorten it by 1 character",
    "message",
  );
  await go.compose(page, { message: "Hi {{Name}}" });
  await go.next(page, 3);
  await saysProblem(page, "Your recipients have no field “Name”. Use Mobile", "message");
  await go.compose(page, { message: "Hi {{Mobile" });
  await go.next(page, 3);
  await saysProblem(page, "A field is not closed: write }} after “{{Mobile”", "message");
});

scenario("characters that make a message dearer are replaced at the press of a button", async ({ page }) => {
  await atCompose(page);
  await go.compose(page, { senderId: "Acme", message: `It’s ${"a".repeat(70)}` });
  assert.deepEqual(await go.counts(page), { parts: "2", encoding: "UCS-2", characters: "75 / 134" });
  await page.getByText("1 character makes this 2 SMS parts instead of 1: ’").waitFor();
  await assertAccessible(page, "step 3 with advice");
  await go.button(page, "Replace them").click();
  assert.deepEqual(await go.counts(page), { parts: "1", encoding: "GSM-7", characters: "75 / 160" });
});

scenario("step 4: no name, no time, a time that is over", async ({ page }) => {
  await atCompose(page);
  await go.compose(page, { senderId: "Acme", message: "Hello" });
  await go.next(page, 3);
  await go.atStep(page, 4);
  await page.getByRole("textbox", { name: "Campaign name" }).fill(" ");
  await go.button(page, "Submit").click();
  await saysProblem(page, "Enter a campaign name", "name");
  await page.getByRole("textbox", { name: "Campaign name" }).fill("Later");
  await page.getByRole("radio", { name: "Schedule for later" }).check();
  await go.button(page, "Submit").click();
  await saysProblem(page, "Enter the date and time to send at", "when");
  await page.getByLabel("Date and time").fill("2020-01-01T10:00");
  await go.button(page, "Submit").click();
  await saysProblem(page, "Choose a time that is still to come", "when");
  await assertAccessible(page, "step 4 with a problem");
  await page.getByLabel("Date and time").fill(tomorrow());
  await go.send(page);
  await go.hasStatus(page, "Scheduled");
  await go.button(page, "Cancel").click();
  await go.button(page, "Cancel campaign").click();
  await go.hasStatus(page, "Canceled");
  assert.equal((await go.delivery(page)).Canceled, "1");
});

/** This time tomorrow, as a date-and-time control spells it. */
function tomorrow() {
  const at = new Date(Date.now() + 86_400_000);
  const two = (n) => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
