// Workbooks and other zips, written by hand: every part of them is where a test can see it, and can be
// as wrong as a test needs it.

import zlib from "node:zlib";

/** A zip of `[name, text or bytes]`. */
export function zip(parts) {
  const [files, directory] = [[], []];
  let at = 0;
  for (const [name, content] of parts) {
    const [plain, called] = [Buffer.from(content), Buffer.from(name)];
    const packed = zlib.deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // the version it takes to unpack
    common.writeUInt16LE(8, 4); // deflated
    common.writeUInt16LE(0x21, 8); // the first of January 1980
    common.writeUInt32LE(crc(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(called.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    files.push(Buffer.from("PK\x03\x04"), common, called, packed);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, entry, called);
    at += 30 + called.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}

// Older Nodes have none of their own.
const crc = zlib.crc32 ?? slowCrc;

function slowCrc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/**
 * The parts of a workbook with these sheets: `{ People: [[cell, …], …] }`. A cell is a text, a number
 * (a float with 15 digits, as Excel has them), `{ date: days }`, or null.
 */
export function parts(sheets, strings = "") {
  const names = Object.keys(sheets);
  const relation = (id, type, target) =>
    `<Relationship Id="${id}" Type="${DOCUMENT}/${type}" Target="${target}"/>`;
  const numbered = (write) => names.map((name, n) => write(n + 1, name)).join("");
  return [
    ["[Content_Types].xml", "<Types/>"],
    [
      "_rels/.rels",
      `<Relationships xmlns="${PACKAGE}">${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets>${numbered(
        (n, name) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="rId${n}"/>`,
      )}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `<Relationships xmlns="${PACKAGE}">${numbered((n) =>
        relation(`rId${n}`, "worksheet", `worksheets/sheet${n}.xml`),
      )}${relation("rIdA", "styles", "styles.xml")}${relation("rIdB", "sharedStrings", "sharedStrings.xml")}</Relationships>`,
    ],
    // The second format is that of a date.
    [
      "xl/styles.xml",
      `<styleSheet xmlns="${MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
    ],
    ["xl/sharedStrings.xml", `<sst xmlns="${MAIN}">${strings}</sst>`],
    ...names.map((name, n) => [`xl/worksheets/sheet${n + 1}.xml`, sheet(sheets[name])]),
  ];
}

/** The workbook, as `setInputFiles` takes it. */
export function xlsx(name, sheets) {
  return { name, mimeType: "application/octet-stream", buffer: zip(parts(sheets)) };
}

function sheet(rows) {
  const row = (cells, n) => {
    const written = cells.map((value, at) => cell(`${String.fromCharCode(65 + at)}${n + 1}`, value));
    return `<row r="${n + 1}">${written.join("")}</row>`;
  };
  return `<worksheet xmlns="${MAIN}"><sheetData>${rows.map(row).join("")}</sheetData></worksheet>`;
}

function cell(place, value) {
  if (value === null) return "";
  if (typeof value === "number") return `<c r="${place}"><v>${value}</v></c>`;
  if (value.date) return `<c r="${place}" s="1"><v>${value.date}</v></c>`;
  if (value.exponent) return `<c r="${place}"><v>${value.exponent}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
