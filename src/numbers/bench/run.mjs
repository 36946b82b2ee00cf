// Times four libraries on the same numbers in one page of one Chromium, on its main thread:
// `node run.mjs FOLDER`, where FOLDER has people.tsv and the modules that xtask has built.
//
// What is timed is what the product needs to know of a number: from its text and a default region to
// E.164, whether it is valid, its type and its region, all of them kept. Ours and `phonenumber` read
// one text in their memory, as the worker has it; the JavaScript libraries read strings.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "../../../tests/browser/support/browser.mjs";

const folder = process.argv[2];
const modules = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "node_modules");
const files = {
  "/": ["text/html", null],
  "/people.tsv": ["text/plain", join(folder, "people.tsv")],
  "/libphonenumber-js.js": ["text/javascript", join(modules, "libphonenumber-js/bundle/libphonenumber-max.js")],
  "/google-libphonenumber.js": ["text/javascript", join(modules, "google-libphonenumber/dist/libphonenumber.js")],
};
for (const name of ["ours", "phonenumber"]) {
  files[`/${name}.js`] = ["text/javascript", join(folder, `${name}.js`)];
  files[`/${name}_bg.wasm`] = ["application/wasm", join(folder, `${name}_bg.wasm`)];
}

const server = createServer(async (request, response) => {
  const [type, file] = files[request.url] ?? [];
  response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" });
  response.end(file ? await readFile(file) : "<!doctype html><title>bench</title>");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const browser = await launch();
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const { chromium, rows, start } = await page.evaluate(inPage);
await browser.close();
server.close();

const grouped = (number) => Math.round(number).toLocaleString("en");
console.log(`Chromium ${chromium}; unpacking our tables took ${start.toFixed(1)} ms, once`);
console.log(`${"".padEnd(28)}${"numbers".padStart(11)}${"valid".padStart(9)}${"a second".padStart(12)}${"ns each".padStart(11)}${"ours is".padStart(10)}`);
const ours = rows[0].rate;
for (const { name, count, valid, rate } of rows) {
  const ratio = `${(ours / rate).toFixed(rate === ours ? 0 : 1)} x`;
  const share = `${((100 * valid) / count).toFixed(1)} %`;
  console.log(`${name.padEnd(28)}${grouped(count).padStart(11)}${share.padStart(9)}${grouped(rate).padStart(12)}${grouped(1e9 / rate).padStart(11)}${ratio.padStart(10)}`);
}

/** Runs in the page. The best of three rounds counts, and the rounds of all take turns. */
async function inPage() {
  const text = (await (await fetch("/people.tsv")).text()).trimEnd();
  const lines = text.split("\n");
  const pairs = lines.map((line) => line.split("\t"));

  const script = async (url) => {
    const module = { exports: {} };
    new Function("module", "exports", await (await fetch(url)).text())(module, module.exports);
    return module.exports;
  };
  const js = await script("/libphonenumber-js.js");
  const google = await script("/google-libphonenumber.js");
  const util = google.PhoneNumberUtil.getInstance();

  const ours = await import("/ours.js");
  await ours.default();
  const begin = performance.now();
  ours.version();
  const start = performance.now() - begin;
  const crate = await import("/phonenumber.js");
  await crate.default();

  const kept = [];
  const contenders = [
    { name: "ours, wasm", count: lines.length, prepare: (n) => new ours.List(lines.slice(0, n).join("\n")), read: (list) => list.read() },
    {
      name: "libphonenumber-js/max",
      count: lines.length,
      prepare: (n) => pairs.slice(0, n),
      read: (list) => {
        let valid = 0;
        kept.length = 0;
        for (const [home, text] of list) {
          const number = js.parsePhoneNumberFromString(text, home);
          if (!number) continue;
          const isValid = number.isValid();
          valid += isValid;
          kept.push(number.number, isValid, number.getType(), number.country);
        }
        return valid;
      },
    },
    {
      name: "google-libphonenumber",
      count: lines.length / 5,
      prepare: (n) => pairs.slice(0, n),
      read: (list) => {
        let valid = 0;
        kept.length = 0;
        for (const [home, text] of list) {
          try {
            const number = util.parse(text, home);
            const isValid = util.isValidNumber(number);
            valid += isValid;
            kept.push(util.format(number, google.PhoneNumberFormat.E164), isValid, util.getNumberType(number), util.getRegionCodeForNumber(number));
          } catch {
            // Not a number.
          }
        }
        return valid;
      },
    },
    { name: "phonenumber, wasm", count: lines.length / 500, prepare: (n) => new crate.List(lines.slice(0, n).join("\n")), read: (list) => list.read() },
  ];
  const rows = contenders.map(({ name, count }) => ({ name, count, valid: 0, rate: 0 }));
  const lists = contenders.map(({ prepare, count }) => prepare(count));
  // Once to warm up: the engine compiles what is used often.
  contenders.forEach(({ prepare, read, count }) => read(prepare(Math.ceil(count / 10))));
  for (let round = 0; round < 3; round += 1) {
    contenders.forEach(({ read, count }, at) => {
      const begin = performance.now();
      rows[at].valid = read(lists[at]);
      rows[at].rate = Math.max(rows[at].rate, count / ((performance.now() - begin) / 1000));
    });
  }
  const chromium = navigator.userAgent.match(/Chrome\/([\d.]+)/)?.[1];
  return { chromium, rows, start };
}
