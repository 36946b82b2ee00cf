// The peer: what a good product would make of Papa Parse, SheetJS and libphonenumber-js. The file is read,
// its numbers are checked and the recipients are kept in this one worker; the page hears of progress and,
// once, of the counts. CSV is streamed in Papa Parse's chunks, which is faster here than its steps or its own
// worker, from which each row would have to be copied.

importScripts("papaparse.js", "libphonenumber-js.js", "xlsx.js");

const HOME = "SG";
const { parsePhoneNumberFromString } = libphonenumber;
const recipients = [];
const rejects = [];
const seen = new Set();
let total = 0;
let duplicates = 0;

function add(row) {
  total += 1;
  const raw = String(row[0] ?? "");
  // The library knows only Singapore's prefixes, and takes longest to refuse what has another.
  const number = parsePhoneNumberFromString(raw.startsWith("00") ? `+${raw.slice(2)}` : raw, HOME);
  if (!number?.isValid()) {
    rejects.push({ row: total, raw });
    return;
  }
  const to = number.number;
  if (seen.has(to)) {
    duplicates += 1;
    return;
  }
  seen.add(to);
  recipients.push({ number: to, firstName: row[1], lastName: row[2], custom: row[3] });
}

function done() {
  postMessage({ total, valid: recipients.length, unable: rejects.length, duplicates });
}

function readCsv(file) {
  let isHeader = true;
  Papa.parse(file, {
    skipEmptyLines: true,
    chunk: ({ data, meta }) => {
      for (let at = isHeader ? 1 : 0; at < data.length; at += 1) add(data[at]);
      isHeader = false;
      postMessage({ progress: meta.cursor / file.size });
    },
    complete: done,
  });
}

async function readSheet(file) {
  // Without what only formatting needs.
  const options = { dense: true, cellFormula: false, cellHTML: false, cellText: false };
  const book = XLSX.read(await file.arrayBuffer(), options);
  postMessage({ progress: 0.5 });
  const rows = XLSX.utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1, raw: true });
  for (let at = 1; at < rows.length; at += 1) add(rows[at]);
  done();
}

onmessage = ({ data: file }) => (file.name.endsWith(".xlsx") ? readSheet(file) : readCsv(file));
postMessage({ ready: true });
