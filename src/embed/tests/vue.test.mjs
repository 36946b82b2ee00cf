// <SmsSender> in Vue: what is given to it arrives at the element, before and after that one is defined, and
// what the element tells is emitted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrives, element, fails, names, scripts, settled, tells } from "./support/page.mjs";

const { createApp, h, nextTick, ref, shallowReactive, shallowRef } = await import("vue");
const { SmsSender } = await import("../vue.js");

const SENDER = "https://sender.example";
const heard = [];
const warnings = [];
const instance = ref();

/** Shows it with props that a test may change, and takes away what was shown before. */
let app;
function show(props) {
  app?.unmount();
  const given = shallowRef({ sender: SENDER, ...props });
  app = createApp({ render: () => h(SmsSender, { ref: instance, ...given.value }) });
  app.config.warnHandler = (warning) => warnings.push(warning);
  app.mount(document.body.appendChild(document.createElement("div")));
  return async (next) => {
    given.value = { sender: SENDER, ...next };
    await nextTick();
  };
}

test("a script that does not come is told", async () => {
  show({ onError: (detail) => heard.push(detail) });
  await fails();
  assert.deepEqual(heard.splice(0), [
    { code: "not_loaded", message: "https://sender.example/embed.js could not be loaded" },
  ]);
});

let change;
test("what is given before the element is defined is there after", async () => {
  const prefill = { message: "Hello" };
  show({ prefill: { message: "Gone before the script comes" } });
  change = show({
    getToken: () => "a token",
    prefill,
    theme: "dark",
    tokens: { radius: "2px" },
    subaccount: "acme_hq",
    locale: "en-GB",
    class: "wide",
    tabindex: -1,
  });
  assert.equal(instance.value.element, element());
  assert.equal(scripts().length, 1);
  await arrives();
  const attributes = Object.fromEntries([...element().attributes].map((a) => [a.name, a.value]));
  assert.deepEqual(attributes, {
    src: SENDER,
    theme: "dark",
    subaccount: "acme_hq",
    locale: "en-GB",
    class: "wide",
    tabindex: "-1",
  });
  assert.equal(element().getToken(), "a token");
  assert.deepEqual(element().theme, { radius: "2px" });
  assert.deepEqual(element().calls, [["prefill", prefill]]);
});

test("what changes arrives, and what is left out is taken back", async () => {
  const here = element();
  await change({ getToken: () => "another", theme: "light", tokens: { radius: "2px" } });
  assert.equal(element(), here, "the same element");
  assert.equal(here.getToken(), "another");
  assert.deepEqual([here.getAttribute("theme"), here.getAttribute("subaccount")], ["light", null]);
  await change({ tokens: shallowReactive({ radius: "4px" }) });
  assert.deepEqual([here.getToken, here.getAttribute("theme")], [undefined, null]);
  assert.deepEqual({ ...here.theme }, { radius: "4px" });
  await change({ sender: "https://other.example" });
  assert.deepEqual(here.theme, {});
  assert.equal(here.getAttribute("src"), "https://other.example");
  assert.equal(here.calls.length, 1, "filled in once");
});

test("every event of the element is emitted, with its detail and itself", async () => {
  const all = await names();
  assert.equal(all.length, 8);
  const prop = (name) =>
    `on${name.replace(/(^|-)(.)/g, (_, dash, letter) => letter.toUpperCase())}`;
  show(
    Object.fromEntries(
      all.map((name) => [prop(name), (detail, event) => heard.push([name, detail, event.type])]),
    ),
  );
  for (const name of all) tells(name, { of: name });
  assert.deepEqual(
    heard.splice(0),
    all.map((name) => [name, { of: name }, `sms-sender:${name}`]),
  );
});

test("what is called the same in every page is not the element's", () => {
  show({
    onError: (detail) => heard.push(detail),
    onClose: (detail) => heard.push(detail),
  });
  for (const name of ["error", "close"]) element().dispatchEvent(new window.Event(name));
  assert.deepEqual(heard, []);
});

test("after it has gone nothing is heard, and nothing was complained of", async () => {
  show({ onError: (detail) => heard.push(detail) });
  const gone = element();
  app.unmount();
  gone.dispatchEvent(new CustomEvent("sms-sender:error", { detail: {} }));
  await settled();
  assert.deepEqual(heard, []);
  assert.deepEqual(warnings, []);
  assert.equal(scripts().length, 1, "one script for the whole page");
});
