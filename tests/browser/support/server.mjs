// The real program under test: started on a free port with a database of its own, stopped politely
// or killed, started again on what it left behind.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PROGRAM = process.env.SMS_SENDER_BIN ?? join(ROOT, "target/release/sms-sender");

/** The account that `--demo` makes. */
export const DEMO = { email: "demo@example.com", password: "correct-horse-battery" };

/** A port that nobody listens on right now. */
export async function freePort() {
  const probe = createServer();
  await new Promise((done, failed) => probe.once("error", failed).listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** One running program; `start` may be called again after `stop` or `kill9`. */
class Program {
  #child;
  #ended;
  #log = [];

  constructor(name, { args, port, env, ready }) {
    this.name = name;
    this.args = args;
    this.port = port;
    this.env = env;
    this.url = `http://127.0.0.1:${port}`;
    this.ready = this.url + ready;
  }

  /** Everything it printed, over all its lives. */
  get log() {
    return this.#log.join("");
  }

  /** The process, while it runs. */
  get pid() {
    return this.#child.pid;
  }

  async start() {
    const child = spawn(PROGRAM, this.args, {
      env: { ...process.env, ...this.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => this.#log.push(text));
    }
    let failure;
    this.#ended = new Promise((done) => {
      child.once("error", (error) => done((failure = error.message)));
      child.once("exit", (code, signal) => done((failure = `it ended with ${signal ?? code}`)));
    });
    running.add(child);
    this.#ended.then(() => running.delete(child));

    const deadline = Date.now() + 20_000;
    while (!(await answers(this.ready))) {
      if (failure) throw new Error(`${this.name} did not start: ${failure}\n${this.log}`);
      if (Date.now() > deadline) throw new Error(`${this.name} does not answer\n${this.log}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    return this;
  }

  /** Asks it to end and waits until it did. */
  async stop() {
    await this.#end("SIGTERM");
  }

  /** Ends it as a power cut would. */
  async kill9() {
    await this.#end("SIGKILL");
  }

  /** Stops it and starts it again: same database, same port. */
  async restart() {
    await this.stop();
    await this.start();
  }

  async #end(signal) {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    // A page that listens to events must not keep a server alive for ever.
    const impatience = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await this.#ended;
    clearTimeout(impatience);
  }
}

const running = new Set();
// Whatever happens to the tests, nothing they started stays behind.
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

/** SMS Sender with a demo account. */
class Server extends Program {
  constructor(folder, { args, port, env }) {
    const all = { SMS_SENDER_DEMO_PASSWORD: DEMO.password, ...env };
    super("sms-sender serve", { args, port, env: all, ready: "/healthz" });
    this.folder = folder;
  }

  /** Stops it for good and removes its database. */
  async dispose() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Starts SMS Sender. Without `sandbox` it simulates the provider itself; with one (see
 * `startSandbox`) it reaches it as it would reach the real one. `args` and `env` are added; `port`
 * is for those who have to know it before.
 */
export async function startServer({ sandbox, args = [], env = {}, port } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "sms-sender-test-"));
  port ??= await freePort();
  const all = ["serve", "--listen", `127.0.0.1:${port}`, "--demo"];
  all.push("--database", `sqlite:${join(folder, "test.db")}`);
  if (sandbox) {
    const key = join(folder, "key");
    await writeFile(key, "a-key-for-tests\n", { mode: 0o600 });
    all.push("--gateway", "8x8", "--gateway-url", sandbox.url, "--gateway-key-file", key);
    // Any account will do there; with one, the server asks for subaccounts and prices.
    all.push("--gateway-account", "demo");
  } else {
    all.push("--gateway", "sandbox");
  }
  const server = new Server(folder, { args: [...all, ...args], port, env });
  try {
    return await server.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
}

/** The simulator of the provider, in a process of its own, which outlives a killed server. */
class Sandbox extends Program {
  /** What it accepted so far, counted. */
  async counters() {
    return this.#get("/sandbox/api/counters");
  }

  /** The messages that it accepted for a number, or all. */
  async messages(destination) {
    const query = destination ? `?destination=${encodeURIComponent(destination)}` : "";
    return this.#get(`/sandbox/api/messages${query}`);
  }

  async #get(path) {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  async dispose() {
    await this.stop();
  }
}

/** Starts the simulator; `args` are its own: `["--latency", "20ms"]`. */
export async function startSandbox({ args = [] } = {}) {
  const port = await freePort();
  const all = ["sandbox", "--listen", `127.0.0.1:${port}`, ...args];
  const ready = "/sandbox/api/counters";
  return new Sandbox("sms-sender sandbox", { args: all, port, env: {}, ready }).start();
}
