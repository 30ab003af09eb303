import { lstat, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "../git/git.js";
import type { Snapshot } from "./guess/snapshot.js";

/** Enough for the source of a service; what is larger is seldom written by hand. */
const MOST_PATHS = 20_000;
const MOST_TEXTS = 500;
const LARGEST_TEXT = 256 * 1024;

const MANIFEST =
  /(^|\/)(package\.json|pyproject\.toml|Pipfile|requirements[\w/-]*\.txt|Cargo\.toml|go\.mod|Dockerfile|Procfile|(docker-)?compose\.ya?ml|(openapi|swagger)[\w.-]*\.(json|ya?ml)|yarn\.lock)$/i;
const SOURCE = /\.([cm]?[jt]s|py|rs|go)$/;
const NEVER = /(^|\/)(node_modules|\.git|\.venv|venv|target|dist|build|coverage|vendor|__pycache__)\//;

/** Reads what may tell how the service in a folder is built, started and asked. Nothing outside it, no links followed. */
export async function survey(folder: string, git: Git | null): Promise<Snapshot> {
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
  for (const path of wanted) {
    const text = await textOf(join(folder, path));
    if (text !== null) texts.set(path, text);
  }
  return { paths, texts };
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
    if (!about.isFile() || about.size > LARGEST_TEXT) return null;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    return text.replaceAll("\r\n", "\n");
  } catch {
    return null;
  }
}
