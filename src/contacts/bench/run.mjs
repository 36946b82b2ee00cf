// Times the product beside what others would build it from, on the same files in the same Chromium:
// `node run.mjs FOLDER [ours|peer]`, where FOLDER has people.csv and people.xlsx.
//
// A file is dropped once, so nothing is warmed up: each run has a browser of its own, and its renderer's
// memory is that of one page with its worker. What is timed is the time from the file input's `change` to the
// counts on the screen (watch.js). With one contender named, only that one runs and nothing is compared.

import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, openPage } from "../../../tests/browser/support/browser.mjs";
import * as journey from "../../../tests/browser/support/journey.mjs";
import { startServer } from "../../../tests/browser/support/server.mjs";

const [folder, only] = process.argv.slice(2);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const RUNS = 3;
const FILES = [
  { name: "people.csv", rows: 1_000_000, peer: "Papa Parse", least: 10, tellsProgress: true },
  { name: "people.xlsx", rows: 100_000, peer: "SheetJS" },
];
/** What the product may take. */
const MOST = { megabytes: 300, task: 50 };
/** Numbers without a country code are Singapore's, as the peer has it, too. */
const HOME = "Singapore";
const PATIENCE = 120_000;

const peer = await startPeer();
const ours = only === "peer" ? undefined : await startServer();
const complaints = new Set();
try {
  for (const file of FILES) await measure(file);
} finally {
  peer.close();
  await ours?.dispose();
}
for (const complaint of complaints) console.log(`not good enough: ${complaint}`);
process.exitCode = complaints.size > 0 ? 1 : 0;

async function measure(file) {
  const path = join(folder, file.name);
  // What others do on the machine makes both slower.
  const busy = `load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores before`;
  const { size } = await stat(path);
  const contenders = [
    { key: "ours", name: "ours", open: openOurs },
    { key: "peer", name: `${file.peer} + libphonenumber-js`, open: openPeer },
  ].filter(({ key }) => !only || key === only);
  for (const contender of contenders) contender.runs = [];
  // They take turns, so that whatever else the machine does meets both.
  for (let run = 0; run < RUNS; run += 1) {
    for (const { open, runs } of contenders) runs.push(await oneRun(open, path));
  }
  console.log(`\n${file.name}: ${grouped(file.rows)} rows, ${grouped(size)} bytes; Chromium ${contenders[0].runs[0].chromium}; ${busy}`);
  print(contenders);
  for (const { key, name, runs } of contenders) checkCounts(`${file.name}, ${name}`, file, key, runs);
  if (contenders[0].key === "ours") checkLimits(file, contenders[0].runs);
  if (contenders.length > 1) compare(file, ...contenders.map(({ runs }) => runs));
}

/** Drops the file into a page of a new browser. */
async function oneRun(open, path) {
  const browser = await launch();
  try {
    const { context, page } = await openPage(browser, (open === openOurs ? ours : peer).url);
    await context.addInitScript({ path: join(HERE, "watch.js") });
    await open(page);
    const before = await peakMemory(browser);
    await page.getByLabel("Upload a file").setInputFiles(path);
    await shown(page);
    // What the page does right after showing the counts counts as well.
    await page.waitForTimeout(300);
    const watched = await page.evaluate(() => {
      const { start, end, progress, tasks } = window.benchWatch;
      const during = tasks.filter((task) => task.startTime + task.duration > start);
      return { millis: end - start, progress: progress.size, task: Math.max(0, ...during.map((task) => task.duration)) };
    });
    const counts = await journey.terms(page.getByRole("region", { name: "Contacts summary", exact: true }));
    return { ...watched, counts, before, peak: await peakMemory(browser), chromium: browser.version() };
  } finally {
    await browser.close();
  }
}

async function shown(page) {
  try {
    await page.waitForFunction(() => window.benchWatch.end !== undefined, null, { timeout: PATIENCE, polling: 100 });
  } catch (error) {
    const said = await page.getByRole("alert").allInnerTexts();
    throw new Error(`no counts at ${page.url()}, which says: ${said.filter(Boolean).join("; ") || "nothing"}`, { cause: error });
  }
}

/** The product, signed in, where the recipients are given. */
async function openOurs(page) {
  await journey.signIn(page);
  await journey.openWizard(page);
  await journey.chooseSubaccount(page);
  const countries = page.getByRole("combobox", { name: "Country for local numbers", exact: true });
  const home = countries.locator("option").filter({ hasText: HOME });
  await home.waitFor({ state: "attached" });
  await countries.selectOption({ label: (await home.textContent()).trim() });
  await journey.button(page, "Process contacts").waitFor();
  // The worker's files are there when a person has found the file.
  await page.waitForLoadState("networkidle");
}

