// A file of contacts, from being chosen to the texts that people get: how it is read, what can be
// changed about that, and how several sources add up.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertAccessible } from "./support/axe.mjs";
import { openSender } from "./support/host.mjs";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";
import { xlsx } from "./support/xlsx.mjs";

const { PEOPLE, file, select } = step;
const field = (page, role, name) => page.getByRole(role, { name, exact: true });
const previewText = (page, text) => page.getByRole("figure", { name: "Message preview" }).getByText(text);

scenario("a CSV file becomes texts with everybody's own name", async ({ page, server }) => {
  await step.atRecipients(page);
  await step.choose(page, file("people.csv", PEOPLE));
  assert.match(await step.facts(page, "people.csv"), /^\d+ bytes · 3 rows$/);
  assert.deepEqual(await step.preview(page, "people.csv"), PEOPLE.slice(1));
  assert.equal(await select(page, "people.csv", "Mobile").inputValue(), "Mobile");
  assert.equal(await select(page, "people.csv", "First Name").inputValue(), "FirstName");
  await assertAccessible(page, "step 2 with a file");
  const summary = await go.processContacts(page);
  assert.deepEqual([summary.Total, summary.Valid, summary["Unable to import"]], ["3", "3", "0"]);
  await step.hasFocus(step.summary(page));
  await page.getByText("0 bytes have left this device").waitFor();
  await assertAccessible(page, "step 2 with a processed file");
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Hello {{FirstName}}" });
  await previewText(page, "Hello Ann").waitFor();
  await go.button(page, "Next recipient").click();
  await previewText(page, "Hello Bob").waitFor();
  await go.next(page, 3);
  assert.equal((await go.review(page)).Recipients, "3 in 1 country");
  await go.send(page);
  await go.hasStatus(page, "Finished");
  assert.equal((await go.delivery(page)).Delivered, "3");
  assert.deepEqual(await step.texts(server), [
    ["6591230001", "Hello Ann"],
    ["6591230002", "Hello Bob"],
    ["6591230003", "Hello Cid"],
  ]);
});

scenario("a file in the dark, on a narrow screen", {
  context: { colorScheme: "dark", viewport: { width: 390, height: 844 } },
}, async ({ page }) => {
  const isNarrow = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  await step.atRecipients(page);
  const wide = ["Mobile", ...Array.from({ length: 12 }, (_, n) => `A column of some width ${n}`)];
  const row = (number) => [number, ...wide.slice(1).map((name) => `${name} filled`)];
  await step.choose(page, file("people.csv", PEOPLE), file("wide.csv", [wide, row("+6591230009"), row("+65 1")]));
  await step.openHowItIsRead(page, "people.csv");
  await step.choose(page, file("wrong.csv", ["%PDF-1.7"]));
  await assertAccessible(page, "step 2 with files, dark and narrow");
  assert.ok(await isNarrow(), "the page is wider than the screen");
  await step.remove(page, "wrong.csv");
  await go.addNumbers(page, "006591230007");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "6", Valid: "5", "Unable to import": "1", Repaired: "1" });
  await step.openFix(page, "3 of wide.csv");
  await assertAccessible(page, "step 2 with processed files, dark and narrow");
  assert.ok(await isNarrow(), "the processed page is wider than the screen");
});

