// Every screen in every state, as the gallery of debug builds shows them: what a machine can find of what people with
// disabilities meet, and pictures to look at. `cargo xtask test gallery` runs it.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assertAccessible } from "./support/axe.mjs";
import { scenario } from "./support/scenario.mjs";

const PICTURES = fileURLToPath(new URL("../../target/gallery", import.meta.url));
const LOOKS = {
  wide: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};
// Nobody is signed in there, and the list of subaccounts says so.
const NOBODY = [/status of 401/];
// The parts stand on one page as they never do: headings and landmarks of many pages, in any order.
const ONE_PAGE = ["page-has-heading-one", "heading-order", "landmark-unique", "landmark-no-duplicate-main",
  "landmark-main-is-top-level", "landmark-one-main", "region", "duplicate-id-aria"];

for (const [look, context] of Object.entries(LOOKS)) {
  scenario(`every screen, ${look}`, { context, timeout: 300_000, expect: NOBODY }, async ({ page }) => {
    await mkdir(PICTURES, { recursive: true });
    await page.goto("/gallery");
    const links = page.getByRole("navigation", { name: "The wizard's steps" }).getByRole("link");
    await links.first().waitFor();
    const names = await links.allTextContents();
    await look_at(page, "parts", ONE_PAGE);
    for (const name of names) {
      await page.goto(`/gallery?screen=${name}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      // The content of a step stands alone here, without the bar that surrounds it.
      await look_at(page, name, ["region"]);
    }
  });

  async function look_at(page, name, disable) {
    await page.screenshot({ path: join(PICTURES, `${name}-${look}.png`), fullPage: true });
    await assertAccessible(page, `${name} (${look})`, { disable });
  }
}
