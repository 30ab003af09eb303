import { join } from "node:path";
import { isDiskFull } from "../error.js";
import { replaceFile } from "../files/atomic-write.js";
import type { Result } from "../model/result.js";
import type { Reporter, ServiceLog } from "../reporters/reporter.js";
import { KEPT_REPORTS, type KeptReport, REPORTERS } from "../reporters/reporters.js";

/** What a run leaves: the result, and where its reports stand. */
export interface GateOutcome {
  readonly result: Result;
  /** Absolute paths. */
  readonly files: Readonly<Record<KeptReport, string>>;
}

/**
 * Writes the reports that a run keeps. On a full disk once more after `makeRoom`: what fills it is most often what a
 * build or a service wrote into a checkout.
 *
 * @throws TailgateError `disk` when there is no room then either
 */
export async function writeReports(
  result: Result,
  logs: readonly ServiceLog[],
  folder: string,
  makeRoom: () => Promise<void>,
): Promise<GateOutcome> {
  const files = Object.fromEntries(
    KEPT_REPORTS.map((name) => [name, join(folder, REPORTERS[name].fileName)]),
  ) as GateOutcome["files"];
  const write = async (): Promise<GateOutcome> => {
    for (const name of KEPT_REPORTS) {
      const reporter: Reporter = REPORTERS[name];
      await replaceFile(files[name], reporter.render(result, { logs }));
    }
    return { result, files };
  };
  try {
    return await write();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    await makeRoom();
    return write();
  }
}