async function openPeer(page) {
  await page.goto("/");
  await page.waitForLoadState("networkidle");
}

/** The most memory that the renderer ever had, in megabytes; nothing where the system does not tell. */
async function peakMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  // Chromium keeps a spare one, which never has anything.
  const peaks = await Promise.all(renderers.map(({ id }) => peakOf(id)));
  return Math.max(...peaks.filter((peak) => peak !== undefined), -1);
}

async function peakOf(pid) {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const kilobytes = status.match(/^VmHWM:\s*(\d+) kB$/m)?.[1];
    return kilobytes && (Number(kilobytes) * 1024) / 1e6;
  } catch {
    // Not Linux.
    return undefined;
  }
}

function print(contenders) {
  const columns = ["best", "median", "peak memory", "before", "longest task", "progress"];
  console.log(`${"".padEnd(32)}${columns.map((column) => column.padStart(14)).join("")}`);
  for (const { name, runs } of contenders) {
    const most = (key) => Math.max(...runs.map((run) => run[key]));
    const task = most("task") === 0 ? "none" : `${Math.round(most("task"))} ms`;
    const cells = [seconds(best(runs)), seconds(median(runs)), megabytes(most("peak")), megabytes(most("before")), task, `${most("progress")} texts`];
    console.log(`${name.padEnd(32)}${cells.map((cell) => cell.padStart(14)).join("")}`);
  }
  for (const { name, runs } of contenders) {
    const counts = Object.entries(runs[0].counts).map(([term, count]) => `${term} ${count}`);
    console.log(`${name}: ${counts.join(", ")}; ${runs.map((run) => seconds(run.millis)).join(", ")}`);
  }
}

/** Every row is accounted for, and the same in every run. */
function checkCounts(what, file, key, runs) {
  for (const { counts } of runs) {
    const [total, valid, unable, duplicates] = ["Total", "Valid", "Unable to import", "Duplicates"].map((term) => Number(counts[term]?.replaceAll(",", "")));
    if (total !== file.rows) complaints.add(`${what}: ${grouped(total)} of ${grouped(file.rows)} rows were read`);
    if (total !== valid + unable + duplicates) complaints.add(`${what}: ${JSON.stringify(counts)} does not add up`);
  }
  if (new Set(runs.map(({ counts }) => JSON.stringify(counts))).size > 1) complaints.add(`${what}: another answer in every run`);
  const tells = runs.every(({ progress }) => progress > 0);
  if (key === "ours" && file.tellsProgress && !tells) complaints.add(`${what}: no progress was told`);
}

function checkLimits({ name }, runs) {
  const peak = Math.max(...runs.map((run) => run.peak));
  if (peak > MOST.megabytes) complaints.add(`${name}: ${megabytes(peak)} of memory, more than ${MOST.megabytes}`);
  const task = Math.max(...runs.map((run) => run.task));
  if (task > MOST.task) complaints.add(`${name}: the main thread was busy for ${Math.round(task)} ms, more than ${MOST.task}`);
}

function compare({ name, least }, ours, peer) {
  const ratios = { median: median(peer) / median(ours), best: best(peer) / best(ours) };
  console.log(`ours is ${ratios.median.toFixed(1)} times as fast by the median, ${ratios.best.toFixed(1)} by the best`);
  if (ratios.median < least) complaints.add(`${name}: ${ratios.median.toFixed(1)} times as fast, less than ${least}`);
}

function best(runs) {
  return Math.min(...runs.map(({ millis }) => millis));
}

function median(runs) {
  return runs.map(({ millis }) => millis).sort((a, b) => a - b)[Math.floor(runs.length / 2)];
}

function seconds(millis) {
  return `${(millis / 1000).toFixed(2)} s`;
}

function megabytes(number) {
  return number < 0 ? "not measured" : `${Math.round(number)} MB`;
}

function grouped(number) {
  return number.toLocaleString("en");
}

/** Serves the peer's page and the libraries as they are published. */
async function startPeer() {
  const files = {
    "/": ["text/html", "peer.html"],
    "/peer.js": ["text/javascript", "peer.js"],
    "/peer-worker.js": ["text/javascript", "peer-worker.js"],
    "/papaparse.js": ["text/javascript", "node_modules/papaparse/papaparse.min.js"],
    "/libphonenumber-js.js": ["text/javascript", "node_modules/libphonenumber-js/bundle/libphonenumber-max.js"],
    "/xlsx.js": ["text/javascript", "node_modules/xlsx/dist/xlsx.core.min.js"],
  };
  const server = createServer(async (request, response) => {
    const [type, file] = files[request.url] ?? [];
    response.writeHead(type ? 200 : 404, { "content-type": `${type ?? "text/plain"}; charset=utf-8` });
    response.end(file ? await readFile(join(HERE, file)) : "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
