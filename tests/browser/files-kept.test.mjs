// Files and reloads: without consent nothing of a file is kept and the page says what to choose again;
// with it the file is back, and gone when it is of no use any more.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { scenario } from "./support/scenario.mjs";

const { PEOPLE, file, keptFiles, select } = step;
const people = () => file("people.csv", PEOPLE);
const numbers = (page) => page.getByRole("textbox", { name: "Mobile numbers", exact: true });
const consent = (page) => page.getByRole("checkbox", { name: "Keep the files on this device until I submit" });
const GONE =
  "Not here any more: it was not kept when this page was left or loaded again. Choose it again, or remove it.";

/** Step 2 with a number and a file, which is kept. */
async function withKept(page) {
  await step.atRecipients(page);
  await go.addNumbers(page, "+6591230009");
  await step.choose(page, people());
  await consent(page).check();
  await step.until(() => keptFiles(page), (files) => files.length === 1);
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "4", Valid: "4" });
}

scenario("without consent, a reload says which file to choose again", async ({ page }) => {
  await step.atRecipients(page);
  await go.addNumbers(page, "+6591230009");
  await step.choose(page, people());
  assert.equal(await consent(page).isChecked(), false);
  // What is chosen for it is remembered with the draft, not with the file.
  await select(page, "people.csv", "City").selectOption({ label: "LastName" });
  await step.openHowItIsRead(page, "people.csv");
  await step.same(() => select(page, "people.csv", "City").inputValue(), "LastName");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "4", Valid: "4" });
  assert.deepEqual(await keptFiles(page), []);

  await page.reload();
  await go.atStep(page, 2);
  await step.until(() => step.facts(page, "people.csv"), (words) => words === GONE);
  assert.equal(await numbers(page).inputValue(), "+6591230009");
  assert.equal(await step.summary(page).count(), 0);
  await assertAccessible(page, "step 2 with a file that is gone");
  await go.button(page, "Process contacts").click();
  const alert = go.alert(page).filter({ hasText: "There is a problem" });
  await alert.getByText("Choose people.csv again, or remove it").waitFor();
  await alert.getByRole("link").click();
  await step.hasFocus(page.getByLabel("Upload a file"));

  // Another file does not take its place, the same one does.
  await step.choose(page, file("others.csv", [["Mobile"], ["+6591230007"]]));
  assert.equal(await step.facts(page, "people.csv"), GONE);
  await step.choose(page, people());
  await step.until(() => step.facts(page, "people.csv"), (words) => words !== GONE);
  assert.equal(await page.getByRole("region", { name: "people.csv", exact: true }).count(), 1);
  assert.equal(await select(page, "people.csv", "City").inputValue(), "LastName");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "5", Valid: "5" });
});

scenario("a file that is gone can be removed, and the rest is processed", async ({ page }) => {
  await step.atRecipients(page);
  await go.addNumbers(page, "+6591230009");
  await step.choose(page, people());
  await page.reload();
  await go.atStep(page, 2);
  await step.until(() => step.facts(page, "people.csv"), (words) => words === GONE);
  await step.remove(page, "people.csv");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "1", Valid: "1" });
});

scenario("with consent, the file is back after a reload, and gone after Submit", async ({ page, server }) => {
  await withKept(page);
  await page.reload();
  await go.atStep(page, 2);
  await step.hasCounts(page, { Total: "4", Valid: "4" });
  assert.deepEqual(await step.preview(page, "people.csv"), PEOPLE.slice(1));
  assert.equal(await consent(page).isChecked(), true);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Hi {{FirstName|you}}" });
  await page.reload();
  await go.atStep(page, 3);
  await page.getByRole("figure", { name: "Message preview" }).getByText("Hi you").waitFor();
  await go.next(page, 3);
  await go.atStep(page, 4);
  assert.equal((await keptFiles(page)).length, 1);
  await go.send(page);
  await go.hasStatus(page, "Finished");
  assert.deepEqual(await keptFiles(page), []);
  assert.deepEqual(await step.texts(server), [
    ["6591230001", "Hi Ann"],
    ["6591230002", "Hi Bob"],
    ["6591230003", "Hi Cid"],
    ["6591230009", "Hi you"],
  ]);
  // The next draft begins without any, and asks again.
  await go.button(page, "Create another campaign").click();
  await go.chooseSubaccount(page);
  assert.equal(await step.card(page, "people.csv").count(), 0);
  await step.choose(page, people());
  assert.equal(await consent(page).isChecked(), false);
});

scenario("what is kept is erased when the file is removed, and when consent is taken back", async ({ page }) => {
  await withKept(page);
  await step.choose(page, file("others.csv", [["Mobile"], ["+6591230007"]]));
  await step.until(() => keptFiles(page), (files) => files.length === 2);
  await step.remove(page, "others.csv");
  await step.until(() => keptFiles(page), (files) => files.length === 1);
  await consent(page).uncheck();
  await step.until(() => keptFiles(page), (files) => files.length === 0);
});

scenario("what is kept is erased when the draft is discarded", async ({ page }) => {
  await withKept(page);
  await go.button(page, "Cancel").click();
  await go.button(page, "Discard draft").click();
  await go.heading(page, "Campaigns").waitFor();
  await step.until(() => keptFiles(page), (files) => files.length === 0);
});

scenario("what is kept is erased on logging out", async ({ page }) => {
  await withKept(page);
  await go.logOut(page);
  await step.until(() => keptFiles(page), (files) => files.length === 0);
});

/** Step 2 with a file that is just being copied. */
async function whileCopying(page, body) {
  await step.withFolder(async (folder) => {
    await withKept(page);
    const path = join(folder, "large.csv");
    await writeFile(path, `Mobile,Text\n${`+6591230001,${"x".repeat(1_000)}\n`.repeat(190_000)}`);
    await go.uploadFile(page, path);
    // It is there as soon as copying begins.
    await step.until(() => keptFiles(page), (files) => files.length === 2);
    await body();
    await step.until(() => keptFiles(page), (files) => files.length === 0);
  });
}

scenario("what is just being copied is erased when the draft is discarded", async ({ page }) => {
  await whileCopying(page, async () => {
    await go.button(page, "Cancel").click();
    await go.button(page, "Discard draft").click();
    await go.heading(page, "Campaigns").waitFor();
  });
});

scenario("what is just being copied is erased on logging out", async ({ page }) => {
  await whileCopying(page, async () => {
    await go.logOut(page);
  });
});
