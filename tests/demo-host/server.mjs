// A small dashboard of somebody else, with the sender inside: its own sign-in, its own looks, a
// strict CSP, and the one endpoint that embedding asks of a host.
//
//   node server.mjs --port 8090 --sender http://127.0.0.1:8080 --folder host [-- COMMAND …]
//
// It writes `embed.json` and its public key into the folder, for `sms-sender serve --embed-file`. A
// command after `--` is started along, and both end together.

import { spawn } from "node:child_process";
import { randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import * as pages from "./pages.mjs";
import { claimsFor, makeKeys, signToken } from "./token.mjs";

const PUBLIC = fileURLToPath(new URL("public/", import.meta.url));
const TENANT = "acme";
const KEY_ID = "demo";
const TYPES = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

/** Who may sign in here, and what each may do with the sender. */
const USERS = [
  { email: "mira@acme.example", name: "Mira Okafor", scopes: ["compose", "submit", "view"] },
  { email: "sam@acme.example", name: "Sam Weber", scopes: ["compose", "view"] },
];

/** A dashboard; `listen()` starts it. Its options may be changed while it runs. */
export class DemoHost {
  /**
   * `sender` is the sender's address, `folder` where `embed.json` goes. `name` is the host's name:
   * any that ends in "localhost". `elements` is how many senders the page has, `life` a token's life
   * in seconds, `session` that of what it is exchanged for, `limits` as in the token, `token` a
   * function that gets the claims and gives the token, in place of an honest one, and `adjust` one
   * that gets the configuration and the folder before the former is written.
   */
  constructor({ port, sender, folder, name = "localhost", password, ...options }) {
    Object.assign(this, { port, sender, folder, options });
    this.url = `http://${name}:${port}`;
    this.password = password || randomBytes(6).toString("base64url");
    this.keys = { ...makeKeys(), keyId: KEY_ID };
    /** How many tokens were asked for. */
    this.asked = 0;
    /** Whether the token endpoint takes the users for signed in. */
    this.forgetful = false;
    this.sessions = new Map();
  }

  /** Its users, as the sign-in page shows them. */
  get users() {
    return USERS;
  }

  /** Writes what the sender's configuration needs, and returns the file. */
  async configure() {
    const { session, subaccounts, adjust } = this.options;
    const keys = [{ kid: KEY_ID, algorithm: "EdDSA", public_key_file: `${TENANT}.pem` }];
    const tenant = { id: TENANT, origins: [this.url], subaccounts, keys };
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, `${TENANT}.pem`), this.keys.publicPem);
    const file = join(this.folder, "embed.json");
    const config = { session_seconds: session, tenants: [tenant] };
    await adjust?.(config, this.folder);
    await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
    return file;
  }

  async listen() {
    this.server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => {
        console.error(error);
        response.writeHead(500).end();
      });
    });
    await new Promise((done, failed) => {
      this.server.once("error", failed).listen(this.port, "localhost", done);
    });
    return this;
  }

  async close() {
    this.server?.closeAllConnections();
    await new Promise((done) => (this.server ? this.server.close(done) : done()));
  }

  /** The policy of every page: nothing but its own files and the sender. */
  get policy() {
    return [
      "default-src 'none'",
      `script-src 'self' ${this.sender}`,
      `frame-src ${this.sender}`,
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; ");
  }

  /** What a token says of a user. */
  claims(user = USERS[0]) {
    const { scopes, limits, life } = this.options;
    return claimsFor({
      issuer: TENANT,
      user: user.email,
      name: user.name,
      audience: this.sender,
      origin: this.url,
      scopes: user.scopes.filter((scope) => !scopes || scopes.includes(scope)),
      limits,
      life,
    });
  }

  /** A token for a user: the one thing that embedding asks of a host. */
  token(user) {
    const [claims, { token }] = [this.claims(user), this.options];
    return token ? token(claims, this.keys) : signToken(this.keys, claims);
  }

  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    const user = this.sessions.get(cookie(request, "acme_session"));
    response.setHeader("Content-Security-Policy", this.policy);
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "same-origin");
    response.setHeader("Cache-Control", "no-store");
    const html = (status, text) => {
      response.writeHead(status, { "Content-Type": "text/html; charset=utf-8" }).end(text);
    };
    const go = (to, headers = {}) => response.writeHead(303, { Location: to, ...headers }).end();

    if (extname(pathname) && request.method === "GET") return this.#file(pathname, response);
    switch (`${request.method} ${pathname}`) {
      case "GET /login":
        return html(200, pages.login(this, {}));
      case "POST /login": {
        const given = new URLSearchParams(await body(request));
        const known = USERS.find(({ email }) => email === given.get("email"));
        if (!known || !same(given.get("password") ?? "", this.password)) {
          return html(401, pages.login(this, { email: given.get("email") ?? "", refused: true }));
        }
        const id = randomBytes(18).toString("base64url");
        this.sessions.set(id, known);
        const kept = `acme_session=${id}; Path=/; HttpOnly; SameSite=Lax`;
        return go("/", { "Set-Cookie": kept });
      }
      case "POST /logout":
        this.sessions.delete(cookie(request, "acme_session"));
        return go("/login", { "Set-Cookie": "acme_session=; Path=/; Max-Age=0" });
      case "POST /sms-token": {
        // Only for our own pages, and only for who is signed in there.
        if (request.headers.origin !== this.url) return response.writeHead(403).end();
        if (!user || this.forgetful) return response.writeHead(401).end();
        this.asked += 1;
        response.writeHead(200, { "Content-Type": "application/json" });
        return response.end(JSON.stringify({ token: this.token(user) }));
      }
    }
    const page = request.method === "GET" && pages.inside[pathname];
    if (!page) return html(404, pages.missing(this, user));
    return user ? html(200, page(this, user, searchParams)) : go("/login");
  }

  async #file(pathname, response) {
    const type = TYPES[extname(pathname)];
    if (!type || !/^\/[a-z-]+\.[a-z]+$/.test(pathname)) return response.writeHead(404).end();
    try {
      const content = await readFile(join(PUBLIC, pathname));
      return response.writeHead(200, { "Content-Type": `${type}; charset=utf-8` }).end(content);
    } catch {
      return response.writeHead(404).end();
    }
  }
}

