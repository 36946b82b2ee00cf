// The ways back: whoever goes back finds everything as it was, and has sent nothing.

import assert from "node:assert/strict";
import * as go from "./support/journey.mjs";
import * as files from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";

const CSV = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("Mobile,FirstName\n+6591230001,Ann\n+6591230002,Bo\n") };

scenario("with a file, Back leads to the recipients as they were", async ({ page }) => {
  await go.signIn(page);
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  await go.uploadFile(page, CSV);
  await files.card(page, CSV.name).waitFor();
  await go.processContacts(page);
  await go.next(page, 2);
  await go.atStep(page, 3);
  await go.button(page, "Back").click();
  await go.atStep(page, 2);
  await files.same(() => files.preview(page, CSV.name), [["+6591230001", "Ann"], ["+6591230002", "Bo"]]);
  await files.hasCounts(page, { Total: "2", Valid: "2" });
  await go.next(page, 2);
  await go.atStep(page, 3);
  await page.goBack();
  await go.atStep(page, 2);
  await files.card(page, CSV.name).waitFor();
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Hello {{FirstName}}" });
  await page.getByRole("figure").getByText("Hello Ann").waitFor();
});
