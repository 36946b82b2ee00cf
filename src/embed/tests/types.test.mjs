// The package's types and the element's own, as hosts meet them: TypeScript with React, and Vue's templates
// at their strictest. What must not compile is marked so in the samples.

import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("what hosts write compiles, and their mistakes do not", async () => {
  const run = promisify(execFile);
  const root = fileURLToPath(new URL("..", import.meta.url));
  try {
    await run("node_modules/.bin/vue-tsc", ["--project", "tests/types"], { cwd: root });
  } catch (error) {
    throw new Error(error.stdout || error.message);
  }
});
