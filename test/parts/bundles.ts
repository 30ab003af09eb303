import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT as ROOT } from "../../bench/stacks/project-root.js";

const CACHE = join(ROOT, "node_modules/.cache/tailgate-bundles");
const DAY_MS = 24 * 3_600_000;
const BUILD = "scripts/build.mjs";
const MADE_FROM = [BUILD, "scripts/license-notices.mjs", "package.json", "package-lock.json"];

/** A folder with what `npm run build` writes, built from src/ as it is now; kept until src/ changes. */
export function bundles(): string {
  const folder = join(CACHE, sourceHash());
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  // Built beside it and renamed when whole: of two processes that start at once, each finds all of it or nothing.
  const fresh = mkdtempSync(join(CACHE, "building-"));
  execFileSync(process.execPath, [BUILD, fresh], { cwd: ROOT });
  try {
    renameSync(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(fresh, { recursive: true });
  }
  removeOlderThanADay();
  return folder;
}

/** Another run may still use what an older source gave. */
function removeOlderThanADay(): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (Date.now() - statSync(path).mtimeMs > DAY_MS) rmSync(path, { recursive: true, force: true });
  }
}

function sourceHash(): string {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[a-z]+$/.test(name))
    .sort()
    .map((name) => join("src", name));
  const hash = createHash("sha256");
  for (const name of [...MADE_FROM, ...sources])
    hash.update(`${name}\0`).update(readFileSync(join(ROOT, name)));
  return hash.digest("hex").slice(0, 16);
}
