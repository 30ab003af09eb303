import { constants } from "node:fs";
import { copyFile, mkdir, realpath, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isInside } from "../../files/is-inside.js";
import { TailgateError, writingAt } from "../../error.js";
import { sameBytes } from "../../files/same-bytes.js";
import { requestFiles } from "../../load/connections/request-files.js";
import { MOST_DATA_BYTES, tabulate, tooLong } from "../../load/data/tabulate.js";
import { describeProto } from "../../load/grpc/describe-proto.js";
import { requireMessages } from "../../load/grpc/require-messages.js";
import { filesOf, MOST_BODY_BYTES } from "../../load/requests/body-of.js";
import { requireKnownNames } from "../../load/requests/known-names.js";
import { shareOfLoad } from "../../model/mix.js";
import type { Plan } from "../../model/plan.js";
import type { RequestPlan } from "../../model/scenario-plan.js";

/** What names files. */
type Naming = Pick<Plan, "scenarios" | "login">;

/**
 * Copies of the files that a plan's requests name. All arms are sent the same bytes, whatever head's code does to the
 * files meanwhile.
 */
export interface SentFiles {
  /** Name in the plan -> absolute path of the copy. */
  readonly paths: Readonly<Record<string, string>>;
  /** Name of a data file -> absolute path of its table; there when the files are complete. */
  readonly tables: Readonly<Record<string, string>>;
  /** Where two arms have different bytes under one name, and where rows repeat. */
  readonly notes: readonly string[];
  /** Copies from the folder of an arm what none before it had. Base comes first, so its files govern. */
  collect(plan: Naming, arm: string, folder: string): Promise<void>;
  /**
   * Copies from the user's own folder what no arm had, and makes tables of the data files.
   *
   * @throws TailgateError "config" for a file that is not there either, or data that do not fit the requests
   */
  complete(plan: Naming, folder: string): Promise<void>;
}

/** @param place - where the copies go; made when it is needed */
export function sentFiles(place: string): SentFiles {
  const paths: Record<string, string> = {};
  const tables: Record<string, string> = {};
  const owners = new Map<string, string>();
  const sources = new Map<string, { readonly path: string; readonly folder: string }>();
  const notes: string[] = [];

  const take = async (name: string, path: string, owner: string, folder: string): Promise<void> => {
    const copy = join(place, String(owners.size));
    await writingAt(place, async () => {
      await mkdir(place, { recursive: true });
      await copyFile(path, copy, constants.COPYFILE_FICLONE);
    });
    sources.set(name, { path, folder });
    paths[name] = copy;
    owners.set(name, owner);
  };

  return {
    paths,
    tables,
    notes,
    async collect(plan, arm, folder) {
      for (const name of namedFiles(plan)) {
        const path = await fileInside(folder, name);
        if (path === null) continue;
        const owner = owners.get(name);
        if (owner === undefined) await take(name, path, arm, folder);
        else if (!(await sameBytes(path, paths[name]!))) {
          notes.push(`\`${name}\` differs between ${owner} and ${arm}; ${owner}'s is sent to both.`);
        }
      }
    },
    async complete(plan, folder) {
      for (const name of namedFiles(plan).filter((one) => !owners.has(one))) {
        const path = await fileInside(folder, name);
        if (path === null) throw missing(name);
        await take(name, path, "the working directory", folder);
      }
      for (const name of requestsOf(plan).flatMap(filesOf)) {
        const { size } = await stat(paths[name]!);
        if (size <= MOST_BODY_BYTES) continue;
        throw refused(name, `has ${size} bytes, and at most ${MOST_BODY_BYTES} are sent with each request`);
      }
      for (const name of dataFiles(plan)) {
        tables[name] = `${paths[name]!}.table`;
        const { columns, rows } = await tabulate(paths[name]!, name, tables[name]);
        const filled = plan.scenarios.filter(({ data }) => data === name);
        for (const scenario of filled) requireKnownNames(scenario, name, columns, plan.login);
        const most = Math.max(...filled.map((one) => Math.round(one.load.requests * shareOfLoad(plan, one))));
        if (rows < most) notes.push(fewRows(name, rows, most));
      }
      // A .proto file imports others, which lie beside it in its arm.
      for (const name of protosOf(plan)) {
        const source = sources.get(name)!;
        await writeFile(`${paths[name]!}.json`, await describeProto(source.path, source.folder));
        paths[name] = `${paths[name]!}.json`;
      }
      requireMessages(requestsOf(plan), requestFiles(paths));
    },
  };
}

function namedFiles(plan: Naming): string[] {
  return [...new Set([...dataFiles(plan), ...requestsOf(plan).flatMap(filesOf)])];
}

function dataFiles({ scenarios }: Naming): string[] {
  return [...new Set(scenarios.flatMap(({ data }) => (data === undefined ? [] : [data])))];
}

function requestsOf({ scenarios, login }: Naming): readonly RequestPlan[] {
  return [...scenarios.flatMap(({ requests }) => requests), ...(login?.requests ?? [])];
}

function protosOf(plan: Naming): string[] {
  const named = requestsOf(plan).flatMap(({ bodySource }) =>
    bodySource?.from === "message" ? [bodySource.proto] : [],
  );
  return [...new Set(named)];
}

/** Absolute path of a file of a folder; `null` where there is nothing of that name. */
async function fileInside(folder: string, name: string): Promise<string | null> {
  const path = await realpath(join(folder, name)).catch(() => null);
  if (path === null) return null;
  if (!isInside(await realpath(folder), path)) {
    throw refused(name, "is a symbolic link that leads out of its folder");
  }
  const found = await stat(path);
  if (!found.isFile()) throw refused(name, "is no file");
  if (found.size > MOST_DATA_BYTES) throw tooLong(name, found.size);
  return path;
}

function fewRows(name: string, rows: number, requests: number): string {
  return `\`${name}\` has ${rows} rows for ${requests} requests or more to each arm in a block: after the last row comes the first again.`;
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
