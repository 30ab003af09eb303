import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createTwoFilesPatch } from "diff";
import { isInside } from "../files/is-inside.js";
import { TailgateError } from "../error.js";

/** A file as it is to be, against what is there. */
export interface Change {
  /** From the root. */
  readonly path: string;
  readonly text: string;
  /** What stands there now; `null`: nothing. */
  readonly before: string | null;
}

export async function changeTo(root: string, path: string, text: string): Promise<Change> {
  return { path, text, before: await contentOf(join(root, path)) };
}

export function kindOf({ text, before }: Change): "new" | "same" | "different" {
  return before === null ? "new" : before === text ? "same" : "different";
}

/** The change as a unified difference, without the header. */
export function differenceOf({ path, text, before }: Change): string[] {
  return createTwoFilesPatch(path, path, before ?? "", text, "", "", { context: 3 })
    .split("\n")
    .filter((line) => !/^(Index: |=====|--- |\+\+\+ |@@ -0,0|\\ No newline)/.test(line) && line !== "");
}

/**
 * Writes one file. A new one is created only if still nothing is there.
 *
 * @throws TailgateError "config" where the path leads out of the root, or cannot be written
 */
export async function write(root: string, change: Change): Promise<void> {
  const target = join(root, change.path);
  try {
    await mkdir(dirname(target), { recursive: true });
    if (!isInside(await realpath(root), await realpath(dirname(target)))) {
      throw new TailgateError(
        "config",
        `${change.path} leads out of the repository, through a link.`,
        "Remove the link, or write the file yourself.",
      );
    }
    await writeFile(target, change.text, { flag: change.before === null ? "wx" : "w" });
  } catch (cause) {
    if (cause instanceof TailgateError) throw cause;
    throw new TailgateError(
      "config",
      `${change.path} cannot be written: ${(cause as Error).message}.`,
      "Check that you may write there.",
      { cause },
    );
  }
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new TailgateError(
      "config",
      `${path} is there but cannot be read: ${(cause as Error).message}.`,
      "Check that it is a file that you may read.",
      { cause },
    );
  }
}
