// Signing in: the door to everything else.

import assert from "node:assert/strict";
import { assertAccessible } from "./support/axe.mjs";
import { alert, button, signIn, trySignIn } from "./support/journey.mjs";
import { scenario } from "./support/scenario.mjs";
import { DEMO } from "./support/server.mjs";

scenario("a wrong password is told in an alert, and the address stays", async ({ page }) => {
  await page.goto("/login");
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
