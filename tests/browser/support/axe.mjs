// axe-core over a page as it stands: what a machine can find of what people with disabilities meet.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const SOURCE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Fails with every violation, in words and with its place. `state` names what is looked at in the
 * failure; `include` and `exclude` are selectors; `disable` turns rules off (say why).
 */
export async function assertAccessible(page, state, { include, exclude, disable = [] } = {}) {
  const target = include || exclude ? { include, exclude } : undefined;
  const violations = await check(page, target, disable);
  assert.equal(violations.length, 0, report(state, page.url(), violations));
}

async function check(page, target, disable) {
  // Through the debugger, which the page's CSP does not bind: no hole is made for the test.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(SOURCE);
  return page.evaluate(
    async ({ target, tags, disable }) => {
      const rules = Object.fromEntries(disable.map((rule) => [rule, { enabled: false }]));
      const options = { runOnly: { type: "tag", values: tags }, rules, resultTypes: ["violations"] };
      return (await globalThis.axe.run(target ?? document, options)).violations;
    },
    { target, tags: TAGS, disable },
  );
}

function report(state, url, violations) {
  const lines = [`${state} (${url}) has ${violations.length} accessibility violation(s)`];
  for (const { id, impact, help, helpUrl, nodes } of violations) {
    lines.push("", `${impact ?? "minor"}: ${help} [${id}] ${helpUrl}`);
    for (const node of nodes) {
      lines.push(`  at ${node.target.flat().join(" ")}`, `     ${node.html.slice(0, 200)}`);
      lines.push(...(node.failureSummary ?? "").split("\n").map((line) => `     ${line.trim()}`));
    }
  }
  return lines.join("\n");
}
