import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { readFileBounded } from "../files/read-file.js";
import type { Plan } from "../model/plan.js";
import type { ServiceLog } from "../reporters/reporter.js";
import type { BuildCache } from "../service/build/build.js";
import { CACHE_VARIABLE, folderCache } from "../service/build/folder-cache.js";
import { type RunFolder, openRunFolder, safeName, temporaryParent } from "../service/clean-up/run-folder.js";
import { endRun, sweep } from "../service/clean-up/sweep.js";
import { refuseUnsupportedSystem } from "../service/lifecycle/supported-system.js";
import { printable } from "../service/log/printable.js";
import { redact } from "../service/log/redact.js";
import { secretsOf } from "../service/log/secrets.js";
import { beginResults } from "./result-folder.js";
import type { RunContext } from "./run-context.js";
import { setUpOnce, type SetUpOnce } from "./arms/set-up-once.js";
import { sentFiles, type SentFiles } from "./arms/sent-files.js";

/** Whoever writes a log keeps it bounded. */
const LARGEST_LOG_BYTES = 64 * 1024 * 1024;

/** As much of a service's log as helps a reader of the report; the whole log lies beside it. */
const LAST_LINES = 100;

/** Everything that a run makes and takes away again, and the folder that stays. */
export interface RunWorkspace {
  readonly folder: RunFolder;
  /** What the requests of the plan send from files. */
  readonly files: SentFiles;
  readonly setUpOnce: SetUpOnce;
  /** Where base's builds are kept; `null` where no place was named. */
  readonly cache: BuildCache | null;
  /**
   * Clears what an earlier run left in the out folder, and makes room for what this one writes.
   *
   * @throws TailgateError `disk` where there is no room, "config" where this user cannot write
   */
  beginResults(): Promise<void>;
  /** Log file of a build, hook or service; it stays with the results. */
  log(name: string): string;
  /** The end of what each service printed in its last launch: printable, without secrets. */
  serviceLogs(plan: Plan): ServiceLog[];
  /** Ends what is left running, removes the temporary folder with the checkouts in it. Safe to call twice. */
  close(): Promise<void>;
}

/** Sweeps what runs that died have left, and opens a place for this one. */
export async function openRunWorkspace(context: RunContext): Promise<RunWorkspace> {
  refuseUnsupportedSystem(process.platform);
  const parent = temporaryParent(context.environment);
  for (const swept of await sweep({ parent, runId: null })) {
    context.journal.note(`Cleaned up after run ${swept.runId}, which had ended early.`);
  }
  const runId = `${Date.now().toString(36)}-${randomBytes(4).toString("hex")}`;
  const folder = openRunFolder({ parent, runId });
  context.journal.runOpened(runId, parent);
  const log = (name: string): string => join(context.outFolder, "logs", `${safeName(name)}.log`);
  const place = context.environment[CACHE_VARIABLE];
  const leftBehind = (error: unknown): void => {
    context.journal.note(`Something was left behind for the next run to clean up: ${String(error)}`);
  };
  return {
    folder,
    files: sentFiles(join(folder.path, "sent-files")),
    setUpOnce: setUpOnce(),
    beginResults: () => beginResults(context.outFolder),
    cache: place === undefined || place === "" ? null : folderCache(resolve(place), { except: [".git"] }),
    log,
    serviceLogs(plan) {
      const logs = plan.arms.map(({ name, service }) => {
        // It is absent where the arm was never launched.
        const read = readFileBounded(log(`service-${name}`), { mostBytes: LARGEST_LOG_BYTES, shared: true });
        const text = read.kind === "read" ? read.bytes.toString("utf8") : "";
        const end = text.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
        return { arm: name, text: redact(printable(end), secretsOf(context.environment, service.env)) };
      });
      return logs.filter(({ text }) => text !== "");
    },
    async close() {
      const left = await endRun(folder);
      if (left.length > 0)
        context.journal.note(`These processes or containers could not be ended: ${left.join(", ")}.`);
      // What cannot be removed now, the next run sweeps.
      await folder.dispose().catch(leftBehind);
    },
  };
}
