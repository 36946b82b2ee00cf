// Files that cannot be read: each says what it is and what to do, nothing else is lost, and without it
// everything goes on.

import assert from "node:assert/strict";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";
import { parts, xlsx, zip } from "./support/xlsx.mjs";

const bytes = (name, content) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
const GUESTS = { Guests: [["Mobile"], ["+6591230001"]] };

/** What Microsoft kept documents in before they were zips: its mark and, in its place, a name. */
function compound(entry) {
  const file = Buffer.alloc(2_048);
  Buffer.from("D0CF11E0A1B11AE1", "hex").copy(file);
  file.write(entry, 1_024, "utf16le");
  return file;
}

function truncated() {
  const { buffer } = xlsx("", GUESTS);
  return buffer.subarray(0, buffer.length / 2);
}

/** Sixty megabytes of one text, in as many kilobytes. */
const bomb = () => zip(parts(GUESTS, "<si><t>0</t></si>".repeat(4_000_000)));

const OLD = "This is a file of an old Excel. Open it, save it as .xlsx or CSV and choose that file.";
const OTHER = "This is not a spreadsheet that can be read. Save it as .xlsx or CSV and choose that file.";
const NO_TABLE = "This is not a spreadsheet or a text file, whatever its name says.";
const WRONG = [
  [() => bytes("empty.csv", ""), "There is nothing in this file."],
  [() => bytes("blank.csv", " \n\n  \n"), "There is nothing in this file."],
  [() => bytes("picture.csv", Buffer.from("89504E470D0A1A0A0000000D49484452", "hex")), NO_TABLE],
  [() => bytes("noise.txt", Buffer.from(Array.from({ length: 999 }, (_, n) => (n * 7) % 32))), NO_TABLE],
  [
    () => bytes("invoice.pdf.csv", "%PDF-1.7\n1 0 obj\n"),
    "This is a PDF, not a table. Choose the .xlsx or CSV file that it was made of.",
  ],
  [
    () => bytes("export.xls", "<html><body><table><tr><td>+6591230001</td></tr></table></body></html>"),
    "This is a web page with the name of a spreadsheet. Open it in a spreadsheet, save it as .xlsx or CSV and choose that file.",
  ],
  [
    () => bytes("secret.xlsx", compound("EncryptedPackage")),
    "This file is protected with a password. Open it, save it without one and choose it again.",
  ],
  [() => bytes("old.xls", compound("Workbook")), OLD],
  [
    () => bytes("half.xlsx", truncated()),
    "This file is damaged: a part of it is missing. Copy or download it again, or save it anew.",
  ],
  [
    () => bytes("bomb.xlsx", bomb()),
    "This file unpacks to far more than a list of contacts can be, and was not read. Save it anew or as CSV.",
  ],
  [() => bytes("letter.docx", zip([["[Content_Types].xml", "<Types/>"], ["word/document.xml", "<w:document/>"]])), OTHER],
  [() => bytes("packed.csv", Buffer.from("1F8B0800000000000003", "hex")), "This is a packed file. Unpack it and choose the spreadsheet that is in it."],
];

scenario("files that are no tables say what they are, one by one", async ({ page }) => {
  await step.atRecipients(page);
  await go.addNumbers(page, "+6591230009");
  await step.choose(page, step.file("good.csv", step.PEOPLE));
  for (const [make, words] of WRONG) {
    const wrong = make();
    await step.choose(page, wrong);
    assert.equal(await step.facts(page, wrong.name), words, wrong.name);
    assert.equal(await step.card(page, wrong.name).getByRole("table").count(), 0, wrong.name);
    await go.button(page, "Process contacts").click();
    const problem = go.alert(page).filter({ hasText: "There is a problem" });
    await problem.getByText(`Remove ${wrong.name} or choose another file. ${words}`).waitFor();
    if (wrong.name === "empty.csv") await assertAccessible(page, "step 2 with a file that cannot be read");
    await step.remove(page, wrong.name);
  }
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "4", Valid: "4" });
  assert.equal(await go.alert(page).filter({ hasText: "There is a problem" }).count(), 0);
});

scenario("a file without numbers asks for the column that has them", async ({ page }) => {
  await step.atRecipients(page);
  await step.choose(page, step.file("names.csv", [["Name", "Ref"], ["Ann", "A1"], ["Bob", "+65 9123 0001"], ["Cid", "C3"]]));
  await step.card(page, "names.csv").getByText("No column has mobile numbers. Choose “Mobile” above the one that has.").waitFor();
  await go.button(page, "Process contacts").click();
  const words = "Choose which column has the mobile numbers: set one of them to “Mobile”.";
  const problem = go.alert(page).filter({ hasText: "There is a problem" });
  await problem.getByText(words).waitFor();
  await page.locator(":focus").getByText("There is a problem").waitFor();
  await assertAccessible(page, "step 2 with a file without numbers");
  await problem.getByRole("link", { name: words }).click();
  await step.hasFocus(page.getByLabel("Upload a file"));
  await step.select(page, "names.csv", "Ref").selectOption("Mobile");
  await step.card(page, "names.csv").getByText("No column has mobile numbers.").waitFor({ state: "detached" });
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "3", Valid: "1", "Unable to import": "2" });
});

scenario("a file that is too big, or has too many rows, asks to be split", { timeout: 120_000 }, async ({ page }) => {
  await step.withFolder(async (folder) => {
    await step.atRecipients(page);
    await go.addNumbers(page, "+6591230009");
    const path = join(folder, "big.csv");
    const big = await open(path, "w");
    // Nothing is written: it takes no room.
    await big.truncate(200_000_001);
    await big.close();
    await step.choose(page, path);
    assert.equal(
      await step.facts(page, "big.csv"),
      "This file has more than 200 MB. Split it and add the parts one after the other.",
    );
    await step.remove(page, "big.csv");

    const long = join(folder, "long.csv");
    await writeFile(long, `Mobile\n${"+6591230001\n".repeat(1_000_001)}`);
    await step.choose(page, long);
    await go.button(page, "Process contacts").click();
    const words = "This file has more than 1,000,000 rows. Split it and add the parts one after the other.";
    await go.alert(page).getByText(words).first().waitFor({ timeout: 60_000 });
    assert.equal(await step.summary(page).count(), 0);
    await step.remove(page, "long.csv");
    await go.processContacts(page);
    await step.hasCounts(page, { Total: "1", Valid: "1" });
  });
});

scenario("a file that is removed while it is looked into does not come back", async ({ page }) => {
  await step.atRecipients(page);
  await go.addNumbers(page, "+6591230009");
  // In one go: the worker has not looked yet when it is told to forget.
  await page.evaluate((text) => {
    const input = document.querySelector("input[type=file]");
    const data = new DataTransfer();
    data.items.add(new File([text], "people.csv"));
    input.files = data.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, step.PEOPLE.join("\n"));
  await page.evaluate(() => document.querySelector("[aria-label='Remove people.csv']").click());
  await step.card(page, "people.csv").waitFor({ state: "detached" });
  await go.processContacts(page);
  await step.hasCounts(page, { Total: "1", Valid: "1" });
});
