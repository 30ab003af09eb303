import { lstat, open, readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Git } from "../git/git.js";
import { COUNTS_BELOW, type Snapshot } from "./guess/snapshot.js";

/** Enough for the source of a service; what is larger is seldom written by hand. */
const MOST_PATHS = 20_000;
const MOST_TEXTS = 2000;
const MOST_CHARACTERS = 32 * 1024 * 1024;
const LARGEST_TEXT = 256 * 1024;
/** A lock file is large, and its first lines say which kind it is. */
const HEAD_BYTES = 4096;

const MANIFEST =
  /(^|\/)(package\.json|pnpm-workspace\.yaml|turbo\.json|nx\.json|project\.json|tsconfig(\.build)?\.json|pyproject\.toml|setup\.py|Pipfile|requirements[\w/-]*\.txt|Cargo\.toml|go\.(mod|work)|pom\.xml|build\.gradle(\.kts)?|application\.properties|Gemfile|Dockerfile[\w.]*|Procfile|(docker-)?compose\.ya?ml|(openapi|swagger)[\w.-]*\.(json|ya?ml)|yarn\.lock|\.?env\.[\w.-]+)$|^\.github\/workflows\/[^/]+\.ya?ml$/i;
/** By its extension, or a program that has none, such as bin/www. */
const SOURCE = /\.([cm]?[jt]s|py|rs|go|java|kt|rb|sh)$|(^|\/)bin\/[^./]+$/;
const NEVER = /(^|\/)(node_modules|\.git|\.venv|venv|target|dist|build|coverage|vendor|__pycache__)\//;

/**
 * Reads what may tell how the service in a folder is built, started and asked; of the folders above, up to the
 * repository's root, what counts for all projects below. No links are followed.
 *
 * @param root - of the repository; the folder itself where there is none
 */
export async function survey(folder: string, git: Git | null, root = folder): Promise<Snapshot> {
  const listed = git === null ? await walk(folder, "") : await tracked(git);
  const paths = listed
    .filter((path) => !NEVER.test(path))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
    .slice(0, MOST_PATHS);
  const wanted = [
    ...paths.filter((path) => MANIFEST.test(path) && depth(path) <= 4),
    ...paths.filter((path) => SOURCE.test(path)),
  ].slice(0, MOST_TEXTS);
  const texts = new Map<string, string>();
  let characters = 0;
  for (const path of wanted) {
    const text = await textOf(join(folder, path));
    if (text === null || (characters += text.length) > MOST_CHARACTERS) continue;
    texts.set(path, text);
  }
  return { paths, texts, above: await filesAbove(folder, root) };
}

async function filesAbove(folder: string, root: string): Promise<Map<string, string>> {
  const above = new Map<string, string>();
  let place = folder;
  while (place !== root && dirname(place) !== place) {
    place = dirname(place);
    const workflows =
      place === root ? await namesIn(join(place, ".github/workflows"), ".github/workflows/") : [];
    for (const name of [...(await namesIn(place, "")), ...workflows]) {
      if (!COUNTS_BELOW.test(name)) continue;
      const path = join(relative(folder, place), name).replaceAll("\\", "/");
      above.set(path, (await textOf(join(place, name))) ?? "");
    }
  }
  return above;
}

async function namesIn(folder: string, start: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${start}${entry.name}`)
    .sort();
}

function depth(path: string): number {
  return path.split("/").length;
}

/** Files of the work tree, ignored ones left out; paths from the folder that git was given. */
async function tracked(git: Git): Promise<string[]> {
  const { stdout } = await git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  return [...new Set(stdout.split("\0"))].filter((path) => path !== "");
}

async function walk(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && !NEVER.test(`${path}/`) && depth(path) < 8)
      found.push(...(await walk(root, path)));
    if (found.length > MOST_PATHS) break;
  }
  return found;
}

/** `null` for a link, a folder, a file that is gone, too large, or not text. */
async function textOf(path: string): Promise<string | null> {
  try {
    const about = await lstat(path);
    if (!about.isFile()) return null;
    if (path.endsWith("yarn.lock")) return await headOf(path);
    if (about.size > LARGEST_TEXT) return null;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    return text.replaceAll("\r\n", "\n");
  } catch {
    return null;
  }
}

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
