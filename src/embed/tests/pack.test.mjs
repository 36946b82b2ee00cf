// What would be published: the code, its types, the licences and the README, and nothing of how we work.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

async function published() {
  // `npm test` has run it already, and the other tests are reading what it copies.
  const dry = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", dry, { cwd: ROOT });
  const answer = JSON.parse(stdout);
  // A list up to npm 11, and by name from 12 on.
  const [{ files }] = Object.values(answer);
  return files.map(({ path }) => path).sort();
}

test("only what hosts need is published", async () => {
  assert.deepEqual(await published(), [
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "element.d.ts",
    "events.js",
    "index.d.ts",
    "index.js",
    "package.json",
    "react.d.ts",
    "react.js",
    "server.d.ts",
    "server.js",
    "vue.d.ts",
    "vue.js",
  ]);
});

test("every entry point is there, with its types", async () => {
  const files = await published();
  assert.deepEqual(Object.keys(manifest.exports), [".", "./react", "./vue", "./server"]);
  for (const entry of Object.values(manifest.exports)) {
    for (const path of Object.values(entry)) assert.ok(files.includes(path.slice(2)), path);
  }
});

test("nothing is installed along, and what is copied is what the repository has", async () => {
  assert.equal(manifest.dependencies, undefined);
  for (const name of Object.keys(manifest.peerDependencies)) {
    assert.ok(manifest.peerDependenciesMeta[name]?.optional, name);
  }
  const [copy, original] = await Promise.all(
    ["../element.d.ts", "../../../public/embed.d.ts"].map((path) =>
      readFile(new URL(path, import.meta.url), "utf8"),
    ),
  );
  assert.equal(copy, original);
});
