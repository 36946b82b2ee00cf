// The way through the wizard in the words of the screen. Everything is found by role and accessible
// name, so these helpers break when a person could no longer find it either. `page` may be the frame
// in a host's page, too: there the address stays what it is.

import assert from "node:assert/strict";
import { DEMO } from "./server.mjs";

const exact = (name) => ({ name, exact: true });
const isFrame = (page) => "parentFrame" in page;

/** The four steps: their paths, headings and the button that leads on. */
export const STEPS = [
  { path: "/sender/subaccount", heading: "Select a subaccount", next: "Next: Add recipients" },
  { path: "/sender/recipients", heading: "Add recipients", next: "Next: Compose a message" },
  { path: "/sender/compose", heading: "Compose a message", next: "Next: Send your message(s)" },
  { path: "/sender/send", heading: "Send your message(s)", next: "Submit" },
];

export const button = (page, name) => page.getByRole("button", exact(name));
export const heading = (page, name) => page.getByRole("heading", exact(name));
export const alert = (page) => page.getByRole("alert");

/** Fills the sign-in form and sends it; says nothing about the outcome. */
export async function trySignIn(page, { email = DEMO.email, password = DEMO.password } = {}) {
  await page.getByRole("textbox", exact("Email address")).fill(email);
  await page.getByRole("textbox", exact("Password")).fill(password);
  await button(page, "Log in").click();
}

/** Signs in and waits for the shell. */
export async function signIn(page, who) {
  await page.goto("/login");
  await trySignIn(page, who);
  await page.getByRole("link", exact("Sender")).waitFor();
}

/** Waits until a step (1 to 4) is on the screen. */
export async function atStep(page, number) {
  const step = STEPS[number - 1];
  if (!isFrame(page)) await page.waitForURL(`**${step.path}`);
  await heading(page, step.heading).waitFor();
  await page.getByText(`Step ${number} of 4`).first().waitFor();
}

/**
 * In a host's page, waits until the frame stays where it is and as high as it is: what is clicked would
 * else move away underneath. Another frame above may still be growing.
 */
async function settled(page) {
  if (!isFrame(page)) return;
  const element = await page.frameElement();
  let last;
  for (;;) {
    const box = JSON.stringify(await element.boundingBox());
    if (box === last) return;
    last = box;
    // Longer than the element waits before it shrinks.
    await page.page().waitForTimeout(400);
  }
}

/** Presses a step's button that leads on. */
export async function next(page, number) {
  await settled(page);
  await button(page, STEPS[number - 1].next).click();
}

/** Logs out, which asks when there is a draft. */
export async function logOut(page) {
  await button(page, "Log out").click();
  const discard = button(page, "Discard and log out");
  await button(page, "Log in").or(discard).first().waitFor();
  if (await discard.isVisible()) await discard.click();
  await button(page, "Log in").waitFor();
}

/** Opens the wizard at its beginning. */
export async function openWizard(page) {
  await page.getByRole("link", exact("Sender")).click();
  await atStep(page, 1);
}

/** Step 1, to its end; without a subaccount the one that is selected stays, or the first is taken. */
export async function chooseSubaccount(page, subaccount) {
  await atStep(page, 1);
  const box = page.getByRole("combobox", exact("Subaccount"));
  const radios = page.getByRole("radio");
  await box.or(radios).first().waitFor();
  if (await box.isVisible()) {
    if (subaccount) await pick(box, subaccount);
  } else if (subaccount) {
    await page.getByRole("radio", { name: subaccount }).check();
  } else if (!(await page.getByRole("radio", { checked: true }).count())) {
    await radios.first().check();
  }
  await next(page, 1);
  await atStep(page, 2);
}

/** Step 2: types or pastes numbers; `country` is an English name for those without a code. */
export async function addNumbers(page, text, country) {
  if (country) await pick(page.getByRole("combobox", exact("Country for local numbers")), country);
  await page.getByRole("textbox", exact("Mobile numbers")).fill(text);
}

/** Step 2: a path, or `{ name, mimeType, buffer }`. */
export async function uploadFile(page, file) {
  await page.getByLabel("Upload a file").setInputFiles(file);
}

