// The signing examples of docs/embedding, each run as its first lines say and each token swapped for a
// session. What the machine has no language for is skipped by name.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { exchange, withHost } from "./support/host.mjs";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = join(ROOT, "docs/embedding/sign");
const KEYS = { EdDSA: "made-by-openssl", HS256: "shared" };

/** How each is run, and which kind of key it takes; `probe` tells whether the language is there. */
const LANGUAGES = {
  "sign.mjs": { program: process.execPath, probe: ["--version"], key: "EdDSA" },
  "sign.py": { program: "python3", probe: ["--version"], key: "HS256" },
  "sign.php": { program: "php", probe: ["--version"], key: "HS256" },
  "Sign.java": { program: "java", probe: ["--version"], key: "EdDSA" },
  "sign.go": { program: "go", probe: ["version"], before: ["run"], key: "EdDSA" },
};

/** Rust's is an example of the server's crate; Cargo builds it unless that has been done. */
const RUST = {
  program: "cargo",
  probe: ["--version"],
  before: ["run", "--quiet", "--package", "server", "--example", "sign", "--"],
  key: "EdDSA",
};

/** Both kinds of keys, beside the host's own. */
async function addKeys(config, folder) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const pem = (key, type) => key.export({ type, format: "pem" });
  await writeFile(join(folder, "private.pem"), pem(privateKey, "pkcs8"), { mode: 0o600 });
  await writeFile(join(folder, "public.pem"), pem(publicKey, "spki"));
  // A line break at its end, as `openssl rand -base64 48` leaves it.
  const secret = `${randomBytes(48).toString("base64")}\n`;
  await writeFile(join(folder, "shared.secret"), secret, { mode: 0o600 });
  config.tenants[0].keys.push(
    { kid: KEYS.EdDSA, algorithm: "EdDSA", public_key_file: "public.pem" },
    { kid: KEYS.HS256, algorithm: "HS256", secret_file: "shared.secret" },
  );
}

async function isThere({ program, probe }) {
  try {
    await run(program, probe);
    return true;
  } catch {
    return false;
  }
}

/** Runs an example and swaps what it prints: once, and once too often. */
async function check({ program, before = [], key }, file, { host }) {
  const keyFile = join(host.folder, key === "EdDSA" ? "private.pem" : "shared.secret");
  const user = 'user "7", Zoë';
  const given = [keyFile, "acme", KEYS[key], user, host.sender, host.url, 'Zoë "7"', "compose,view"];
  const { stdout } = await run(program, [...before, ...(file ? [file] : []), ...given], {
    cwd: ROOT,
  });
  const token = stdout.trim();
  const [head, claims] = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
  assert.equal(JSON.parse(head).alg, key);
  const { sub, name, iat, exp, scopes } = JSON.parse(claims);
  assert.deepEqual([sub, name, scopes], [user, 'Zoë "7"', ["compose", "view"]]);
  assert.ok(exp - iat <= 300);
  const taken = await exchange(host, token);
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  assert.equal(taken.body.session.name, name);
  const again = await exchange(host, token);
  assert.deepEqual([again.status, again.body.code], [401, "token_used"]);
}

test("there is no example that is not run", async () => {
  assert.deepEqual((await readdir(EXAMPLES)).sort(), Object.keys(LANGUAGES).sort());
});

test("every signing example makes tokens that are taken, once", { timeout: 900_000 }, async (t) => {
  await withHost({ adjust: addKeys }, async (place) => {
    const all = Object.entries(LANGUAGES).map(([name, how]) => [name, how, join(EXAMPLES, name)]);
    all.push(["src/server/examples/sign.rs", RUST, undefined]);
    for (const [name, how, file] of all) {
      const skip = (await isThere(how)) ? false : `there is no ${how.program} on this machine`;
      await t.test(name, { skip }, () => check(how, file, place));
    }
  });
});
