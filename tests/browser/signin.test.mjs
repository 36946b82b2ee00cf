// Signing in: the door to everything else.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { alert, button, heading, signIn, trySignIn } from "./support/journey.mjs";
import { scenario } from "./support/scenario.mjs";
import { DEMO } from "./support/server.mjs";

// Chromium writes the refusal into its console.
const WRONG = { expect: [/status of 401 .*\/api\/v1\/session/] };

scenario("a wrong password is told in an alert, and the address stays", WRONG, async ({ page }) => {
  await page.goto("/login");
  await heading(page, "Log in").waitFor();
  await assertAccessible(page, "the sign-in page");
  await trySignIn(page, { password: "not the password" });
  await alert(page).filter({ hasText: /\S/ }).first().waitFor();
  const address = page.getByRole("textbox", { name: "Email address", exact: true });
  assert.equal(await address.inputValue(), DEMO.email);
  assert.match(page.url(), /\/login/);
  await assertAccessible(page, "the sign-in page after a failed try");
});

scenario("the right password leads to the shell, and Log out back", async ({ page }) => {
  await signIn(page);
  for (const name of ["Sender", "Campaigns"]) {
    await page.getByRole("link", { name, exact: true }).waitFor();
  }
  await assertAccessible(page, "the shell");
  await button(page, "Log out").click();
  await button(page, "Log in").waitFor();
});

scenario("a page that needs an account asks for it first", async ({ page }) => {
  await page.goto("/campaigns");
  await button(page, "Log in").waitFor();
  await trySignIn(page);
  await page.waitForURL("**/campaigns");
});

const SECOND_PART = /\/inside-[0-9a-f]+\.wasm$/;

scenario("what comes after signing in is fetched while the sign-in page stands", async ({ page }) => {
  const fetched = page.waitForRequest(SECOND_PART);
  await page.goto("/login");
  const request = await fetched;
  await heading(page, "Log in").waitFor();
  assert.equal((await request.response()).headers()["cache-control"], "public, max-age=31536000, immutable");
  await trySignIn(page);
  await page.getByRole("link", { name: "Sender", exact: true }).waitFor();
  const again = page.waitForRequest(SECOND_PART);
  await page.reload();
  await again;
  await page.getByRole("link", { name: "Sender", exact: true }).waitFor();
});

scenario(
  "what did not arrive is told and can be tried again",
  { expect: [/inside-/, /Failed to fetch/] },
  async ({ page }) => {
    const pattern = SECOND_PART;
    let tries = 0;
    await page.route(pattern, (route) => (++tries, route.abort()));
    await page.goto("/login");
    await trySignIn(page);
    const told = alert(page).filter({ hasText: "did not arrive" });
    // In the background it failed unnoticed; signing in has tried once more.
    await told.waitFor();
    assert.equal(tries, 2);
    await assertAccessible(page, "the words for what did not arrive");
    await button(page, "Try again").click();
    await told.waitFor();
    assert.equal(tries, 3);
    await page.unroute(pattern);
    await button(page, "Try again").click();
    await page.getByRole("link", { name: "Sender", exact: true }).waitFor();
    await heading(page, "Select a subaccount").waitFor();
  },
);

scenario(
  "the sign-in page in the dark, on a narrow screen",
  { context: { colorScheme: "dark", viewport: { width: 360, height: 640 } } },
  async ({ page }) => {
    await page.goto("/login");
    await button(page, "Log in").waitFor();
    await assertAccessible(page, "the sign-in page, dark and narrow");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `nothing scrolls sideways, but the page is ${wide} px wide`);
  },
);