scenario("a file by keyboard alone", async ({ page, server }) => {
  const press = (key) => page.keyboard.press(key);
  const tabTo = async (locator) => {
    for (let i = 0; i < 80; i += 1) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await press("Tab");
    }
    assert.fail(`the keyboard does not get to ${locator}`);
  };
  await step.atRecipients(page);
  const lines = [["Mobile", "Town"], ["+6591230001", "Bedok"], ["+65 1", "Dover"], ["+447400123456", "Leeds"]];
  // The one thing that the browser does in a window of its own.
  await step.choose(page, file("people.csv", lines));
  await tabTo(select(page, "people.csv", "Town"));
  await page.keyboard.type("LastName");
  await step.same(() => select(page, "people.csv", "Town").inputValue(), "LastName");
  await tabTo(step.card(page, "people.csv").getByText("How this file is read"));
  await press("Enter");
  await tabTo(select(page, "people.csv", "Between columns"));
  await tabTo(go.button(page, "Process contacts"));
  await press("Space");
  await step.summary(page).waitFor();
  await step.hasCounts(page, { Total: "3", Valid: "2", "Unable to import": "1" });

  await tabTo(go.button(page, "United Kingdom"));
  await press("Enter");
  await step.showsRows(page, "United Kingdom");
  await step.hasRows(page, [["4", "+447400123456", "Leeds"]]);
  await tabTo(go.button(page, "Unable to import (1)"));
  await press("Space");
  await step.hasRows(page, [["3", "+65 1 Fix", "it is too short"]]);
  await tabTo(go.button(page, "Fix row 3"));
  await press("Enter");
  const fix = field(page, "textbox", "Number in row 3");
  await fix.waitFor();
  await step.same(() => fix.evaluate((element) => element === document.activeElement), true);
  await press("ControlOrMeta+a");
  await page.keyboard.type("+65 9123 0003");
  await press("Enter");
  await step.hasCounts(page, { Total: "3", Valid: "3", "Unable to import": "0" });
  // Where the row was, the focus is still.
  await step.same(() => page.evaluate(() => document.activeElement.tagName), "H3");
  await tabTo(go.button(page, "Next: Compose a message"));
  await press("Enter");
  await go.atStep(page, 3);
  await tabTo(field(page, "combobox", "Sender ID"));
  await page.keyboard.type("Acme");
  await tabTo(field(page, "textbox", "Message"));
  await page.keyboard.type("To ");
  await tabTo(go.button(page, "Insert LastName"));
  await press("Enter");
  await tabTo(go.button(page, "Next: Send your message(s)"));
  await press("Enter");
  await go.atStep(page, 4);
  await tabTo(go.button(page, "Submit"));
  await press("Enter");
  await go.hasStatus(page, "Finished");
  assert.deepEqual(await step.texts(server), [
    ["447400123456", "To Leeds"],
    ["6591230001", "To Bedok"],
    ["6591230003", "To Dover"],
  ]);
});

scenario("files that are dropped are taken, and those that miss do no harm", async ({ page, context }) => {
  const browser = await context.newCDPSession(page);
  await step.withFolder(async (folder) => {
    const files = [];
    for (const name of ["one.csv", "two.csv"]) {
      files.push(join(folder, name));
      await writeFile(files.at(-1), file(name, PEOPLE).buffer);
    }
    await step.atRecipients(page);
    // As the system does it: nothing in the page makes these events.
    const box = await page.getByText("Or drop it here.").boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      const data = { items: [], files, dragOperationsMask: 1 };
      await browser.send("Input.dispatchDragEvent", { type, x, y, data });
    }
    await step.lookedInto(page, "one.csv");
    await step.lookedInto(page, "two.csv");
    await go.processContacts(page);
    await step.hasCounts(page, { Total: "6", Valid: "3", Duplicates: "3" });
  });
  // What the page does not take, a browser with a window opens in its place: one without does not, so that
  // it is asked for here whether the page has taken it.
  const isTaken = (target, type) =>
    target.evaluate((element, type) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["Mobile\n+6591230001\n"], "missed.csv"));
      const options = { bubbles: true, cancelable: true, composed: true, dataTransfer };
      return !element.dispatchEvent(new DragEvent(type, options));
    }, type);
  for (const type of ["dragover", "drop"]) {
    assert.ok(await isTaken(go.heading(page, "Add recipients"), type), `${type} beside the place for files`);
  }
  assert.equal(await step.card(page, "missed.csv").count(), 0);
  for (const type of ["dragover", "drop"]) assert.ok(await isTaken(page.getByText("Or drop it here."), type));
  await step.lookedInto(page, "missed.csv");
});

