// The draft: kept through reloads, Back and a session that ends, and thrown away only when asked.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import { scenario } from "./support/scenario.mjs";

const field = (page, role, name) => page.getByRole(role, { name, exact: true });

/** Goes to step 4 with everything filled in. */
async function fill(page) {
  await go.signIn(page);
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  await go.addNumbers(page, "+6591234567\n+6581234567");
  await go.processContacts(page);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Kept?" });
  await go.next(page, 3);
  await go.atStep(page, 4);
}

scenario("a reload at every step keeps what was entered", async ({ page }) => {
  await go.signIn(page);
  await go.openWizard(page);
  await page.getByRole("radio").first().check();
  await page.reload();
  await go.atStep(page, 1);
  await page.getByRole("radio", { checked: true }).waitFor();
  await go.next(page, 1);

  await go.atStep(page, 2);
  await go.addNumbers(page, "+6591234567", "Singapore");
  await page.reload();
  await go.atStep(page, 2);
  assert.equal(await field(page, "textbox", "Mobile numbers").inputValue(), "+6591234567");
  const country = field(page, "combobox", "Country for local numbers");
  // The countries come with the prices.
  await country.locator("option[value=SG]").waitFor({ state: "attached" });
  assert.equal(await country.inputValue(), "SG");
  await go.processContacts(page);
  await page.reload();
  await page.getByRole("region", { name: "Contacts summary" }).waitFor();
  await go.next(page, 2);

  await go.compose(page, { senderId: "Acme", message: "Hello {{Mobile}}" });
  await page.reload();
  await go.atStep(page, 3);
  assert.equal(await field(page, "combobox", "Sender ID").inputValue(), "Acme");
  assert.equal(await field(page, "textbox", "Message").inputValue(), "Hello {{Mobile}}");
  // The recipients are with the worker again, not only their number.
  await page.getByRole("figure").getByText("Hello +6591234567").waitFor();
  await go.next(page, 3);

  await go.atStep(page, 4);
  await field(page, "textbox", "Campaign name").fill("After four reloads");
  await page.reload();
  await go.atStep(page, 4);
  assert.equal(await field(page, "textbox", "Campaign name").inputValue(), "After four reloads");
  await go.send(page);
  await go.hasStatus(page, "Finished");
});

scenario("Back and the browser's own Back lead through every step, and lose nothing", async ({ page }) => {
  await fill(page);
  for (const step of [3, 2, 1]) {
    await go.button(page, "Back").click();
    await go.atStep(page, step);
    await go.focusIsOnHeading(page, go.STEPS[step - 1].heading);
  }
  assert.equal(await go.button(page, "Back").count(), 0);
  for (const step of [1, 2, 3]) {
    await go.next(page, step);
    await go.atStep(page, step + 1);
  }
  await page.goBack();
  await go.atStep(page, 3);
  assert.equal(await field(page, "textbox", "Message").inputValue(), "Kept?");
  await page.goForward();
  await go.send(page);
});

// The address of no page is answered with 404, which the browser also says in its console.
const NOT_FOUND = { expect: [/status of 404/] };
scenario("a step that is not open yet leads to the one that is", NOT_FOUND, async ({ page }) => {
  await go.signIn(page);
  await go.openWizard(page);
  await page.goto("/sender/send");
  await go.atStep(page, 1);
  await go.chooseSubaccount(page);
  await page.goto("/sender/compose");
  await go.atStep(page, 2);
  await page.goto("/nowhere");
  await go.heading(page, "Page not found").waitFor();
  await assertAccessible(page, "a page that is not there");
});

scenario("every row of the review leads to its step", async ({ page }) => {
  await fill(page);
  for (const [row, step] of [["subaccount", 1], ["recipients", 2], ["sender id", 3], ["message", 3]]) {
    await page.getByRole("link", { name: `Change ${row}`, exact: true }).click();
    await go.atStep(page, step);
    for (let n = step; n < 4; n += 1) {
      await go.next(page, n);
      await go.atStep(page, n + 1);
    }
  }
});

scenario("Cancel asks only when there is something to lose", async ({ page }) => {
  await fill(page);
  await go.button(page, "Cancel").click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await assertAccessible(page, "the question whether to discard");
  await go.button(page, "Keep editing").click();
  await dialog.waitFor({ state: "hidden" });
  await go.button(page, "Cancel").click();
  await go.button(page, "Discard draft").click();
  await go.heading(page, "Campaigns").waitFor();
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  assert.equal(await field(page, "textbox", "Mobile numbers").inputValue(), "");
  await go.button(page, "Cancel").click();
  await go.heading(page, "Campaigns").waitFor();
});

scenario("Back from the first step leads to the page before", async ({ page }) => {
  await go.signIn(page);
  await page.getByRole("link", { name: "Campaigns", exact: true }).click();
  await go.heading(page, "Campaigns").waitFor();
  await go.openWizard(page);
  await page.goBack();
  await go.heading(page, "Campaigns").waitFor();
});

scenario(
  "a session that ends in the middle asks to log in again and keeps the draft",
  { expect: [/status of 401/] },
  async ({ page, context }) => {
    await fill(page);
    await context.clearCookies();
    await go.button(page, "Submit").click();
    await page.getByText("Your session has ended. Log in to go on; your draft is kept.").waitFor();
    await assertAccessible(page, "the sign-in page after the session ended");
    // Submit was pressed: it goes on where the session ended.
    await go.trySignIn(page);
    await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
    await go.hasStatus(page, "Finished");
  },
);

scenario("after logging out nothing of the draft is left in the browser", async ({ page }) => {
  await fill(page);
  await go.button(page, "Log out").click();
  await page.getByRole("dialog", { name: "Log out and discard the draft?" }).waitFor();
  await assertAccessible(page, "the question whether to log out");
  await go.button(page, "Keep editing").click();
  await go.atStep(page, 4);
  await go.button(page, "Log out").click();
  await go.button(page, "Discard and log out").click();
  await go.button(page, "Log in").waitFor();
  const left = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  assert.doesNotMatch(left, /6591234567|Kept/);
});

scenario("a session that ends before anything was sent keeps the draft, too", { expect: [/status of 401/] }, async ({ page, context }) => {
  await fill(page);
  await context.clearCookies();
  await page.getByRole("link", { name: "Campaigns", exact: true }).click();
  await page.getByText("Your session has ended. Log in to go on; your draft is kept.").waitFor();
  await go.trySignIn(page);
  await go.heading(page, "Campaigns").waitFor();
  await page.goto("/sender/send");
  await go.atStep(page, 4);
  await go.send(page);
});

scenario("a page that crashed says so, and the draft is there after loading it again", async ({ page }) => {
  await fill(page);
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError("unreachable");
    window.dispatchEvent(new ErrorEvent("error", { error }));
  });
  await page.getByRole("alert").getByText("your draft is kept").waitFor();
  await assertAccessible(page, "a page that crashed", { disable: ["region"] });
  await page.reload();
  await go.atStep(page, 4);
});
