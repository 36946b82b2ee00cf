// One who uses the page, in few words that mean the same in every browser: Playwright drives Chromium, and
// Puppeteer Firefox, through the protocol that browsers have in common.

import assert from "node:assert/strict";
import { STEPS } from "./journey.mjs";
import { until } from "./recipients.mjs";

/** What both have in common. */
class Person {
  /** Waits until a step, 1 to 4, is on the screen. */
  async isAt(number) {
    const { path, heading } = STEPS[number - 1];
    await this.isOn(path, heading);
  }

  /** Waits until a page is on the screen. */
  async isOn(path, heading) {
    const here = () =>
      this.look(() => [location.pathname, document.querySelector("h1")?.innerText.trim() ?? "nothing yet"]);
    await until(here, ([at, says]) => at.endsWith(path) && says === heading);
  }

  /** What there is to see: everything that was entered, and what became of it. */
  sees() {
    return this.look(() => {
      const words = (element) => element?.innerText.replace(/\s+/g, " ").trim() ?? "";
      const label = (control) => control.getAttribute("aria-label") ?? words(control.labels?.[0]);
      const value = (control) => {
        if (control.tagName === "SELECT") return words(control.selectedOptions[0]);
        return ["radio", "checkbox"].includes(control.type) ? control.checked : control.value;
      };
      const all = (selector) => [...document.querySelectorAll(`main ${selector}`)];
      const terms = all("dt").map((term) => {
        let meaning = term.nextElementSibling;
        while (meaning && meaning.tagName !== "DD") meaning = meaning.nextElementSibling;
        return [words(term), words(meaning)];
      });
      const fields = all("input:not([type=file]), textarea, select").map((control) => [label(control), value(control)]);
      return {
        heading: words(document.querySelector("h1")),
        fields,
        terms: Object.fromEntries(terms),
        files: all("section.file").map((file) => [words(file.querySelector("h2")), words(file.querySelector("[role=status]"))]),
        cells: all("section.file td").map(words),
        measures: all("output").map(words),
        preview: words(document.querySelector("main figure")),
        alerts: all("[role=alert]").map(words),
      };
    });
  }

  /** Waits until exactly this is to be seen. */
  async seesAgain(expected, why) {
    let last;
    const is = (seen) => {
      last = seen;
      return JSON.stringify(seen) === JSON.stringify(expected);
    };
    await until(() => this.sees(), is).catch(() => assert.deepEqual(last, expected, why));
  }

  /** Waits until nothing moves any more, and says what is to be seen then. */
  async seesAtRest() {
    let before;
    return until(
      () => this.sees(),
      (seen) => {
        const now = JSON.stringify(seen);
        const rests = now === before && !/Looking into it|Counting|"…"/.test(now);
        before = now;
        return rests;
      },
    );
  }
}

/** In Chromium. */
export class InChromium extends Person {
  #page;

  constructor(page) {
    super();
    this.#page = page;
  }

  opens = (path) => this.#page.goto(path);
  reloads = () => this.#page.reload();
  goesBack = () => this.#page.evaluate(() => history.back());
  goesForward = () => this.#page.evaluate(() => history.forward());
  presses = (role, name) => this.#page.getByRole(role, { name, exact: true }).click();
  fills = (role, name, text) => this.#page.getByRole(role, { name, exact: true }).fill(text);
  chooses = (label, file) => this.#page.getByLabel(label, { exact: true }).setInputFiles(file);
  look = (read) => this.#page.evaluate(read);

  async picks(name, option) {
    const box = this.#page.getByRole("combobox", { name, exact: true });
    await box.locator(`option[value="${option}"]`).waitFor({ state: "attached" });
    await box.selectOption(option);
  }
}

/** In Firefox. */
export class InFirefox extends Person {
  #page;
  #base;

  constructor(page, base) {
    super();
    this.#page = page;
    this.#base = base;
  }

  opens = (path) => this.#page.goto(new URL(path, this.#base).href);
  reloads = () => this.#page.reload();
  goesBack = () => this.#page.evaluate(() => history.back());
  goesForward = () => this.#page.evaluate(() => history.forward());
  look = (read) => this.#page.evaluate(read);

  async presses(role, name) {
    await (await this.#find(role, name)).click();
  }

  async fills(role, name, text) {
    const control = await this.#find(role, name);
    await control.evaluate((control) => {
      control.focus();
      control.select();
    });
    await this.#page.keyboard.type(text);
  }

  async chooses(label, file) {
    await (await this.#find("file", label)).uploadFile(file);
  }

  async picks(name, option) {
    const box = await this.#find("combobox", name);
    await until(
      () => box.evaluate((box, option) => [...box.options].some((known) => known.value === option), option),
      Boolean,
    );
    await box.select(option);
  }

  /** The one that can be seen and used. */
  async #find(role, name) {
    const find = (role, name) => {
      const kinds = {
        button: "button",
        link: "a[href]",
        radio: "input[type=radio]",
        checkbox: "input[type=checkbox]",
        textbox: "input, textarea",
        combobox: "select, input",
        file: "input[type=file]",
      };
      const words = (element) => element?.innerText.replace(/\s+/g, " ").trim();
      const called = (element) =>
        element.getAttribute("aria-label") ?? (element.labels?.length ? words(element.labels[0]) : words(element));
      const found = [...document.querySelectorAll(kinds[role])].filter(
        (element) => called(element) === name && element.checkVisibility() && !element.matches(":disabled"),
      );
      return found.length === 1 ? found[0] : undefined;
    };
    const deadline = Date.now() + 15_000;
    for (;;) {
      const handle = await this.#page.evaluateHandle(find, role, name);
      const element = handle.asElement();
      if (element) return element;
      if (Date.now() > deadline) assert.fail(`no ${role} "${name}"`);
      await new Promise((done) => setTimeout(done, 30));
    }
  }
}