scenario("what is typed and two files add up, and the first of a number wins", async ({ page }) => {
  await step.atRecipients(page);
  await go.addNumbers(page, "+6591230001\n+6591230009");
  await step.choose(page, file("may.csv", PEOPLE));
  const june = [["Handy", "Vorname"], ["+6591230003", "Dora"], ["+4915123456789", "Eva"]];
  await step.choose(page, file("june.csv", june, { delimiter: ";" }));
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "7", Valid: "5", Duplicates: "2" });
  await step.showsRows(page, "Duplicates");
  await step.hasRows(page, [
    ["2 of may.csv", "+6591230001", "+6591230001, first in row 1 typed"],
    ["2 of june.csv", "+6591230003", "+6591230003, first in row 4 of may.csv"],
  ]);
  await assertAccessible(page, "step 2 with duplicates");

  await page.getByRole("checkbox", { name: "Include duplicates" }).check();
  await step.hasCounts(page, { Total: "7", Valid: "7", Duplicates: "2" });
  await page.getByRole("checkbox", { name: "Include duplicates" }).uncheck();
  await step.hasCounts(page, { Total: "7", Valid: "5", Duplicates: "2" });

  await step.remove(page, "may.csv");
  await step.summary(page).waitFor({ state: "detached" });
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "4", Valid: "4", Duplicates: "0" });
  // The same file again, as if it had never been there.
  await step.choose(page, file("may.csv", PEOPLE));
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "7", Valid: "5", Duplicates: "2" });
  await step.hasRows(page, [
    ["2 of may.csv", "+6591230001", "+6591230001, first in row 1 typed"],
    ["4 of may.csv", "+6591230003", "+6591230003, first in row 2 of june.csv"],
  ]);
});

scenario("how a file is read is found out, and can be changed in place", async ({ page }) => {
  await step.atRecipients(page);
  const name = "gäste.csv";
  const lines = [["Handy", "Vorname", "Ort"], ["+4915123456781", "José", "Zürich"], ["+4915123456782", "Renée", "Köln"]];
  await step.choose(page, file(name, lines, { delimiter: ";", encoding: "latin1" }));
  const rows = () => step.preview(page, name);
  assert.deepEqual(await rows(), lines.slice(1));
  await step.openHowItIsRead(page, name);
  await assertAccessible(page, "how a file is read");
  const value = (label) => select(page, name, label).inputValue();
  assert.deepEqual([await value("Between columns"), await value("Encoding")], ["Semicolon", "windows-1252"]);

  /** Chooses as the keyboard does, and the focus stays. */
  const change = async (label, option) => {
    const list = select(page, name, label);
    await list.focus();
    await list.selectOption(option);
    return async () => {
      assert.ok(await list.evaluate((element) => element === document.activeElement), `${label} lost the focus`);
    };
  };
  let keepsFocus = await change("Encoding", { label: "UTF-8" });
  await step.until(rows, ([first]) => first[1] === "Jos\uFFFD");
  await step.card(page, name).getByText("Some characters cannot be read as UTF-8. Choose another encoding.").waitFor();
  await keepsFocus();
  keepsFocus = await change("Encoding", { value: "windows-1252" });
  await step.same(rows, lines.slice(1));
  await keepsFocus();

  keepsFocus = await change("Between columns", { label: "Comma" });
  await step.until(rows, ([first]) => first.length === 1);
  await keepsFocus();
  keepsFocus = await change("Between columns", { label: "Semicolon" });
  await step.same(rows, lines.slice(1));
  await keepsFocus();

  keepsFocus = await change("Names of the columns", { label: "None: all rows are contacts" });
  await step.same(rows, lines);
  await keepsFocus();
  await select(page, name, "Column B").waitFor();
  keepsFocus = await change("Names of the columns", { label: "In row 1" });
  await step.same(rows, lines.slice(1));
  await keepsFocus();

  // A name of one's own is a field of the message.
  await select(page, name, "Ort").selectOption({ label: "Another name…" });
  const own = field(page, "textbox", "Name of this field");
  await step.hasFocus(own);
  await own.fill("Town");
  await own.press("Enter");
  await step.same(() => select(page, name, "Ort").inputValue(), "Town");
  await step.hasFocus(select(page, name, "Ort"));
  // Left as it was, the list says what it said before.
  await select(page, name, "Ort").selectOption({ label: "Another name…" });
  await step.hasFocus(own);
  await own.press("Tab");
  await own.waitFor({ state: "detached" });
  assert.equal(await select(page, name, "Ort").inputValue(), "Town");
  await go.processContacts(page);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "" });
  await go.button(page, "Insert Town").click();
  await previewText(page, "Zürich").waitFor();

  // Known again when the next file of this shape comes, also after a reload.
  await go.button(page, "Cancel").click();
  await go.button(page, "Discard draft").click();
  await go.heading(page, "Campaigns").waitFor();
  await page.reload();
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  const next = [["Handy", "Vorname", "Ort"], ["+4915123456783", "Zoë", "Bern"]];
  await step.choose(page, file("mai.csv", next, { delimiter: ";" }));
  await step.same(() => select(page, "mai.csv", "Ort").inputValue(), "Town");
  const other = [["Handy", "Vorname", "Stadt"], next[1]];
  await step.choose(page, file("other.csv", other));
  assert.equal(await select(page, "other.csv", "Stadt").inputValue(), "Stadt");
});

