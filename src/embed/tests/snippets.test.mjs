// The snippets of docs/embedding.md and of the README, copied into a project as a reader would: the
// endpoint answers with a token, and what is for React and Vue compiles.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const docs = await readFile(join(ROOT, "../../docs/embedding.md"), "utf8");
const readme = await readFile(join(ROOT, "README.md"), "utf8");

/** The one snippet of a text that is of this kind and has these words in it. */
function snippet(text, kind, words) {
  const all = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const found = all.filter(([, of, code]) => of === kind && code.includes(words));
  assert.equal(found.length, 1, `${kind} with ${words}`);
  return found[0][2];
}

/** Somebody's project with the package installed. */
let project;
const write = async (name, content) => {
  const path = join(project, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
};
const node = (file) => run(process.execPath, [file], { cwd: project });

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

before(async () => {
  project = await mkdtemp(join(tmpdir(), "sms-sender-snippets-"));
  await mkdir(join(project, "node_modules/@sms-sender"), { recursive: true });
  await symlink(ROOT, join(project, "node_modules/@sms-sender/embed"));
  for (const name of ["react", "vue", "@types"]) {
    await symlink(join(ROOT, "node_modules", name), join(project, "node_modules", name));
  }
  await write("package.json", '{ "type": "module" }');
  await write("acme-private.pem", privateKey.export({ type: "pkcs8", format: "pem" }));
});

after(() => rm(project, { recursive: true, force: true }));

/** The claims of a token that our key has signed. */
function claims(token) {
  const [head, body, signature] = token.split(".");
  const key = createPublicKey(publicKey.export({ type: "spki", format: "pem" }));
  assert.ok(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url")));
  return JSON.parse(Buffer.from(body, "base64url"));
}

test("the endpoint answers with a token for who is signed in", async () => {
  await write("server.js", snippet(docs, "js", "signToken"));
  await write(
    "sign-in.js",
    `export function requireSignIn(request, response, next) {
      request.user = { id: 7, name: "Zoë", maySend: false };
      next();
    }`,
  );
  // As much of Express as answers one request.
  await write(
    "node_modules/express/index.js",
    `export default () => ({
      post(path, guard, handler) {
        const request = {};
        const response = { set() { return this; }, json: (body) => console.log(path, body.token) };
        guard(request, response, () => handler(request, response));
      },
      listen() {},
    });`,
  );
  await write("node_modules/express/package.json", '{ "type": "module", "main": "index.js" }');
  const { stdout } = await node("server.js");
  const [path, token] = stdout.trim().split(" ");
  assert.equal(path, "/sms-token");
  const { sub, name, scopes, aud } = claims(token);
  assert.deepEqual([sub, name, scopes, aud], ["7", "Zoë", ["view"], "https://sender.example"]);
});

test("the README's token is one", async () => {
  const code = snippet(readme, "js", "signToken");
  await write("readme.js", `${code}\nconsole.log(token);`);
  const { stdout } = await node("readme.js");
  assert.equal(claims(stdout.trim()).sub, "42");
});

test("Vite's configuration can be read", async () => {
  await write("vite.config.js", snippet(docs, "js", "isCustomElement"));
  await write("node_modules/@vitejs/plugin-vue/index.js", "export default (options) => options;");
  const plugin = '{ "type": "module", "main": "index.js" }';
  await write("node_modules/@vitejs/plugin-vue/package.json", plugin);
  await write(
    "vite.js",
    `import { default as config } from "./vite.config.js";
    const { isCustomElement } = config.plugins[0].template.compilerOptions;
    console.log(isCustomElement("sms-sender"), isCustomElement("div"));`,
  );
  const { stdout } = await node("vite.js");
  assert.equal(stdout, "true false\n");
});

test("what is for React and Vue compiles", async () => {
  await write("react.tsx", snippet(docs, "tsx", "@sms-sender/embed/react"));
  await write("react-tag.tsx", snippet(docs, "tsx", "./embed"));
  await write("Package.vue", snippet(docs, "vue", "@sms-sender/embed/vue"));
  await write("Tag.vue", snippet(docs, "vue", "<sms-sender"));
  await write("load.ts", snippet(docs, "js", "await load"));
  await write("embed.d.ts", await readFile(join(ROOT, "../../public/embed.d.ts"), "utf8"));
  // The file and the package would both declare the tag: a project has one of them.
  const options = {
    strict: true,
    noEmit: true,
    target: "es2022",
    module: "esnext",
    moduleResolution: "bundler",
    lib: ["es2022", "dom"],
    types: [],
    jsx: "react-jsx",
    allowJs: true,
  };
  const projects = {
    "package.json": ["react.tsx", "Package.vue", "load.ts"],
    "tag.json": ["react-tag.tsx", "Tag.vue", "embed.d.ts"],
  };
  for (const [name, files] of Object.entries(projects)) {
    const config = { compilerOptions: options, files };
    await write(`tsconfig.${name}`, JSON.stringify(config));
    const tsc = join(ROOT, "node_modules/.bin/vue-tsc");
    await run(tsc, ["--project", `tsconfig.${name}`], { cwd: project }).catch((error) => {
      assert.fail(error.stdout || error.message);
    });
  }
});
