// The same walks in Firefox, where it is installed: another engine, another storage, other habits.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import puppeteer from "puppeteer-core";
import { InFirefox } from "./person.mjs";
import { startServer } from "./server.mjs";

const NAMES = ["firefox-esr", "firefox"];

function executable() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // The next place, then.
      }
    }
  }
  return undefined;
}

const FIREFOX = executable();

// One browser for a file, started by the first test that needs it.
let browser;
after(async () => (await browser)?.close());

function launch() {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: true,
    // High, so that nothing is clicked that lies below the bar at the foot.
    defaultViewport: { width: 1280, height: 2400 },
    extraPrefsFirefox: { "intl.accept_languages": "en-GB", "ui.prefersReducedMotion": 1 },
  });
}

/** Like `scenario`: a server with an empty database and somebody who uses it. */
export function scenarioInFirefox(name, { timeout = 120_000, ...options }, body) {
  const skip = FIREFOX ? false : "Firefox is not installed; `apt install firefox-esr`, or set FIREFOX";
  test(`in Firefox: ${name}`, { timeout, skip }, async (t) => {
    const server = await startServer(options.server);
    const complaints = [];
    let context;
    try {
      browser ??= launch();
      context = await (await browser).createBrowserContext();
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await body({ t, person: new InFirefox(page, server.url), server });
      if (complaints.length > 0) {
        throw new Error(`the console has ${complaints.length} error(s):\n${complaints.join("\n")}`);
      }
    } catch (error) {
      for (const line of complaints) t.diagnostic(`console: ${line}`);
      throw error;
    } finally {
      await context?.close();
      await server.dispose();
    }
  });
}
