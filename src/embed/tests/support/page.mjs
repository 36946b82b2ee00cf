// A page for the wrappers: jsdom in the place of a browser, and in the place of the Sender's script a
// class that remembers what was done to it. The real script has its tests in a browser.
//
// To be imported before React and Vue: both look for a page when they are loaded.

import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><html><head></head><body></body></html>", {
  url: "https://dashboard.example/",
  pretendToBeVisual: true,
});
// What React and Vue ask a page for. Newer releases of Node have a navigator of their own.
const NAMES = ["window", "document", "navigator", "customElements", "CustomEvent", "Element"];
for (const name of [...NAMES, "HTMLElement", "HTMLIFrameElement", "SVGElement", "Node"]) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}

/** What the real element does with what is set before it is defined and after. */
class FakeElement extends window.HTMLElement {
  static base = "https://elsewhere.example/embed.js";
  #tokens = {};
  calls = [];

  connectedCallback() {
    for (const name of ["getToken", "theme"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
  }
  get getToken() {
    return this.given;
  }
  set getToken(getToken) {
    this.given = getToken;
  }
  get theme() {
    return this.#tokens;
  }
  set theme(theme) {
    if (typeof theme === "string") return void this.setAttribute("theme", theme);
    this.#tokens = theme ?? {};
  }
  prefill(values) {
    this.calls.push(["prefill", values]);
  }
  reset() {
    this.calls.push(["reset"]);
  }
}

/** The scripts that were asked for so far. */
export const scripts = () => [...document.querySelectorAll("script")];

/** The last script comes: the element is defined, for there is only one in a page. */
export async function arrives() {
  if (!customElements.get("sms-sender")) customElements.define("sms-sender", FakeElement);
  await settled(() => scripts().at(-1)?.onload());
}

/** The last script does not come. */
export async function fails() {
  await settled(() => scripts().at(-1).onerror());
}

/** Does something and waits for what follows from it. */
export async function settled(action) {
  action?.();
  await new Promise((done) => setTimeout(done));
}

/** The element in the page. */
export const element = () => document.querySelector("sms-sender");

/** The element tells something, as the real one does. */
export function tells(name, detail) {
  element().dispatchEvent(
    new window.CustomEvent(`sms-sender:${name}`, { detail, bubbles: true, composed: true }),
  );
}

/** The names of the events, from the types: what the wrappers have to hand on. */
export async function names() {
  const { readFile } = await import("node:fs/promises");
  const types = await readFile(new URL("../../../../public/embed.d.ts", import.meta.url), "utf8");
  const [, details] = types.match(/interface SmsSenderDetails \{(.*?)\n\}/s);
  return [...details.matchAll(/^ {2}"sms-sender:([a-z-]+)"/gm)].map(([, name]) => name);
}