function cookie(request, name) {
  const pairs = (request.headers.cookie ?? "").split("; ").map((pair) => pair.split("="));
  return pairs.find(([key]) => key === name)?.[1];
}

async function body(request) {
  let text = "";
  for await (const part of request.setEncoding("utf8")) {
    text += part;
    if (text.length > 10_000) throw new Error("too much for a form");
  }
  return text;
}

function same(a, b) {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Starts a program, passes on that we are told to end, and ends with it. */
function startAlong([program, ...args], host) {
  const child = spawn(program, args, { stdio: "inherit" });
  // Ctrl-C reaches both; whoever tells only us to end means both as well.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.once("error", (error) => {
    console.error(`cannot start ${program}: ${error.message}`);
    process.exit(1);
  });
  child.once("exit", async (code) => {
    await host.close();
    process.exit(code ?? 0);
  });
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: "string", default: "8090" },
      sender: { type: "string", default: "http://127.0.0.1:8080" },
      folder: { type: "string" },
      elements: { type: "string" },
      life: { type: "string" },
      session: { type: "string" },
      scopes: { type: "string" },
      recipients: { type: "string" },
      spend: { type: "string" },
    },
  });
  if (!values.folder) throw new Error("say with --folder where embed.json goes");
  const number = (name) => (values[name] === undefined ? undefined : Number(values[name]));
  const [amount, currency] = values.spend?.split(" ") ?? [];
  const limits = {
    recipients: number("recipients"),
    spend: amount && { amount, currency: currency ?? "USD" },
  };
  const host = new DemoHost({
    port: number("port"),
    sender: values.sender,
    folder: values.folder,
    password: process.env.DEMO_HOST_PASSWORD,
    elements: number("elements"),
    life: number("life"),
    session: number("session"),
    scopes: values.scopes?.split(","),
    limits: Object.values(limits).some(Boolean) ? limits : undefined,
  });
  const file = await host.configure();
  await host.listen();
  if (positionals.length > 0) return startAlong(positionals, host);
  console.log(`The dashboard: ${host.url}`);
  for (const { email } of host.users) console.log(`Sign in as:    ${email}`);
  console.log(`Password:      ${host.password}`);
  console.log(`For the sender: --embed-file ${file}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
