// Two users in one browser: what one tab shows belongs to its user, and goes out for nobody else.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as go from "./support/journey.mjs";
import * as step from "./support/recipients.mjs";
import { assertAccessible } from "./support/axe.mjs";
import { scenario } from "./support/scenario.mjs";
import { DEMO } from "./support/server.mjs";
import * as sending from "./support/sending.mjs";

const BOB = { email: "bob@example.com", password: "another-horse-battery" };
const OPTIONS = { sandbox: true, timeout: 120_000 };
const REFUSED = [/status of 409/];
const name = (page) => page.locator(".shell__email");

/** Makes Bob's account, as whoever runs the server does. */
function addBob(server) {
  const program = process.env.SMS_SENDER_BIN ?? "../../target/release/sms-sender";
  const args = ["user", "add", BOB.email, "--database", `sqlite:${server.folder}/test.db`];
  execFileSync(program, args, { input: `${BOB.password}\n` });
}

/** Signs somebody in without the page: as a browser that tells its tabs nothing would. */
function quietly(page, who) {
  return page.evaluate(async (who) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/v1/session", { method: "POST", headers, body: JSON.stringify(who) });
    return answer.status;
  }, who);
}

scenario("a draft is never sent under another user", { ...OPTIONS, expect: REFUSED }, async ({ page, context, server, sandbox }) => {
  addBob(server);
  await sending.toSubmit(page, 20, { keep: true });
  const other = await context.newPage();
  await other.goto("/");
  assert.equal(await quietly(other, BOB), 200);
  // This tab still shows the first user's draft, and does not know yet.
  assert.equal(await name(page).textContent(), DEMO.email);
  await go.button(page, "Submit").click();
  await page.getByText(BOB.email, { exact: true }).waitFor();
  await go.atStep(page, 1);
  await go.openWizard(page);
  assert.equal((await sandbox.counters()).accepted, 0);
  assert.deepEqual((await sending.campaigns(page)).length, 0);
  // The first user finds it again, and it goes on as it was confirmed.
  assert.equal(await quietly(page, DEMO), 200);
  await page.reload();
  await sending.isSubmitted(page);
  await sending.assertOnce(sandbox, 20);
});

scenario("tabs tell each other who signs in and out", OPTIONS, async ({ page, context, server }) => {
  addBob(server);
  await step.atRecipients(page);
  await go.addNumbers(page, "+6581230001");
  const other = await context.newPage();
  await other.goto("/login");
  // Signed in already: there is another page to see. Logging out there logs out here.
  await other.waitForURL(/\/sender/);
  await go.button(other, "Log out").click();
  await go.heading(other, "Log in").waitFor();
  await go.heading(page, "Log in").waitFor();
  await go.signIn(other, BOB);
  await page.getByText(BOB.email, { exact: true }).waitFor();
  await go.atStep(page, 1);
});

scenario("what columns are is remembered for their user, and goes with them", OPTIONS, async ({ page, server }) => {
  addBob(server);
  const file = () => step.file("people.csv", [["A", "B"], ["+6581230001", "Grace"]]);
  await step.atRecipients(page);
  await step.choose(page, file());
  const label = page.getByLabel("B", { exact: true });
  await label.selectOption({ label: "FirstName" });
  await step.until(() => step.kept(page), (kept) => kept.length === 1 && kept[0].startsWith("columns-"));
  assert.equal(await quietly(page, BOB), 200);
  await page.goto("/sender");
  await go.chooseSubaccount(page);
  await step.choose(page, file());
  assert.notEqual(await label.inputValue(), "FirstName", "the next user's file is read as nobody has read one");
  // Whoever logs out leaves nothing behind.
  assert.equal(await quietly(page, DEMO), 200);
  await page.goto("/sender");
  await go.logOut(page);
  await go.heading(page, "Log in").waitFor();
  await step.until(() => step.kept(page), (kept) => kept.length === 0);
});

scenario("one changes one's own password, and is logged out everywhere else", { timeout: 120_000, expect: [/status of 422/, /status of 401/] }, async ({ page, context, browser, server }) => {
  const elsewhere = await (await browser.newContext({ baseURL: server.url })).newPage();
  for (const tab of [page, elsewhere]) await go.signIn(tab);
  await page.getByRole("link", { name: /your account/ }).click();
  await go.heading(page, "Your account").waitFor();
  await assertAccessible(page, "one's own account");
  const present = page.getByLabel("Present password", { exact: true });
  const wanted = page.getByLabel("New password", { exact: true });
  const change = go.button(page, "Change password");
  await change.click();
  await page.getByRole("link", { name: "Enter your password", exact: true }).waitFor();
  for (const [password, next, problem] of [
    ["wrong", "a sentence of my own", "This is not your password"],
    [DEMO.password, "qwerty123456", /Many people use this password/],
    [DEMO.password, "short", "The password must have at least 12 characters"],
  ]) {
    await present.fill(password);
    await wanted.fill(next);
    await change.click();
    await page.getByRole("link", { name: problem }).waitFor();
  }
  await wanted.fill("a sentence of my own");
  await present.fill(DEMO.password);
  await change.click();
  await page.getByText("Your password is changed.").waitFor();
  await page.reload();
  await go.heading(page, "Your account").waitFor();
  await elsewhere.reload();
  await go.heading(elsewhere, "Log in").waitFor();
  await go.button(page, "Log out everywhere").click();
  await go.heading(page, "Log in").waitFor();
  await elsewhere.context().close();
  assert.equal((await context.cookies()).filter((cookie) => cookie.name === "sms_sender").length, 0);
});

scenario("nobody is led away after signing in", { timeout: 120_000 }, async ({ page, server }) => {
  for (const hostile of ["%2F%09%2Fevil.example", "%2F%0A%2Fevil.example", "%252F%252Fevil.example", "/.//x", "//evil.example", "/%5Cevil.example", "https:evil.example"]) {
    await page.goto(`/login?next=${hostile}`);
    await go.trySignIn(page);
    await go.atStep(page, 1);
    assert.equal(new URL(page.url()).origin, server.url, hostile);
    await go.logOut(page);
  }
});
