// <SmsSender> in React: what is given to it arrives at the element, before and after that one is defined,
// and what the element tells arrives at the newest listener.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { arrives, element, fails, names, scripts, settled, tells } from "./support/page.mjs";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const { act, createElement, createRef, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const { SmsSender } = await import("../react.js");

const SENDER = "https://sender.example";
const root = createRoot(document.body.appendChild(document.createElement("div")));
const show = (props) => act(() => root.render(createElement(SmsSender, { sender: SENDER, ...props })));
const heard = [];
const hears = (name) => (detail) => heard.push([name, detail]);

after(() => act(() => root.unmount()));

test("a script that does not come is told", async () => {
  await show({ onError: hears("error") });
  await act(fails);
  assert.deepEqual(heard.splice(0), [
    ["error", { code: "not_loaded", message: "https://sender.example/embed.js could not be loaded" }],
  ]);
  await act(() => root.render(null));
});

test("what is given before the element is defined is there after", async () => {
  const ref = createRef();
  const getToken = () => "a token";
  const prefill = { message: "Hello" };
  await show({
    ref,
    getToken,
    prefill,
    theme: "dark",
    tokens: { radius: "2px" },
    subaccount: "acme_hq",
    locale: "en-GB",
    className: "wide",
    tabIndex: -1,
    "aria-label": "Messages",
  });
  assert.equal(ref.current, element());
  assert.equal(scripts().length, 1);
  await act(arrives);
  const attributes = Object.fromEntries([...element().attributes].map((a) => [a.name, a.value]));
  assert.deepEqual(attributes, {
    src: SENDER,
    theme: "dark",
    subaccount: "acme_hq",
    locale: "en-GB",
    class: "wide",
    tabindex: "-1",
    "aria-label": "Messages",
  });
  assert.equal(element().getToken(), "a token");
  assert.deepEqual(element().theme, { radius: "2px" });
  assert.deepEqual(element().calls, [["prefill", prefill]]);
});

test("what changes arrives, and what is left out is taken back", async () => {
  const here = element();
  const set = [];
  Object.defineProperty(here, "theme", { set: (tokens) => set.push(tokens), configurable: true });
  await show({ getToken: () => "another", theme: "light", tokens: { radius: "2px" } });
  assert.equal(element(), here, "the same element");
  assert.equal(here.getToken(), "another");
  assert.deepEqual([here.getAttribute("theme"), here.getAttribute("subaccount")], ["light", null]);
  assert.deepEqual(set, [], "the same tokens are not set again");
  await show({ tokens: { radius: "4px" } });
  assert.deepEqual([here.getToken, here.getAttribute("theme")], [undefined, null]);
  await show({});
  assert.deepEqual(set, [{ radius: "4px" }, undefined]);
  assert.deepEqual(here.calls, [["prefill", { message: "Hello" }]], "filled in once");
  delete here.theme;
});

test("every event of the element has its listener, and the newest hears", async () => {
  const all = await names();
  assert.equal(all.length, 8);
  const prop = (name) =>
    `on${name.replace(/(^|-)(.)/g, (_, dash, letter) => letter.toUpperCase())}`;
  const listeners = (mark) =>
    Object.fromEntries(all.map((name) => [prop(name), hears(`${mark} ${name}`)]));
  await show(listeners("old"));
  await show(listeners("new"));
  for (const name of all) tells(name, { of: name });
  assert.deepEqual(
    heard.splice(0),
    all.map((name) => [`new ${name}`, { of: name }]),
  );
  await show({});
  for (const name of all) tells(name, {});
  assert.deepEqual(heard, []);
});

test("what has almost the same name is not the element's", async () => {
  await show({ onError: hears("error"), onSubmitted: hears("submitted") });
  for (const name of ["error", "Submitted"]) element().dispatchEvent(new window.Event(name));
  assert.deepEqual(heard, []);
});

test("the event comes along, for those who want it", async () => {
  let event;
  await show({ onSubmitted: (_, it) => (event = it) });
  tells("submitted", { campaignId: "1" });
  assert.equal(event.type, "sms-sender:submitted");
});

test("after it has gone nothing is heard, and in strict mode nothing is heard twice", async () => {
  const strict = createElement(
    StrictMode,
    null,
    createElement(SmsSender, { sender: SENDER, onReady: hears("ready"), prefill: { message: "x" } }),
  );
  await act(() => root.render(strict));
  await act(settled);
  tells("ready", {});
  assert.deepEqual(heard.splice(0), [["ready", {}]]);
  assert.equal(element().calls.length, 1, "filled in once");
  const gone = element();
  await act(() => root.render(null));
  gone.dispatchEvent(new CustomEvent("sms-sender:ready", { detail: {} }));
  assert.deepEqual(heard, []);
  assert.equal(scripts().length, 1, "one script for the whole page");
});
