// Step 2 in the words of the screen: the files that were chosen, how each is read, what came of
// processing, and the rows. Beside that, the files themselves: made here, so that every test says what
// is in them.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as go from "./journey.mjs";

const exact = (name) => ({ name, exact: true });

/** A text file, as `setInputFiles` takes it. Lines are arrays of cells, or text as it stands. */
export function file(name, lines, { delimiter = ",", encoding = "utf8" } = {}) {
  const text = lines.map((line) => (Array.isArray(line) ? line.join(delimiter) : line)).join("\n");
  return { name, mimeType: "text/csv", buffer: Buffer.from(`${text}\n`, encoding) };
}

/** Three people in Singapore, nothing wrong with any of them. */
export const PEOPLE = [
  ["Mobile", "First Name", "City"],
  ["+6591230001", "Ann", "Bedok"],
  ["+6591230002", "Bob", "Clementi"],
  ["+6591230003", "Cid", "Dover"],
];

/** Signs in and goes to step 2. */
export async function atRecipients(page) {
  await go.signIn(page);
  await go.openWizard(page);
  await go.chooseSubaccount(page);
}

/** What is shown of a chosen file. */
export const card = (page, name) => page.getByRole("region", exact(name));

/** Chooses files and waits until each was looked into. */
export async function choose(page, ...files) {
  await go.uploadFile(page, files);
  for (const file of files) await lookedInto(page, file.name ?? file.split("/").at(-1));
}

/** Waits until a file was looked into, whatever came of it. */
export async function lookedInto(page, name) {
  const facts = card(page, name).getByRole("status");
  await until(
    async () => (await facts.innerText()) || "Looking into it",
    (words) => words !== "Looking into it",
  );
}

/** What is said about a file: its size and rows, or what is wrong with it. */
export async function facts(page, name) {
  return (await card(page, name).getByRole("status").innerText()).trim();
}

/** The list in which a column of a file, or how it is read, is chosen. */
export const select = (page, name, label) => card(page, name).getByRole("combobox", exact(label));

/** Opens "How this file is read". */
export async function openHowItIsRead(page, name) {
  await card(page, name).getByText("How this file is read", { exact: true }).click();
}

/** The first rows of a file, as they are shown: `[["+6591230001", "Ann"], …]`. */
export function preview(page, name) {
  const table = card(page, name).getByRole("group", exact("First rows")).getByRole("table");
  return cells(table);
}

/** Removes a file and waits until it is gone. */
export async function remove(page, name) {
  await go.button(page, `Remove ${name}`).click();
  await card(page, name).waitFor({ state: "detached" });
}

/** What came of processing. */
export const summary = (page) => page.getByRole("region", exact("Contacts summary"));

/** Waits until the counts are these: `{ Total: "3", Valid: "2", … }`. */
export async function hasCounts(page, expected) {
  const shown = async () => {
    const all = await go.terms(summary(page));
    return Object.fromEntries(Object.keys(expected).map((term) => [term, all[term]]));
  };
  await same(shown, expected);
}

/** The panel with the rows, whatever its heading says just now. */
export const rowsPanel = (page) =>
  summary(page).getByRole("region").filter({ has: page.getByRole("searchbox", exact("Search rows")) });

/** Waits until the table of rows shows these: `[[place, written, about], …]`. */
export async function hasRows(page, expected) {
  await same(() => cells(rowsPanel(page).getByRole("table")), expected);
}

/** The rows that the table shows. */
export const rows = (page) => cells(rowsPanel(page).getByRole("table"));

/** Waits until the panel of rows has this heading. */
export async function showsRows(page, heading) {
  await rowsPanel(page).getByRole("heading", exact(heading)).waitFor();
}

/** Opens "Fix" of a row; the field in which it is corrected. */
export async function openFix(page, place) {
  await go.button(page, `Fix row ${place}`).click();
  return page.getByRole("textbox", exact(`Number in row ${place}`));
}

/** What is kept in the browser's private folder of this site: `["columns.json", "kept/…/1"]`. */
export function kept(page) {
  return page.evaluate(async () => {
    let found = [];
    const walk = async (folder, path) => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === "directory") await walk(handle, `${path}${name}/`);
        else found.push(`${path}${name}`);
      }
    };
    // While it is listed, the product may erase what is in it: then what is left is listed.
    for (;;) {
      try {
        await walk(await navigator.storage.getDirectory(), "");
        return found.sort();
      } catch (error) {
        if (error.name !== "NotFoundError") throw error;
        found = [];
      }
    }
  });
}

/** Of these, the copies of files. */
export async function keptFiles(page) {
  return (await kept(page)).filter((path) => path.startsWith("kept/"));
}

/** The texts that the provider got, by number: `[["6591230001", "Hello Ann"], …]`. */
export async function texts(server) {
  const answer = await fetch(`${server.url}/sandbox/api/messages`);
  const all = await answer.json();
  return all.map(({ destination, text }) => [destination.replace("+", ""), text]).sort();
}

/** A download, as bytes. */
export async function downloaded(page, press) {
  const download = page.waitForEvent("download");
  await press();
  const parts = [];
  for await (const part of await (await download).createReadStream()) parts.push(part);
  return Buffer.concat(parts);
}

/** A folder for files that are too large to be handed over from memory, removed afterwards. */
export async function withFolder(body) {
  const folder = await mkdtemp(join(tmpdir(), "sms-sender-files-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until the focus is there. */
export async function hasFocus(locator) {
  await same(() => locator.evaluate((element) => element === document.activeElement), true);
}

/** Waits until what is read is as wanted, and returns it. */
export async function until(read, isWanted, timeout = 15_000) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (isWanted(value)) return value;
    if (Date.now() > deadline) assert.fail(`still ${JSON.stringify(value)}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}

/** Waits until what is read equals this; says how it differs if it never does. */
export async function same(read, expected, timeout = 15_000) {
  let last;
  const is = (value) => {
    last = value;
    return JSON.stringify(value) === JSON.stringify(expected);
  };
  await until(read, is, timeout).catch(() => assert.deepEqual(last, expected));
}

/** The texts of a table's body. */
function cells(table) {
  return table.evaluate((table) =>
    [...table.tBodies].flatMap((body) =>
      [...body.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
    ),
  );
}
