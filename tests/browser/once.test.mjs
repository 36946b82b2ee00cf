// Sent exactly once: whatever happens between Submit and the phone.

import assert from "node:assert/strict";
import * as go from "./support/journey.mjs";
import { scenario } from "./support/scenario.mjs";
import { answer, bar } from "./support/sending.mjs";

const numbers = (n) => Array.from({ length: n }, (_, i) => `+6591${String(230300 + i)}`).join("\n");

/** Everybody once, nobody twice. */
async function assertOnce(sandbox, n) {
  const counters = await sandbox.counters();
  assert.deepEqual(
    [counters.accepted, counters.unique_client_message_ids, counters.unique_destinations],
    [n, n, n],
  );
}

async function toSubmit(page, n) {
  await go.openWizard(page);
  await go.chooseSubaccount(page);
  await go.addNumbers(page, numbers(n));
  await go.processContacts(page);
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message: "Once" });
  await go.next(page, 3);
  await go.atStep(page, 4);
}

async function campaigns(page) {
  return page.evaluate(async () => (await (await fetch("/api/v1/campaigns")).json()).campaigns.length);
}

scenario("a double click on Submit is one campaign", { sandbox: true }, async ({ page, sandbox }) => {
  await go.signIn(page);
  await toSubmit(page, 3);
  await go.button(page, "Submit").dblclick();
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await go.hasStatus(page, "Finished");
  assert.equal(await campaigns(page), 1);
  await assertOnce(sandbox, 3);
  // Back after a once-only action begins anew and never sends again.
  await page.goBack();
  await page.waitForURL(/\/sender\//);
  await go.atStep(page, 1);
});

scenario(
  "an answer that gets lost is asked for again, and sends nothing twice",
  { sandbox: true, expect: [/net::ERR/, /Failed to load resource/] },
  async ({ page, sandbox }) => {
    await go.signIn(page);
    await toSubmit(page, 3);
    let cut = 0;
    await page.route("**/submit", async (route) => {
      cut += 1;
      if (cut > 1) return route.fallback();
      await route.fetch();
      return route.abort("connectionreset");
    });
    await go.button(page, "Submit").click();
    await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
    await go.hasStatus(page, "Finished");
    assert.equal(await campaigns(page), 1);
    await assertOnce(sandbox, 3);
  },
);

scenario(
  "a server killed right after Submit sends once when it is back",
  {
    sandbox: { args: ["--latency", "400ms"] },
    expect: [/net::ERR/, /Failed to load resource/, /EventSource/],
    timeout: 120_000,
  },
  async ({ page, server, sandbox }) => {
    await go.signIn(page);
    await toSubmit(page, 50);
    await go.send(page);
    await server.kill9();
    await server.start();
    // The page finds the server again by itself.
    await go.hasStatus(page, "Finished", 90_000);
    assert.equal((await go.delivery(page)).Delivered, "50");
    await assertOnce(sandbox, 50);
  },
);

scenario(
  "a provider that is down is said, and sending goes on when it is back",
  { sandbox: true },
  async ({ page, sandbox }) => {
    await go.signIn(page);
    await toSubmit(page, 2);
    await sandbox.stop();
    await go.send(page);
    await page.getByText(/provider is not taking messages/i).first().waitFor({ timeout: 30_000 });
    await sandbox.start();
    await go.hasStatus(page, "Finished", 60_000);
    await assertOnce(sandbox, 2);
  },
);

scenario("a provider that refuses the key is said in words", { sandbox: true }, async ({ page }) => {
  await go.signIn(page);
  await go.sendCampaign(page, { numbers: "+6595500017", senderId: "Acme", message: "Refused" });
  await page.getByText(/provider refuses this installation/i).first().waitFor();
  await go.button(page, "Pause").click();
  await go.hasStatus(page, "Paused");
  await go.button(page, "Resume").waitFor();
});

scenario(
  "Stop after the last answer got lost finds out that it was too late",
  { sandbox: true, expect: [/net::ERR/, /Failed to load resource/, /status of 409/] },
  async ({ page, sandbox }) => {
    await go.signIn(page);
    await toSubmit(page, 3);
    // Submitted, but no answer comes.
    await page.route("**/submit", async (route) => {
      await route.fetch();
      return route.abort("connectionreset");
    });
    await go.button(page, "Submit").click();
    await bar(page).getByText(/The connection is lost/).waitFor();
    await bar(page).getByRole("button", { name: "Stop", exact: true }).click();
    await answer(page, "Stop uploading");
    await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
    await go.hasStatus(page, "Finished");
    assert.equal(await campaigns(page), 1);
    await assertOnce(sandbox, 3);
  },
);

scenario(
  "Stop before the last request has arrived sends nothing, and the next Submit is another campaign",
  { sandbox: true, expect: [/net::ERR/, /Failed to load resource/] },
  async ({ page, sandbox }) => {
    await go.signIn(page);
    await toSubmit(page, 3);
    await page.route("**/submit", (route) => route.abort("connectionreset"));
    await go.button(page, "Submit").click();
    await bar(page).getByText(/The connection is lost/).waitFor();
    await bar(page).getByRole("button", { name: "Stop", exact: true }).click();
    await answer(page, "Stop uploading");
    await go.alert(page).getByText("Stopped. Nothing was sent, and your draft is as it was.").waitFor();
    await page.unroute("**/submit");
    assert.equal((await sandbox.counters()).accepted, 0);
    await go.send(page, { name: "Another" });
    await go.hasStatus(page, "Finished");
    assert.equal(await campaigns(page), 1);
    await assertOnce(sandbox, 3);
  },
);
