// What the package has from elsewhere in the repository: the element's types, which the Sender serves as
// embed.d.ts, and the licences. They are copied, so that neither is written down twice.

import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const COPIES = {
  "element.d.ts": "../../public/embed.d.ts",
  "LICENSE-APACHE": "../../LICENSE-APACHE",
  "LICENSE-MIT": "../../LICENSE-MIT",
};

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

for (const [name, from] of Object.entries(COPIES)) await copyFile(path(from), path(name));