scenario("the column with the numbers can be another one", async ({ page }) => {
  await step.atRecipients(page);
  const lines = [["Phone", "Second phone", "Name"], ["+6591230001", "+6591230011", "Ann"], ["+65 1", "+6591230012", "Bob"]];
  await step.choose(page, file("people.csv", lines));
  const value = (label) => select(page, "people.csv", label).inputValue();
  await select(page, "people.csv", "Second phone").selectOption({ label: "Mobile" });
  // One of them only: where it was before, it is no more.
  await step.until(() => value("Phone"), (label) => label !== "Mobile");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "2", Valid: "2" });
  await step.showsRows(page, "Recipients");
  assert.deepEqual((await step.rows(page)).map(([, number]) => number), ["+6591230011", "+6591230012"]);
  await select(page, "people.csv", "Phone").selectOption("Mobile 2");
  await step.summary(page).waitFor({ state: "detached" });
  // The list says what counts, also where somebody has chosen before.
  for (const [label, option] of [["Phone", ""], ["Phone", "Mobile"], ["Second phone", "Mobile"]]) {
    await select(page, "people.csv", label).selectOption(option);
    await step.same(() => value(label), option);
  }
  await step.same(() => value("Phone"), "");
  await select(page, "people.csv", "Second phone").selectOption({ label: "Not used" });
  await step.card(page, "people.csv").getByText("No column has mobile numbers.").waitFor();
});

scenario("a workbook: which sheet, numbers that became floats, and dates", async ({ page }) => {
  await step.atRecipients(page);
  const book = xlsx("guests.xlsx", {
    Cover: [["About", "this list"], ["made", "by hand"]],
    Guests: [
      ["Mobile", "First Name"],
      [6591230001, "Ann"],
      [{ exponent: "6.591230002E9" }, "Bob"],
      ["+6591230003", "Cid & Co"],
      [{ date: 45000 }, "Dan"],
    ],
  });
  await step.choose(page, book);
  await step.card(page, "guests.xlsx").getByText("No column has mobile numbers.").waitFor();
  await step.openHowItIsRead(page, "guests.xlsx");
  await assertAccessible(page, "a workbook's first sheet");
  await select(page, "guests.xlsx", "Sheet").selectOption({ label: "Guests" });
  await step.until(() => step.preview(page, "guests.xlsx"), (rows) => rows.length === 4);
  assert.equal(await select(page, "guests.xlsx", "Mobile").inputValue(), "Mobile");
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "4", Valid: "3", "Unable to import": "1" });
  const [[place, , reason]] = await step.rows(page);
  assert.equal(place, "5");
  assert.match(reason, /^it is a date; format the column as text/);
  await go.button(page, "Valid (3)").click();
  await step.hasRows(page, [
    ["2", "+6591230001", "Ann"],
    ["3", "+6591230002", "Bob"],
    ["4", "+6591230003", "Cid & Co"],
  ]);
});

