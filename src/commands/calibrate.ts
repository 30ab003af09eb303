import { resolve } from "node:path";
import { FEWEST_COPIES, MOST_COPIES } from "../calibration/arms.js";
import { calibrationOf } from "../calibration/calibration.js";
import { runCalibration } from "../calibration/run-calibration.js";
import { openCalibrationStore } from "../calibration/calibration-store.js";
import { calibrationText } from "../calibration/text.js";
import { checkInputs } from "../config/inputs.js";
import { TailgateError } from "../error.js";
import { localContext } from "./local-context.js";
import { cancellable } from "./cancel.js";
import { numberFlag, wrongFlag } from "./flags.js";
import type { RunOptions } from "./run.js";
import type { Streams } from "./terminal/streams.js";
import { terminalJournal } from "./terminal/terminal-journal.js";

/** Flags of `tailgate calibrate`, as strings. */
export interface CalibrateOptions extends Omit<RunOptions, "base" | "head" | "failOn" | "out"> {
  readonly runs: string;
  readonly copies: string;
  /** `NAME=REF`, any number of them. */
  readonly change?: readonly string[] | undefined;
  readonly base: string;
  readonly out: string;
  readonly fresh?: boolean | undefined;
}

const MOST_RUNS = 1000;
/** Arms live in file names and tables. */
const CHANGE = /^([a-z0-9][a-z0-9-]{0,39})=(.+)$/;

/** `tailgate calibrate` in a folder; returns the exit code, which does not depend on what was found. */
export async function calibrateCommand(
  options: CalibrateOptions,
  workingDirectory: string,
  { stdout, stderr }: Pick<Streams, "stdout" | "stderr">,
): Promise<number> {
  const runs = numberFlag(options.runs, "--runs", { min: 1, max: MOST_RUNS, whole: true });
  const copies = numberFlag(options.copies, "--copies", {
    min: FEWEST_COPIES,
    max: MOST_COPIES,
    whole: true,
  });
  const changes = (options.change ?? []).map(parsedChange);
  requireNames(changes.map(({ name }) => name));
  const inputs = checkInputs({ ...options, head: options.base, failOn: undefined }, "flag");
  const outFolder = resolve(workingDirectory, options.out);
  const store = await openCalibrationStore(outFolder, options.fresh ?? false);
  const journal = terminalJournal(stderr, process.env, {
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
  });
  try {
    const recorded = await cancellable((signal) =>
      runCalibration({
        context: localContext({ inputs, workingDirectory, outFolder, signal, journal }),
        runs,
        copies,
        changes,
        store,
      }),
    );
    journal.step("judging runs of these blocks");
    const calibration = calibrationOf(recorded);
    journal.done();
    stderr.write(`\n${calibrationText(calibration)}\nBlocks:  ${outFolder}\n`);
    if (options.json === true) stdout.write(`${JSON.stringify(calibration)}\n`);
    return 0;
  } finally {
    journal.done();
  }
}

function parsedChange(text: string): { readonly name: string; readonly ref: string } {
  const match = CHANGE.exec(text);
  if (match) return { name: match[1]!, ref: match[2]! };
  throw wrongFlag(
    "--change",
    text,
    "Write a name and a revision, such as `--change slower=my-branch`: small letters, digits and hyphens in the name.",
  );
}

function requireNames(names: readonly string[]): void {
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  const taken = names.find((name) => /^copy-[0-9]+$/.test(name));
  if (duplicate === undefined && taken === undefined) return;
  throw new TailgateError(
    "config",
    duplicate === undefined
      ? `\`--change\` names an arm \`${taken!}\`: copies of base are called so.`
      : `\`--change\` names two arms \`${duplicate}\`.`,
    "Give every change a name of its own.",
  );
}
