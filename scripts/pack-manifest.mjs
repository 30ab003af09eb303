// Before `npm pack`: a package.json without what only development needs, since dist/ holds everything that runs. After it
// (`--restore`): the whole one again.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const WHOLE = "package.json.whole";
/** What users of the package need to see. */
const KEPT = [
  "name",
  "version",
  "description",
  "license",
  "keywords",
  "repository",
  "homepage",
  "bugs",
  "type",
  "bin",
  "files",
  "engines",
];

if (process.argv[2] === "--restore") {
  if (existsSync(WHOLE)) renameSync(WHOLE, "package.json");
} else {
  const text = readFileSync("package.json", "utf8");
  const manifest = JSON.parse(text);
  writeFileSync(WHOLE, text);
  const reduced = Object.fromEntries(KEPT.flatMap((key) => (key in manifest ? [[key, manifest[key]]] : [])));
  writeFileSync("package.json", `${JSON.stringify(reduced, null, 2)}\n`);
}
