// Somebody else's dashboard with the sender inside, for tests: started on another site than ours,
// signed in to, and looked into.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DemoHost } from "../../demo-host/server.mjs";
import { freePort, startServer } from "./server.mjs";

class TestHost extends DemoHost {
  /** What `startServer` needs to take this host's tokens. */
  forServer;

  async dispose() {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts a dashboard; the options are `DemoHost`'s. The sender's address is settled, too. */
export async function startHost(options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "sms-sender-host-"));
  const [port, sendersPort] = [await freePort(), await freePort()];
  const sender = `http://127.0.0.1:${sendersPort}`;
  const host = new TestHost({ port, sender, folder, ...options });
  try {
    const file = await host.configure();
    host.forServer = { port: sendersPort, args: ["--embed-file", file] };
    await host.listen();
    return host;
  } catch (error) {
    await host.dispose();
    throw error;
  }
}

/** Signs in to the dashboard and waits for its overview. */
export async function signInToHost(page, host, user = host.users[0]) {
  await page.goto(`${host.url}/login`);
  await page.getByRole("textbox", { name: "Email" }).fill(user.email);
  await page.getByLabel("Password").fill(host.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

/** The frame of an element in the page, the first unless said otherwise. */
export async function frameIn(page, n = 0) {
  const frame = await page.locator("sms-sender iframe").nth(n).elementHandle();
  return frame.contentFrame();
}

/** Signs in, goes to the page with the sender, and waits until its first step is there. */
export async function openSender(page, host, user) {
  await signInToHost(page, host, user);
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  const frame = await frameIn(page);
  await frame.getByRole("heading", { name: "Select a subaccount" }).waitFor();
  return frame;
}

/** Swaps a token for a bearer, as the frame does: `{ status, body }`. */
export async function exchange(host, token, origin = host.url) {
  const answer = await fetch(`${host.sender}/api/v1/session/embed`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token, origin }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A host and a server without a browser, for what goes by HTTP alone. */
export async function withHost(options, body) {
  const host = await startHost(options);
  try {
    const server = await startServer(host.forServer);
    try {
      await body({ host, server });
    } finally {
      await server.dispose();
    }
  } finally {
    await host.dispose();
  }
}