/** Step 2: presses the button and returns the summary's terms: `{ Total: "3", Valid: "3", … }`. */
export async function processContacts(page) {
  await settled(page);
  await button(page, "Process contacts").click();
  const summary = page.getByRole("region", exact("Contacts summary"));
  await summary.waitFor();
  return terms(summary);
}

/** Step 3: fills in what is given and goes on. */
export async function compose(page, { senderId, message }) {
  await atStep(page, 3);
  if (senderId !== undefined) {
    await page.getByRole("combobox", exact("Sender ID")).fill(senderId);
  }
  if (message !== undefined) await page.getByRole("textbox", exact("Message")).fill(message);
}

/** Step 3: what the message adds up to. */
export async function counts(page) {
  const read = async (label) => (await page.getByLabel(label, { exact: true }).innerText()).trim();
  return {
    parts: await read("SMS parts"),
    encoding: await read("Encoding"),
    characters: await read("Characters"),
  };
}

/** Step 4: what stands in the list, by row: `{ Subaccount: "…", Recipients: "…", … }`. */
export async function review(page) {
  await atStep(page, 4);
  return terms(page.getByRole("main"));
}

/** Step 4: types the number of recipients where there are so many that it is asked for. */
export async function typeCount(page, count) {
  const box = page.getByRole("textbox", exact("Number of recipients"));
  if (count !== undefined && (await box.count()) > 0) await box.fill(String(count));
}

/** Step 4: submits and returns the campaign's id once its page is there; a frame does not tell it. */
export async function send(page, { name, count } = {}) {
  await atStep(page, 4);
  const box = page.getByRole("textbox", exact("Campaign name"));
  if (name !== undefined) await box.fill(name);
  await typeCount(page, count);
  const called = await box.inputValue();
  await settled(page);
  await button(page, "Submit").click();
  if (!isFrame(page)) await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await heading(page, called).waitFor();
  return isFrame(page) ? undefined : page.url().split("/").at(-1);
}

/** The whole way, from the first step to the campaign's page. */
export async function sendCampaign(page, { subaccount, numbers, country, senderId, message, name }) {
  if (!isFrame(page)) await openWizard(page);
  await chooseSubaccount(page, subaccount);
  await addNumbers(page, numbers, country);
  await processContacts(page);
  await next(page, 2);
  await compose(page, { senderId, message });
  await next(page, 3);
  return send(page, { name });
}

/** Waits for a campaign's status: "Submitted", "Sending", "Finished". */
export async function hasStatus(page, status, timeout = 30_000) {
  await page.getByRole("status").filter({ hasText: status }).first().waitFor({ timeout });
}

/** A campaign's numbers: `{ Queued: "0", Sent: "0", Delivered: "3", … }`. */
export async function delivery(page) {
  return terms(page.getByRole("region", exact("Delivery")));
}

/** The terms of the description lists in a place, with what they are. */
export async function terms(place) {
  return place.evaluate((root) => {
    const text = (element) => element?.innerText.replace(/\s+/g, " ").trim() ?? "";
    const pairs = [...root.querySelectorAll("dt")].map((term) => {
      let value = term.nextElementSibling;
      while (value && value.tagName !== "DD") value = value.nextElementSibling;
      return [text(term), text(value)];
    });
    return Object.fromEntries(pairs);
  });
}

/** Asserts that focus is on a heading, as it is after every change of step. */
export async function focusIsOnHeading(page, name) {
  const focused = page.locator(":focus");
  await focused.waitFor();
  assert.equal((await focused.innerText()).trim(), name);
}

/** Chooses in a combobox, whether the browser's own or one of ours. */
async function pick(box, label) {
  if ((await box.evaluate((element) => element.tagName)) === "SELECT") {
    // Options come with the data, and may say more than the name, such as the dialling code.
    const option = box.locator("option").filter({ hasText: label }).first();
    await option.waitFor({ state: "attached" });
    await box.selectOption({ label: (await option.textContent()).trim() });
  } else {
    await box.fill(label);
    await box.page().getByRole("option", { name: label }).first().click();
  }
}
