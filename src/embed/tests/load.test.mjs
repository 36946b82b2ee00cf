// Loading the element: one script, whoever asks and however often, and words when it does not come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../index.js";

test("on a server it says that there is nothing to load", async () => {
  await assert.rejects(load({ sender: "https://sender.example" }), /load\(\) is for browsers/);
});

test("what is no address is told, and nothing is fetched", async () => {
  const { scripts } = await import("./support/page.mjs");
  for (const sender of [undefined, "", "sender.example", "/embed", "file:///x", "https://"]) {
    await assert.rejects(load({ sender }), /sender must be the address of the Sender/);
  }
  assert.deepEqual(scripts(), []);
});

test("a script that does not come is told, and asked for again by the next call", async () => {
  const { fails, scripts } = await import("./support/page.mjs");
  const first = load({ sender: "https://sender.example" });
  const [script] = scripts();
  assert.equal(script.src, "https://sender.example/embed.js");
  assert.ok(script.async && !script.hasAttribute("integrity"));
  assert.equal(script.crossOrigin, null);
  const refused = assert.rejects(first, {
    message: "https://sender.example/embed.js could not be loaded",
  });
  await fails();
  await refused;
  assert.deepEqual(scripts(), []);
});

test("a hash goes with the script, and what it is not is told", async () => {
  const { fails, scripts } = await import("./support/page.mjs");
  const pinned = load({
    sender: "https://sender.example/",
    file: "embed-0123456789abcdef.js",
    integrity: "sha384-abc",
    nonce: "n0nce",
  });
  const [script] = scripts();
  assert.equal(script.src, "https://sender.example/embed-0123456789abcdef.js");
  assert.deepEqual(
    [script.integrity, script.crossOrigin, script.nonce],
    ["sha384-abc", "anonymous", "n0nce"],
  );
  const refused = assert.rejects(pinned, /or it is not the one that integrity stands for$/);
  await fails();
  await refused;
});

test("a script that is something else is told", async () => {
  const { scripts, settled } = await import("./support/page.mjs");
  const wrong = load({ sender: "https://sender.example" });
  const refused = assert.rejects(wrong, /embed\.js defines no <sms-sender>/);
  await settled(() => scripts().at(-1).onload());
  await refused;
  for (const script of scripts()) script.remove();
});

test("however many ask, one script is fetched, and all get the element", async () => {
  const { arrives, scripts } = await import("./support/page.mjs");
  const copy = { sender: "https://sender.example", file: "https://dashboard.example/own/embed.js" };
  const asked = [load(copy), load(copy), load({ sender: "https://sender.example" })];
  assert.deepEqual(
    scripts().map((script) => script.src),
    ["https://dashboard.example/own/embed.js"],
  );
  await arrives();
  const Element = customElements.get("sms-sender");
  assert.deepEqual(await Promise.all(asked), [Element, Element, Element]);
  assert.equal(Element.base, "https://sender.example/", "not where the copy is");
});

test("where the element is defined already, nothing is fetched", async () => {
  const { scripts } = await import("./support/page.mjs");
  const Element = customElements.get("sms-sender");
  const before = scripts().length;
  // As where a tag of the page has loaded it, and this module knows nothing of it.
  const { load: another } = await import("../index.js?another");
  assert.equal(await another({ sender: "https://other.example" }), Element);
  assert.equal(scripts().length, before);
  assert.equal(Element.base, "https://sender.example/", "whoever loaded it has said so");
});
