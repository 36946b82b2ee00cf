// Between Submit and the server: recipients in numbers, a line that is slow, and what went over it.

import assert from "node:assert/strict";
import * as go from "./journey.mjs";
import * as step from "./recipients.mjs";

/** How many recipients go to the server at once. */
export const CHUNK = 5_000;

/** Mobile numbers of Singapore, all of them different. */
export const numbers = (count, first = 91_200_000) => Array.from({ length: count }, (_, n) => `+65${first + n}`);

/** The same as a file. */
export const people = (count, name = "people.csv") => step.file(name, [["Mobile"], ...numbers(count).map((number) => [number])]);

/** From signing in to step 4, with so many recipients in a file. */
export async function toSubmit(page, count, { message = "Once", keep = false, file = people(count) } = {}) {
  await step.atRecipients(page);
  await step.choose(page, file);
  if (keep) {
    await page.getByRole("checkbox", { name: "Keep the files on this device until I submit" }).check();
    await step.until(() => step.keptFiles(page), (files) => files.length === 1);
  }
  await go.processContacts(page);
  await step.hasCounts(page, { Valid: count.toLocaleString("en") });
  await go.next(page, 2);
  await go.compose(page, { senderId: "Acme", message });
  await go.next(page, 3);
  await isCounted(page);
}

/** Waits until step 4 knows what it adds up to. */
export async function isCounted(page) {
  await go.atStep(page, 4);
  await page.getByText("Exact: every message was rendered and counted.").first().waitFor({ timeout: 30_000 });
}

/** Presses Submit, and types the number of recipients where it is asked for. */
export async function submit(page, count) {
  await go.typeCount(page, count);
  await go.button(page, "Submit").click();
}

/** The bar on every page while recipients are uploaded. */
export const bar = (page) => page.getByRole("status", { name: "Uploading recipients", exact: true });

/** What the dialog asks. */
export const question = (page) => page.getByRole("dialog", { name: "Stop uploading?", exact: true });

/** Answers the dialog. */
export async function answer(page, words) {
  await question(page).waitFor();
  await question(page).getByRole("button", { name: words, exact: true }).click();
  await question(page).waitFor({ state: "hidden" });
}

/** Waits until the campaign's page is there. */
export async function isSubmitted(page, timeout = 60_000) {
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/, { timeout });
}

/** What went to the server from all pages of a context: campaigns, chunks, and requests to let one go. */
export class Line {
  /** The campaigns that were created, by their ids. */
  created = new Set();
  /** The chunks that were put, in their order: `[campaign, number]`. */
  put = [];
  /** Those that the server has confirmed, as `campaign/number`. */
  stored = new Set();
  /** Those that were put although it had confirmed them before. */
  again = [];
  /** How often a campaign was asked to be let go. */
  submits = 0;
  #page;
  #letGo = () => {};

  /** Only what comes from `page` can be held up. */
  constructor(context, page) {
    this.#page = page;
    context.on("request", (request) => {
      const [campaign, chunk] = chunkOf(request);
      if (campaign) {
        this.put.push([campaign, Number(chunk)]);
        if (this.stored.has(`${campaign}/${chunk}`)) this.again.push(`${campaign}/${chunk}`);
      }
      if (request.method() === "POST" && request.url().endsWith("/submit")) this.submits += 1;
    });
    context.on("response", async (response) => {
      const request = response.request();
      const [campaign, chunk] = chunkOf(request);
      if (campaign && response.status() === 204) this.stored.add(`${campaign}/${chunk}`);
      if (request.method() === "POST" && request.url().endsWith("/api/v1/campaigns") && response.ok()) {
        this.created.add(JSON.parse(request.postData()).id);
      }
    });
  }

  /** Makes every chunk take this long. */
  async slow(millis) {
    await this.#each(() => new Promise((done) => setTimeout(done, millis)));
  }

  /** Lets so many chunks through, and holds up all others until `letGo`. */
  async hold(after) {
    const let_go = new Promise((done) => (this.#letGo = done));
    await this.#each(() => {
      after -= 1;
      return after < 0 ? let_go : undefined;
    });
  }

  /** Lets everything through, as it comes. */
  async letGo() {
    this.#letGo();
    await this.#page.unroute("**/recipients/*");
  }

  async #each(wait) {
    await this.#page.route("**/recipients/*", async (route) => {
      await wait();
      // It may have been given up meanwhile.
      await route.continue().catch(() => {});
    });
  }

  /** Waits until the server has so many chunks. */
  async has(chunks) {
    await step.until(() => this.stored.size, (stored) => stored >= chunks, 30_000);
  }
}

function chunkOf(request) {
  if (request.method() !== "PUT") return [];
  return /\/campaigns\/([0-9a-f-]{36})\/recipients\/(\d+)$/.exec(request.url())?.slice(1) ?? [];
}

/** Waits until the provider has taken so many messages, and no more: everybody's once, nobody's twice. */
export async function assertOnce(sandbox, count, timeout = 120_000) {
  await step.until(async () => (await sandbox.counters()).accepted, (accepted) => accepted >= count, timeout);
  await settle();
  const { accepted, unique_client_message_ids, unique_destinations } = await sandbox.counters();
  assert.deepEqual([accepted, unique_client_message_ids, unique_destinations], [count, count, count]);
}

/** The provider was handed nothing, and nothing is on its way to it. */
export async function assertNothing(page, sandbox) {
  await settle();
  assert.equal((await sandbox.counters()).accepted, 0, "nothing was sent");
  const submitted = (await campaigns(page)).filter((campaign) => campaign.submitted_at);
  assert.deepEqual(submitted, [], "nothing was submitted");
}

/** The campaigns that the server knows. */
export function campaigns(page) {
  return page.evaluate(async () => (await (await fetch("/api/v1/campaigns")).json()).campaigns);
}

/** What would still come, had come by then. */
const settle = () => new Promise((done) => setTimeout(done, 2_000));
