// Every way out of a step and back into it, with every kind of source, in both browsers: what was entered is
// there again, and so is what became of it.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scenarioInFirefox } from "./support/firefox.mjs";
import { STEPS } from "./support/journey.mjs";
import { InChromium } from "./support/person.mjs";
import { PEOPLE, file, texts, until, withFolder } from "./support/recipients.mjs";
import { scenario } from "./support/scenario.mjs";
import { DEMO } from "./support/server.mjs";
import { xlsx } from "./support/xlsx.mjs";

const NAMES = ["Subaccount", "Recipients", "Message", "Send"];
const CHANGE = ["Change subaccount", "Change recipients", "Change message"];
const ALL = [1, 2, 3, 4];
const GONE = /^Not here any more/;
const KEEP = "Keep the files on this device until I submit";
const TYPED = "+65 8123 0001, 81230002";

const CSV = file("people.csv", PEOPLE);
const XLSX = xlsx("people.xlsx", { People: PEOPLE });
const HELLO_PEOPLE = [["6591230001", "Hello Ann"], ["6591230002", "Hello Bob"], ["6591230003", "Hello Cid"]];
const HELLO_TYPED = [["6581230001", "Hello you"], ["6581230002", "Hello you"]];

/**
 * What recipients come from, how many that makes, and what the provider gets in the end. Firefox, which has its
 * own storage and its own order of ending things, walks those that differ in that.
 */
const SOURCES = [
  { name: "typed numbers", inFirefox: true, typed: TYPED, total: "2", message: "Hello you", sent: HELLO_TYPED },
  { name: "a CSV file", file: CSV, total: "3", sent: HELLO_PEOPLE },
  { name: "a CSV file that is kept", inFirefox: true, file: CSV, keep: true, total: "3", sent: HELLO_PEOPLE },
  { name: "a workbook", file: XLSX, total: "3", sent: HELLO_PEOPLE },
  { name: "a workbook that is kept", file: XLSX, keep: true, total: "3", sent: HELLO_PEOPLE },
  { name: "numbers and a file", inFirefox: true, typed: TYPED, file: CSV, total: "5", sent: [...HELLO_TYPED, ...HELLO_PEOPLE] },
  { name: "numbers and a file that is kept", typed: TYPED, file: CSV, keep: true, total: "5", sent: [...HELLO_TYPED, ...HELLO_PEOPLE] },
];

/** The ways: for which steps, how, and whether the page is loaded anew on it. */
const WAYS = [
  {
    name: "Next, then Back",
    from: [1, 2, 3],
    go: async (person, at) => {
      await next(person, at);
      await person.presses("button", "Back");
    },
  },
  {
    name: "Next, then the browser's Back",
    from: [1, 2, 3],
    go: async (person, at) => {
      await next(person, at);
      await person.goesBack();
    },
  },
  {
    name: "Back, then Next",
    from: [2, 3, 4],
    go: async (person, at) => {
      await person.presses("button", "Back");
      await person.isAt(at - 1);
      await next(person, at - 1);
    },
  },
  {
    name: "Back, then the browser's Back",
    from: [2, 3, 4],
    go: async (person, at) => {
      await person.presses("button", "Back");
      await person.isAt(at - 1);
      await person.goesBack();
    },
  },
  {
    name: "the browser's Back and Forward",
    from: ALL,
    go: async (person, at) => {
      const other = at === 1 ? 2 : at - 1;
      await inList(person, other);
      await inList(person, at);
      await person.goesBack();
      await person.isAt(other);
      await person.goesForward();
    },
  },
  {
    name: "the browser's Back and Forward, then links",
    from: ALL,
    go: async (person, at) => {
      const [third, other] = ALL.filter((other) => other !== at);
      for (const step of [third, other, at]) await inList(person, step);
      await person.goesBack();
      await person.isAt(other);
      await person.goesForward();
      await person.isAt(at);
      for (const step of [other, third, at]) await inList(person, step);
      await person.goesBack();
      await person.isAt(third);
      await person.goesForward();
    },
  },
  {
    name: "the list of steps",
    from: ALL,
    go: async (person, at) => {
      for (const other of ALL.filter((other) => other !== at)) {
        await inList(person, other);
        await inList(person, at);
      }
    },
  },
  {
    name: "a Change link",
    from: ALL,
    go: async (person, at) => {
      if (at === 4) {
        await person.presses("link", "Change sender id");
        await person.isAt(3);
        return inList(person, 4);
      }
      await inList(person, 4);
      await person.presses("link", CHANGE[at - 1]);
    },
  },
  {
    name: "Campaigns and the browser's Back",
    from: ALL,
    go: async (person) => {
      await toCampaigns(person);
      await person.goesBack();
    },
  },
  {
    name: "Campaigns and Sender",
    from: ALL,
    go: async (person, at) => {
      await toCampaigns(person);
      await person.presses("link", "Sender");
      await person.isAt(1);
      if (at > 1) await inList(person, at);
    },
  },
  { name: "a reload", from: ALL, loads: true, go: (person) => person.reloads() },
  { name: "its address", from: ALL, loads: true, go: (person, at) => person.opens(STEPS[at - 1].path) },
];