scenario("nothing of a file leaves the browser before Submit, and then only what the message needs", async ({ page, context }) => {
  await step.atRecipients(page);
  const requests = [];
  context.on("request", (request) => {
    const headers = request.headers();
    const body = request.postDataBuffer() ?? Buffer.alloc(0);
    const plain = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    requests.push(`${request.method()} ${request.url()} ${JSON.stringify(headers)} ${plain}`);
  });
  const lines = [["Mobile", "First Name", "Account"], ["+6591230001", "Annabelle", "secret-1"], ["+6591230002", "Bartholomew", "secret-2"], ["+65 77", "Wrongnumber", "secret-3"]];
  const about = (patterns) => requests.filter((request) => patterns.some((pattern) => request.includes(pattern)));
  const all = ["9123000", "65%2077", "Annabelle", "Bartholomew", "Wrongnumber", "secret-", "private.csv"];
  await step.choose(page, file("private.csv", lines));
  await page.getByRole("checkbox", { name: "Keep the files on this device" }).check();
  await go.processContacts(page);
  await step.hasCounts(page, { Valid: "2" });
  await go.button(page, "Valid (2)").click();
  await step.showsRows(page, "Recipients");
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Hello {{FirstName}}" });
  await previewText(page, "Hello Annabelle").waitFor();
  await go.next(page, 3);
  await page.getByText("Exact: every message was rendered and counted.").first().waitFor();
  assert.deepEqual(about(all), []);

  await go.send(page);
  await go.hasStatus(page, "Finished");
  // That it is seen at all: the worker's own requests are among them.
  assert.equal(about(["Annabelle"]).length, 1);
  assert.match(about(["Annabelle"])[0], /^PUT \S+\/recipients\/0 /);
  assert.match(about(["Annabelle"])[0], /6591230002.*Bartholomew/s);
  assert.deepEqual(about(["secret-", "Wrongnumber", "private.csv"]), []);
});

scenario(
  "a file inside the dashboard, which keeps nothing of it",
  // With everything allowed: what is kept although it could be is what counts.
  { host: true, context: { thirdPartyCookies: true } },
  async ({ page, server, host }) => {
    const frame = await openSender(page, host);
    await go.chooseSubaccount(frame);
    await step.choose(frame, file("people.csv", PEOPLE));
    await select(frame, "people.csv", "City").selectOption({ label: "LastName" });
    await step.same(() => select(frame, "people.csv", "City").inputValue(), "LastName");
    assert.equal(await frame.getByRole("checkbox", { name: "Keep the files on this device" }).count(), 0);
    await go.processContacts(frame);
    await step.hasCounts(frame, { Total: "3", Valid: "3" });
    await assertAccessible(frame, "step 2 with a file in the frame");
    await go.next(frame, 2);
    await go.compose(frame, { senderId: "Acme", message: "Hello {{FirstName}}" });
    await go.next(frame, 3);
    await go.send(frame);
    await go.hasStatus(frame, "Finished");
    assert.deepEqual((await step.texts(server))[0], ["6591230001", "Hello Ann"]);
    assert.deepEqual(await step.kept(frame), []);
  },
);
