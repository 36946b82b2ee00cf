// The seed journey: from signing in to a message that is shown as delivered.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import * as go from "./support/journey.mjs";
import { scenario } from "./support/scenario.mjs";

const ONE = { numbers: "+6591234567", senderId: "Acme", message: "Your table is ready." };

/** Waits until everything of a campaign is settled. */
async function finished(page) {
  await go.hasStatus(page, "Finished");
}

async function texts(server) {
  const answer = await fetch(`${server.url}/sandbox/api/messages`);
  return (await answer.json()).map(({ destination, text }) => [destination.replace("+", ""), text]);
}

scenario("one message to one number is delivered, and the sandbox shows it", async ({ page, server }) => {
  await go.signIn(page);
  await assertAccessible(page, "step 1");
  await go.chooseSubaccount(page);
  await assertAccessible(page, "step 2, empty");
  await go.addNumbers(page, ONE.numbers);
  const summary = await go.processContacts(page);
  assert.deepEqual(
    { Total: "1", Valid: "1", "Unable to import": "0", Duplicates: "0", Repaired: "0" },
    Object.fromEntries(Object.entries(summary).slice(0, 5)),
  );
  await assertAccessible(page, "step 2, processed");
  await go.next(page, 2);
  await go.compose(page, ONE);
  assert.deepEqual(await go.counts(page), { parts: "1", encoding: "GSM-7", characters: "20 / 160" });
  const preview = page.getByRole("figure", { name: "Message preview" });
  assert.match(await preview.innerText(), /Acme[\s\S]*Your table is ready\./);
  await assertAccessible(page, "step 3");
  await go.next(page, 3);
  await page.getByText("Exact: every message was rendered and counted.").first().waitFor();
  const rows = await go.review(page);
  assert.equal(rows["Sender ID"], "Acme");
  assert.equal(rows.Recipients, "1 in 1 country");
  assert.match(rows.Cost, /^[A-Z]{3} \d+\.\d{2,}$/);
  assert.equal(rows.When, "Now");
  await assertAccessible(page, "step 4");
  await go.send(page);
  await finished(page);
  const counts = await go.delivery(page);
  assert.equal(counts.Delivered, "1");
  assert.equal(counts.Queued, "0");
  await page.getByRole("cell", { name: "+6591234567" }).waitFor();
  await assertAccessible(page, "a finished campaign");
  assert.deepEqual(await texts(server), [["6591234567", ONE.message]]);
  await page.goto("/sandbox");
  await page.getByText(ONE.message).first().waitFor();
});

scenario("three numbers, each in its own spelling, get a text of their own", async ({ page, server }) => {
  await go.signIn(page);
  await go.sendCampaign(page, {
    numbers: "+65 9123-4567, 81234567\n00447400123456",
    country: "Singapore",
    senderId: "Acme",
    message: "Hello {{Mobile}}",
    name: "Three",
  });
  await finished(page);
  assert.equal((await go.delivery(page)).Delivered, "3");
  assert.deepEqual((await texts(server)).sort(), [
    ["447400123456", "Hello +447400123456"],
    ["6581234567", "Hello +6581234567"],
    ["6591234567", "Hello +6591234567"],
  ]);
  await page.getByRole("link", { name: "Campaigns", exact: true }).click();
  const row = page.getByRole("row", { name: /Three/ });
  await row.getByText("Finished").waitFor();
  await assertAccessible(page, "the list of campaigns");
  await page.getByRole("searchbox", { name: "Search by name" }).fill("nothing like it");
  await page.getByText("No campaign has this in its name.").waitFor();
  await page.getByRole("searchbox", { name: "Search by name" }).fill("thr");
  await row.waitFor();
});

scenario("what fails says why, in plain words, and can be tried again", async ({ page }) => {
  await go.signIn(page);
  const rejected = "+6595500001";
  const undelivered = "+6595500002";
  await go.sendCampaign(page, { ...ONE, numbers: `${ONE.numbers}\n${rejected}\n${undelivered}` });
  await finished(page);
  const counts = await go.delivery(page);
  assert.deepEqual([counts.Delivered, counts.Undelivered, counts.Rejected], ["1", "1", "1"]);
  const reason = async (number) => {
    const row = page.getByRole("row").filter({ hasText: number });
    await row.getByText(/Rejected|Undelivered/).waitFor();
    return row.innerText();
  };
  assert.match(await reason(undelivered), /cannot get messages.*Check the number/s);
  assert.match(await reason(rejected), /Rejected\s+\S.{10,}/s);
  await assertAccessible(page, "a campaign with failures");
  await go.button(page, "Retry failed").waitFor();
  await page.getByLabel("Show").selectOption({ label: "Rejected" });
  await page.getByRole("row").filter({ hasText: undelivered }).waitFor({ state: "detached" });
  await page.getByRole("row").filter({ hasText: rejected }).waitFor();
});

scenario("the whole way by keyboard alone", async ({ page }) => {
  const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  /** Tabs on until the focus is where it should be. */
  const tabTo = async (locator) => {
    for (let i = 0; i < 60; i += 1) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await press("Tab");
    }
    assert.fail(`the keyboard does not get to ${locator}`);
  };
  const field = (role, name) => page.getByRole(role, { name, exact: true });
  await page.goto("/login");
  await go.button(page, "Log in").waitFor();
  await tabTo(field("textbox", "Email address"));
  await page.keyboard.type("demo@example.com");
  await tabTo(field("textbox", "Password"));
  await page.keyboard.type("correct-horse-battery");
  await press("Enter");
  await go.atStep(page, 1);
  await page.getByRole("radio").first().waitFor();
  await tabTo(page.getByRole("radio").first());
  await press("Space");
  await tabTo(go.button(page, "Next: Add recipients"));
  await press("Enter");
  await go.atStep(page, 2);
  await go.focusIsOnHeading(page, "Add recipients");
  await tabTo(field("textbox", "Mobile numbers"));
  await page.keyboard.type("+6591234567");
  await tabTo(go.button(page, "Process contacts"));
  await press("Enter");
  await page.getByRole("region", { name: "Contacts summary" }).waitFor();
  await tabTo(go.button(page, "Next: Compose a message"));
  await press("Enter");
  await go.atStep(page, 3);
  await go.focusIsOnHeading(page, "Compose a message");
  await tabTo(field("combobox", "Sender ID"));
  await page.keyboard.type("Acme");
  await tabTo(field("textbox", "Message"));
  await page.keyboard.type("By hand to ");
  await tabTo(go.button(page, "Insert Mobile"));
  await press("Enter");
  assert.equal(await field("textbox", "Message").inputValue(), "By hand to {{Mobile}}");
  await tabTo(go.button(page, "Next: Send your message(s)"));
  await press("Enter");
  await go.atStep(page, 4);
  await go.focusIsOnHeading(page, "Send your message(s)");
  await tabTo(go.button(page, "Submit"));
  await press("Enter");
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await finished(page);
  assert.equal((await go.delivery(page)).Delivered, "1");
});
