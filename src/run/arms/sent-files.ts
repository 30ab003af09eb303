import { constants } from "node:fs";
import { copyFile, mkdir, realpath, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { TailgateError, writingAt } from "../../error.js";
import { sameBytes } from "../../files/same-bytes.js";
import { filesOf } from "../../load/requests/body-of.js";
import type { ScenarioPlan } from "../../model/plan.js";

type Scenarios = readonly ScenarioPlan[];

/**
 * Copies of the files that a plan's requests name. All arms are sent the same bytes, whatever head's code does to the
 * files meanwhile.
 */
export interface SentFiles {
  /** Name in the plan -> absolute path of the copy. */
  readonly paths: Readonly<Record<string, string>>;
  /** Where two arms have different bytes under one name. */
  readonly notes: readonly string[];
  /** Copies from the folder of an arm what none before it had. Base comes first, so its files govern. */
  collect(scenarios: Scenarios, arm: string, folder: string): Promise<void>;
  /**
   * Copies from the user's own folder what no arm had.
   *
   * @throws TailgateError "config" for a file that is not there either
   */
  complete(scenarios: Scenarios, folder: string): Promise<void>;
}

/** @param place - where the copies go; made when it is needed */
export function sentFiles(place: string): SentFiles {
  const paths: Record<string, string> = {};
  const owners = new Map<string, string>();
  const notes: string[] = [];

  const take = async (name: string, path: string, owner: string): Promise<void> => {
    const copy = join(place, String(owners.size));
    await writingAt(place, async () => {
      await mkdir(place, { recursive: true });
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
    });
    paths[name] = copy;
    owners.set(name, owner);
  };

  return {
    paths,
    notes,
    async collect(scenarios, arm, folder) {
      for (const name of namedFiles(scenarios)) {
        const path = await fileInside(folder, name);
        if (path === null) continue;
        const owner = owners.get(name);
        if (owner === undefined) await take(name, path, arm);
        else if (!(await sameBytes(path, paths[name]!))) {
          notes.push(`\`${name}\` differs between ${owner} and ${arm}; ${owner}'s is sent to both.`);
        }
      }
    },
    async complete(scenarios, folder) {
      for (const name of namedFiles(scenarios).filter((one) => !owners.has(one))) {
        const path = await fileInside(folder, name);
        if (path === null) throw missing(name);
        await take(name, path, "the working directory");
      }
    },
  };
}

function namedFiles(scenarios: Scenarios): string[] {
  return [...new Set(scenarios.flatMap(({ requests }) => requests.flatMap(filesOf)))];
}

/** Absolute path of a file of a folder; `null` where there is nothing of that name. */
async function fileInside(folder: string, name: string): Promise<string | null> {
  const path = await realpath(join(folder, name)).catch(() => null);
  if (path === null) return null;
  if (relative(await realpath(folder), path).startsWith("..")) {
    throw refused(name, "is a symbolic link that leads out of its folder");
  }
  if (!(await stat(path)).isFile()) throw refused(name, "is no file");
  return path;
}

function refused(name: string, what: string): TailgateError {
  return new TailgateError(
    "config",
    `\`${name}\`, which is to be sent, ${what}.`,
    "Name a file of the repository.",
  );
}

function missing(name: string): TailgateError {
  return new TailgateError(
    "config",
    `\`${name}\`, which is to be sent, is neither in the code that is measured nor in the folder that Tailgate runs in.`,
    "Its path counts from the folder that Tailgate runs in. Commit it, or let an earlier step of the job write it.",
  );
}
