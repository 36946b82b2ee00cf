// What came of processing: repairs and their switches, the rows behind every count, and rejected rows
// that are fixed, in place or in a file of their own.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";

const { file } = step;
const search = (page) => page.getByRole("searchbox", { name: "Search rows", exact: true });
const status = (page) => step.rowsPanel(page).getByRole("status");

/** Step 2 with this file processed. */
async function processed(page, lines, ...more) {
  await step.atRecipients(page);
  await step.choose(page, file("people.csv", lines), ...more);
  await go.processContacts(page);
}

scenario("a kind of repair is undone, and done again", async ({ page }) => {
  await processed(page, [
    ["Mobile", "Name"],
    ["006591230001", "Ann"],
    ["0065 9123 0002", "Bob"],
    ["6591230003", "Cid"],
    ["+6591230004", "Dan"],
  ]);
  await step.hasCounts(page, { Total: "4", Valid: "4", "Unable to import": "0", Repaired: "3" });
  const repairs = page.getByRole("region", { name: "Repaired", exact: true });
  const row = repairs.getByRole("row").filter({ hasText: "00 prefix to +" });
  assert.match((await row.innerText()).replace(/\s+/g, " "), /006591230001 .*\+6591230001 Row 2, 3 2 Undo/);
  await assertAccessible(page, "step 2 with repairs");

  await go.button(page, "Show 2 rows: 00 prefix to +").click();
  await step.showsRows(page, "00 prefix to +");
  await step.hasRows(page, [
    ["2", "006591230001", "+6591230001: 00 prefix to +"],
    ["3", "0065 9123 0002", "+6591230002: 00 prefix to +"],
  ]);

  await go.button(page, "Undo: 00 prefix to +").click();
  await step.hasCounts(page, { Total: "4", Valid: "2", "Unable to import": "2", Repaired: "1" });
  await go.button(page, "Unable to import (2)").click();
  const why = "it is not written as a number, and it was asked not to repair it";
  await step.hasRows(page, [
    ["2", "006591230001 Fix", why],
    ["3", "0065 9123 0002 Fix", why],
  ]);
  await assertAccessible(page, "step 2 with a repair that is undone");
  // Still so after a reload of the page, but the file has to come again.
  await go.button(page, "Repair: 00 prefix to +").click();
  await step.hasCounts(page, { Total: "4", Valid: "4", "Unable to import": "0", Repaired: "3" });
});

scenario("the rows of a country, by its name and by its arc", async ({ page }) => {
  await processed(page, [
    ["Mobile", "Name"],
    ["+6591230001", "Ann"],
    ["+6591230002", "Bob"],
    ["+447400123456", "Cid"],
    ["+4915123456789", "Dan"],
    ["+4915123456780", "Eve"],
    ...Array.from({ length: 25 }, (_, n) => [`+65 ${n}`, `Wrong${n}`]),
  ]);
  await step.hasCounts(page, { Total: "30", Valid: "5", "Unable to import": "25" });
  // From a later page of other rows.
  await go.button(page, "Next rows").click();
  await status(page).getByText("11 to 20 of 25", { exact: true }).waitFor();
  await go.button(page, "United Kingdom").click();
  await step.showsRows(page, "United Kingdom");
  await step.hasRows(page, [["4", "+447400123456", "Cid"]]);
  await status(page).getByText("1 to 1 of 1", { exact: true }).waitFor();
  await step.hasFocus(page.getByRole("heading", { name: "United Kingdom", exact: true }));
  await go.button(page, "Germany").click();
  await step.hasRows(page, [["5", "+4915123456789", "Dan"], ["6", "+4915123456780", "Eve"]]);
  // The ring says nothing to a screen reader that the table does not say, so it has no name. Its last
  // fifth is the third country.
  const ring = page.locator("svg.donut");
  const { width } = await ring.boundingBox();
  const at = (part) => width / 2 + (width * 15.915 * part) / 42;
  await ring.click({ position: { x: at(Math.sin(-0.2 * Math.PI)), y: at(-Math.cos(-0.2 * Math.PI)) } });
  await step.hasRows(page, [["4", "+447400123456", "Cid"]]);
});

scenario("rows are searched and turned over", async ({ page }) => {
  const lines = [["Mobile", "Name"]];
  for (let n = 0; n < 25; n += 1) lines.push([`+65 ${n}`, n % 5 === 0 ? `Five Ünal ${n}` : `Other ${n}`]);
  lines.push(["+6591230001", "Ann"]);
  await processed(page, lines);
  const shown = async (words, first) => {
    await status(page).getByText(words, { exact: true }).waitFor();
    await step.until(() => step.rows(page), ([row]) => row?.[1] === first);
  };
  await shown("1 to 10 of 25", "+65 0 Fix");
  assert.equal(await go.button(page, "Previous rows").count(), 0);
  await go.button(page, "Next rows").click();
  await shown("11 to 20 of 25", "+65 10 Fix");
  await go.button(page, "Next rows").click();
  await shown("21 to 25 of 25", "+65 20 Fix");
  assert.equal(await go.button(page, "Next rows").count(), 0);
  await go.button(page, "Previous rows").click();
  await shown("11 to 20 of 25", "+65 10 Fix");

  // By a field of the row, in any case; from the beginning, whatever page was shown.
  await search(page).fill("five ün");
  await shown("1 to 5 of 5", "+65 0 Fix");
  assert.deepEqual((await step.rows(page)).map(([place]) => place), ["2", "7", "12", "17", "22"]);
  // By the digits of the number, however they are written. Enter searches, and sends nothing.
  await search(page).fill("65-24");
  await search(page).press("Enter");
  await shown("1 to 1 of 1", "+65 24 Fix");
  await go.atStep(page, 2);
  await search(page).fill("nobody");
  await status(page).getByText("No rows", { exact: true }).waitFor();
  await assertAccessible(page, "step 2 with a search that finds nothing");
  await search(page).fill("");
  await shown("1 to 10 of 25", "+65 0 Fix");
});

