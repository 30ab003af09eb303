import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkInputs, type RawInputs } from "../../src/config/inputs.js";
import type { Journal } from "../../src/run/journal.js";
import type { RunContext } from "../../src/run/run-context.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

/** A journal that nobody reads. */
const SILENT: Journal = {
  begun: () => undefined,
  runOpened: () => undefined,
  step: () => undefined,
  note: () => undefined,
  output: () => undefined,
  planned: () => undefined,
  measured: () => undefined,
  decided: () => undefined,
};

/** A run on a developer's machine whose results and run folder are deleted after the test. */
export function contextIn(
  workingDirectory: string,
  raw: RawInputs = {},
  journal: Partial<Journal> = {},
): RunContext {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "parent"));
  return {
    inputs: checkInputs(raw, "flag"),
    workingDirectory,
    event: { kind: "local" },
    environment: { PATH: process.env["PATH"], RUNNER_TEMP: join(folder, "parent") },
    outFolder: join(folder, "out"),
    runner: null,
    attempt: 1,
    signal: new AbortController().signal,
    journal: { ...SILENT, ...journal },
  };
}
