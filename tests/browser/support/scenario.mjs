// A test as it is written here: `scenario("what happens", async ({ page, server }) => { … })`. Each
// gets a server with an empty database and a page of its own; when one fails, a picture and the
// server's words stay behind.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch, openPage, openProfile } from "./browser.mjs";
import { startHost } from "./host.mjs";
import { startSandbox, startServer } from "./server.mjs";

const PICTURES = fileURLToPath(new URL("../../../target/browser-failures", import.meta.url));
const LIMIT = 90_000;
// For pages with a frame of another site, so that nothing has to be scrolled: right after scrolling,
// the browser takes a moment to know where the frame is, and a click meant for the one goes to the other.
const TALL = { viewport: { width: 1280, height: 2000 } };

// One browser for a file, started by the first test that needs it.
let browser;
after(async () => (await browser)?.close());

/**
 * Options: `server` (see `startServer`), `sandbox` (true or `startSandbox`'s options: the provider
 * in a process of its own), `host` (true or `startHost`'s options: a dashboard on another site that
 * has us inside; the page is then the dashboard's, in a browser that keeps no third-party cookies),
 * `context` (Playwright's), `expect` (regular expressions of console
 * errors that belong to the story), `timeout`, `skip`, `only`.
 */
export function scenario(name, options, body) {
  if (!body) return scenario(name, {}, options);
  const { server: serverOptions, sandbox: sandboxOptions, context: contextOptions } = options;
  const { host: hostOptions } = options;
  const { expect = [], timeout = LIMIT, ...rest } = options;
  test(name, { timeout, skip: rest.skip, only: rest.only }, async (t) => {
    const undo = [];
    let server, host, page, opened;
    try {
      let sandbox;
      if (sandboxOptions) {
        sandbox = await startSandbox(sandboxOptions === true ? {} : sandboxOptions);
        undo.push(() => sandbox.dispose());
      }
      if (hostOptions) {
        host = await startHost(hostOptions === true ? {} : hostOptions);
        undo.push(() => host.dispose());
      }
      server = await startServer({ sandbox, ...host?.forServer, ...serverOptions });
      undo.push(() => server.dispose());
      if (host) {
        opened = await openProfile(host.url, { ...TALL, ...contextOptions });
        undo.push(() => opened.close());
      } else {
        browser ??= launch();
        opened = await openPage(await browser, server.url, contextOptions);
        undo.push(() => opened.context.close());
      }
      page = opened.page;
      const { context } = opened;
      await body({ t, page, server, sandbox, host, context, browser: await browser });
      const complaints = opened.complaints.unexpected(expect);
      if (complaints.length > 0) {
        throw new Error(`the console has ${complaints.length} error(s):\n${complaints.join("\n")}`);
      }
    } catch (error) {
      await leaveTraces(t, name, { page, server, opened });
      throw error;
    } finally {
      for (const step of undo.reverse()) await step();
    }
  });
}

async function leaveTraces(t, name, { page, server, opened }) {
  try {
    if (page && !page.isClosed()) {
      await mkdir(PICTURES, { recursive: true });
      const file = join(PICTURES, `${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 80)}.png`);
      await page.screenshot({ path: file, fullPage: true });
      t.diagnostic(`at ${page.url()}, picture: ${file}`);
    }
  } catch (error) {
    t.diagnostic(`no picture: ${error.message}`);
  }
  for (const line of opened?.complaints.unexpected() ?? []) t.diagnostic(`console: ${line}`);
  // Without the files of the app, which say nothing and are many.
  const log = server?.log.trim().split("\n").filter((line) => !/route=-.*status=[23]/.test(line));
  for (const line of log?.slice(-40) ?? []) t.diagnostic(`server: ${line}`);
}
