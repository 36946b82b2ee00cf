// A file with a million rows: it is read while the page stays usable, says how far it is, and can be
// stopped. What it must add up to is known from how it is made.

import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";

const ROWS = 1_000_000;
const TIMEOUT = 120_000;
const exact = (name) => ({ name, exact: true });

/** Of every thousand one is wrong and one is double, of every ten one is written with 00. */
function* lines(rows) {
  yield "Mobile,First Name,City\n";
  for (let from = 0; from < rows; from += 10_000) {
    let text = "";
    for (let n = from; n < Math.min(from + 10_000, rows); n += 1) {
      const number = n % 1_000 === 998 ? n - 1 : n;
      const written = n % 1_000 === 999 ? "+65 1" : n % 10 === 0 ? `0065${81_000_000 + n}` : `+65${81_000_000 + number}`;
      text += `${written},Name${n},Singapore\n`;
    }
    yield text;
  }
}

/** Step 2 with such a file chosen. */
async function withMillion(page, body) {
  await step.withFolder(async (folder) => {
    const path = join(folder, "million.csv");
    await pipeline(Readable.from(lines(ROWS)), createWriteStream(path));
    await step.atRecipients(page);
    await step.choose(page, path);
    assert.match(await step.facts(page, "million.csv"), /^3\d\.\d MB · about (980,000|990,000|1,000,000|1,100,000) rows$/);
    await body();
  });
}

const bar = (page) => page.getByRole("progressbar", exact("Processing contacts"));
const COUNTS = {
  Total: "1,000,000",
  Valid: "998,000",
  "Unable to import": "1,000",
  Duplicates: "1,000",
  Repaired: "100,000",
};

scenario("a million rows are read, counted and priced", { timeout: TIMEOUT }, async ({ page }) => {
  await withMillion(page, async () => {
    // Asked for before there is anything to see: it is not there for long.
    const seen = [
      bar(page).waitFor(),
      page.getByText(/^[\d,]+ rows · [\d,]+ a second · .* left$/).waitFor(),
    ];
    await go.button(page, "Process contacts").click();
    await Promise.all(seen);
    await step.summary(page).waitFor({ timeout: TIMEOUT });
    await step.hasCounts(page, COUNTS);
    assert.equal(await bar(page).count(), 0);
    await page.getByText("998,000 valid + 1,000 unable to import + 1,000 duplicates left out = 1,000,000").waitFor();
    await assertAccessible(page, "step 2 with a million rows");
    // The last of the rejected rows.
    await page.getByRole("searchbox", exact("Search rows")).fill("Name999999");
    await step.hasRows(page, [["1,000,001", "+65 1 Fix", "it is too short"]]);
    await page.getByRole("checkbox", exact("Include duplicates")).check();
    await step.hasCounts(page, { ...COUNTS, Valid: "999,000" });
    await go.next(page, 2);
    // With a blank, 160 characters up to Name99999, and one more for the 899,100 others.
    await go.compose(page, { senderId: "Acme", message: `{{FirstName}} ${"x".repeat(150)}` });
    await page.getByRole("figure", exact("Message preview")).getByText("Name0 xxx").waitFor();
    await step.same(async () => (await go.counts(page)).parts, "1 to 2", 60_000);
    const cost = await go.terms(page.getByRole("complementary", exact("Preview and cost")));
    assert.deepEqual([cost.Recipients, cost["SMS parts in all"]], ["999,000", "1,898,100"]);
    assert.match(cost.Cost, /^[A-Z]{3} [\d,]{6,}\.\d{2}$/);
    await assertAccessible(page, "step 3 with a million recipients");
  });
});

scenario("reading a million rows is stopped half-way, and begun again", { timeout: TIMEOUT }, async ({ page }) => {
  await withMillion(page, async () => {
    // It is pressed as soon as it can be.
    const stop = go.button(page, "Stop").click();
    await go.button(page, "Process contacts").click();
    await stop;
    await bar(page).waitFor({ state: "detached" });
    assert.equal(await step.summary(page).count(), 0);
    await go.button(page, "Process contacts").waitFor();
    assert.match(await step.facts(page, "million.csv"), /MB/);
    await go.button(page, "Process contacts").click();
    await step.summary(page).waitFor({ timeout: TIMEOUT });
    await step.hasCounts(page, COUNTS);
  });
});
