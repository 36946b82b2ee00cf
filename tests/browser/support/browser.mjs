// A real Chromium, a fresh context for every test, and a watch on everything that a page complains
// about: an error in the console fails the test unless the test said that it would come.

import { accessSync, constants } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
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
  throw new Error("no Chromium: `cargo xtask test browser` installs one, or set CHROMIUM");
}

/** Starts the browser; `close()` it when the file's tests are through. */
export function launch() {
  return chromium.launch({ executablePath: executable(), args: ARGS, headless: true });
}

/**
 * A page in a context of its own. `viewport`, `colorScheme`, `reducedMotion` and whatever else
 * Playwright knows of contexts may be given. Motion is reduced by default: nothing is tested while
 * it still moves.
 */
export async function openPage(browser, baseURL, options = {}) {
  return watched(await browser.newContext({ ...usual(baseURL), ...options }));
}

/**
 * A page in a browser of its own with a profile that says whether frames of other sites get cookies:
 * what the default is differs from browser to browser, and between a profile and a private window.
 * `close()` takes the place of the context's.
 */
export async function openProfile(baseURL, { thirdPartyCookies = false, ...options } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "sms-sender-profile-"));
  const profile = {
    cookie_controls_mode: thirdPartyCookies ? 0 : 1,
    block_third_party_cookies: !thirdPartyCookies,
  };
  await mkdir(join(folder, "Default"));
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify({ profile }));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: executable(),
    args: ARGS,
    headless: true,
    ...usual(baseURL),
    ...options,
  });
  const close = async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { ...(await watched(context)), close };
}

function usual(baseURL) {
  return {
    baseURL,
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    reducedMotion: "reduce",
    locale: "en-GB",
  };
}

async function watched(context) {
  // Generous for a small machine, and far below the test's own limit, which says nothing useful.
  context.setDefaultTimeout(15_000);
  const complaints = new Complaints();
  context.on("page", (page) => complaints.watch(page));
  const page = await context.newPage();
  return { context, page, complaints };
}

/** What pages complained about. */
export class Complaints {
  #heard = [];

  watch(page) {
    page.on("pageerror", (error) => this.#heard.push(`uncaught: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.#heard.push(`${message.text()} ${message.location().url ?? ""}`.trim());
      }
    });
  }

  /** Those that nobody announced; `expected` are regular expressions over text and address. */
  unexpected(expected = []) {
    return this.#heard.filter((line) => !expected.some((pattern) => pattern.test(line)));
  }
}