scenario("a rejected row is fixed in place; a wrong fix says why", async ({ page, server }) => {
  const lines = [["Mobile", "Name"], ["+6591230001", "Ann"]];
  for (let n = 0; n < 11; n += 1) lines.push([`+65 ${n}`, `Wrong${n}`]);
  await processed(page, lines);
  await step.hasCounts(page, { Total: "12", Valid: "1", "Unable to import": "11", Repaired: "0" });
  let fix = await step.openFix(page, "3");
  await step.hasFocus(fix);
  assert.equal(await fix.inputValue(), "+65 0");
  await fix.fill("+65 12");
  await go.button(page, "Save").click();
  await go.alert(page).getByText("Check the number: it is too short", { exact: true }).waitFor();
  fix = page.getByRole("textbox", { name: "Number in row 3", exact: true });
  assert.equal(await fix.inputValue(), "+65 12");
  await assertAccessible(page, "step 2 with a wrong fix");
  await step.hasCounts(page, { Total: "12", Valid: "1", "Unable to import": "11" });
  await fix.fill("+65 9123 0002");
  await fix.press("Enter");
  await step.hasCounts(page, { Total: "12", Valid: "2", "Unable to import": "10", Repaired: "0" });
  await go.atStep(page, 2);

  // It stays fixed when all is read anew, and goes out with what else is in its row.
  await page.getByRole("checkbox", { name: "Include duplicates" }).check();
  await step.hasCounts(page, { Total: "12", Valid: "2", "Unable to import": "10" });
  // The same number again is a duplicate now.
  await page.getByRole("checkbox", { name: "Include duplicates" }).uncheck();
  fix = await step.openFix(page, "4");
  await fix.fill("+6591230002");
  await fix.press("Enter");
  await step.hasCounts(page, { Total: "12", Valid: "2", "Unable to import": "9", Duplicates: "1" });
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Hi {{Name}}" });
  await go.next(page, 3);
  await go.send(page);
  await go.hasStatus(page, "Finished");
  assert.deepEqual(await step.texts(server), [["6591230001", "Hi Ann"], ["6591230002", "Hi Wrong0"]]);
});

scenario("when the last row of the last page is fixed, the page before is shown", async ({ page }) => {
  const lines = [["Mobile"], ...Array.from({ length: 11 }, (_, n) => [`+65 ${n}`])];
  await processed(page, lines);
  await go.button(page, "Next rows").click();
  const fix = await step.openFix(page, "12");
  await fix.fill("+6591230001");
  await fix.press("Enter");
  await step.hasCounts(page, { Total: "11", Valid: "1", "Unable to import": "10" });
  await status(page).getByText("1 to 10 of 10", { exact: true }).waitFor();
  await step.until(() => step.rows(page), (rows) => rows.length === 10);
});

scenario("rejected rows are downloaded, fixed in a spreadsheet and dropped back", async ({ page, server }) => {
  await processed(page, [
    ["Mobile", "Name", "Note"],
    ["+6591230001", "Ann", "fine"],
    ["+65 1", '"Lee, ""Bob"""', "=1+1"],
    ["0123", "Cid", "zero"],
  ]);
  await step.hasCounts(page, { Total: "3", Valid: "1", "Unable to import": "2" });
  const press = () => go.button(page, "Download rejected rows").click();
  const csv = (await step.downloaded(page, press)).toString("utf8");
  assert.equal(csv, [
    "\uFEFFFile,Row,Mobile,\"Name\",\"Note\",Reason",
    `"people.csv",3,"'+65 1","Lee, ""Bob""","'=1+1","it is too short"`,
    `"people.csv",4,"'0123","Cid","zero","it has no country code: start it with + or choose a country for local numbers"`,
    "",
  ].join("\r\n"));

  const fixed = csv.replace("'+65 1", "+6591230002").replace("'0123", "'+6591230003");
  await step.choose(page, { name: "rejected-rows.csv", mimeType: "text/csv", buffer: Buffer.from(fixed) });
  const value = (label) => step.select(page, "rejected-rows.csv", label).inputValue();
  assert.deepEqual(
    [await value("File"), await value("Row"), await value("Mobile"), await value("Note"), await value("Reason")],
    ["", "", "Mobile", "Note", ""],
  );
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "5", Valid: "3", "Unable to import": "2" });
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "{{Name}} {{Note}}" });
  await go.next(page, 3);
  await go.send(page);
  await go.hasStatus(page, "Finished");
  assert.deepEqual(await step.texts(server), [
    ["6591230001", "Ann fine"],
    ["6591230002", 'Lee, "Bob" =1+1'],
    ["6591230003", "Cid zero"],
  ]);
});