async function next(person, at) {
  await person.presses("button", STEPS[at - 1].next);
  await person.isAt(at + 1);
}

async function inList(person, at) {
  await person.presses("link", NAMES[at - 1]);
  await person.isAt(at);
}

async function toCampaigns(person) {
  await person.presses("link", "Campaigns");
  await person.isOn("/campaigns", "Campaigns");
}

/** Chooses the file, and has it read together with what is typed. */
async function process(person, source, folder) {
  if (source.file) {
    await person.chooses("Upload a file", join(folder, source.file.name));
    await until(async () => (await person.sees()).files, ([first]) => first && /rows/.test(first[1]));
  }
  await person.presses("button", "Process contacts");
  await until(async () => (await person.sees()).terms.Total, (total) => total === source.total);
}

/** Fills everything in; what each step then shows. */
async function fill(person, source, folder) {
  const shown = {};
  await person.opens("/login");
  await person.fills("textbox", "Email address", DEMO.email);
  await person.fills("textbox", "Password", DEMO.password);
  await person.presses("button", "Log in");
  await person.isAt(1);
  const subaccount = await until(
    () => person.look(() => document.querySelector("main input[type=radio]")?.labels[0].innerText.trim()),
    Boolean,
  );
  await person.presses("radio", subaccount.replace(/\s+/g, " "));
  shown[1] = await person.seesAtRest();
  await next(person, 1);
  await person.picks("Country for local numbers", "SG");
  if (source.typed) await person.fills("textbox", "Mobile numbers", source.typed);
  await process(person, source, folder);
  if (source.keep) {
    await person.presses("checkbox", KEEP);
    await until(kept(person), (files) => files === 1);
  }
  shown[2] = await person.seesAtRest();
  await next(person, 2);
  await person.fills("combobox", "Sender ID", "Acme");
  await person.fills("textbox", "Message", source.message ?? "Hello {{FirstName|you}}");
  await until(async () => (await person.sees()).preview, (words) => /Hello (you|Ann)/.test(words));
  await until(async () => (await person.sees()).terms.Cost, (cost) => /\d/.test(cost));
  shown[3] = await person.seesAtRest();
  await next(person, 3);
  await person.fills("textbox", "Campaign name", `From ${source.name}`);
  await until(async () => (await person.sees()).terms.Cost, (cost) => /\d/.test(cost));
  shown[4] = await person.seesAtRest();
  return shown;
}

/** How many files are kept on this device. */
const kept = (person) => () =>
  person.look(async () => {
    let files = 0;
    const count = async (folder) => {
      for await (const entry of folder.values()) {
        if (entry.kind === "directory") await count(entry);
        else files += 1;
      }
    };
    try {
      const root = await navigator.storage.getDirectory();
      await count(await root.getDirectoryHandle("kept"));
    } catch (error) {
      if (error.name !== "NotFoundError") throw error;
    }
    return files;
  });

/** After the page was loaded without the file: all else is there, and with the file everything. */
async function chooseAgain(person, at, source, shown, folder, why) {
  if (at === 1) {
    await person.isAt(1);
    await person.seesAgain(shown[1], why);
    await inList(person, 2);
  }
  await person.isAt(2);
  await until(async () => (await person.sees()).files, ([first]) => first && GONE.test(first[1]));
  const { fields } = await person.sees();
  const value = (fields, name) => fields.find(([label]) => label === name)?.[1];
  for (const name of ["Mobile numbers", "Country for local numbers", KEEP]) {
    assert.equal(value(fields, name), value(shown[2].fields, name), why);
  }
  await process(person, source, folder);
  if (at !== 2) await inList(person, at);
}

async function walk(person, server, source) {
  await withFolder(async (folder) => {
    if (source.file) await writeFile(join(folder, source.file.name), source.file.buffer);
    const shown = await fill(person, source, folder);
    assert.equal(shown[2].terms.Total, source.total);
    assert.equal(shown[4].terms.Recipients, `${source.total} in 1 country`);
    for (const at of ALL) {
      await inList(person, at);
      for (const way of WAYS.filter((way) => way.from.includes(at))) {
        const why = `step ${at} after ${way.name}`;
        try {
          await way.go(person, at);
          if (way.loads && source.file && !source.keep) {
            await chooseAgain(person, at, source, shown, folder, why);
          }
          await person.isAt(at);
          await person.seesAgain(shown[at], why);
        } catch (error) {
          error.message = `${why}: ${error.message}`;
          throw error;
        }
      }
    }
    await person.presses("button", "Submit");
    await until(
      () => person.look(() => document.querySelector("h1")?.innerText.trim()),
      (heading) => heading === `From ${source.name}`,
    );
    await until(() => texts(server), (sent) => sent.length === source.sent.length);
    assert.deepEqual(await texts(server), [...source.sent].sort());
  });
}

for (const source of SOURCES) {
  const title = `${source.name}: whatever way a step is left and entered again, everything is there`;
  scenario(title, async ({ page, server }) => {
    await walk(new InChromium(page), server, source);
  });
  if (source.inFirefox) {
    scenarioInFirefox(title, {}, async ({ person, server }) => {
      await walk(person, server, source);
    });
  }
}
