import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseResultText } from "../../src/model/parse-result.js";
import type { Result } from "../../src/model/result.js";
import { repositoryOf, SUBJECTS } from "../calibration/series/places.js";
import { openDatabase } from "../stacks/database.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { stacksNamed } from "../stacks/stack.js";
import { runTailgate } from "../stacks/tailgate.js";

export const RECORDED = SUBJECTS;

/** Blocks of an example whose head changes nothing. */
interface Recorded {
  readonly service: string;
  /** The runs or calibrations that made the blocks. */
  readonly sessions: readonly { readonly startedAt: string; readonly machine: string }[];
  /** Natural logarithms of head over base. */
  readonly blocks: readonly { readonly p50: number; readonly cpu: number }[];
}

const FOLDER = join(PROJECT_ROOT, "bench", "history", "recorded");

export interface RecordOptions {
  readonly cli: string;
  readonly subjects: readonly string[];
  readonly runs: number;
  readonly budget: string;
}

/** Measures examples against a commit that changes nothing, and adds their blocks to what is recorded. */
export async function recordExamples({ cli, subjects, runs, budget }: RecordOptions): Promise<number> {
  const database = await openDatabase(process.env);
  const out = mkdtempSync(join(tmpdir(), "tailgate-record-"));
  try {
    for (const subject of subjects.length === 0 ? RECORDED : subjects) {
      const repository = repositoryOf(stacksNamed([subject])[0]!);
      try {
        for (let run = 0; run < runs; run++) {
          rmSync(join(out, subject), { recursive: true, force: true });
          await runTailgate({
            cli,
            arguments: [
              ...["--base", repository.commitOf("main"), "--head", repository.commitOf("unchanged")],
              ...["--budget", budget, "--seed", String(seedAfter(subject)), "--out", join(out, subject)],
              ...["--explain", "never"],
            ],
            cwd: repository.folder,
            environment: { ...process.env, DATABASE_URL: database.url },
          });
          keepBlocks(subject, parseResultText(readFileSync(join(out, subject, "result.json"), "utf8")));
        }
      } finally {
        repository.remove();
      }
    }
  } finally {
    await database.stop();
    rmSync(out, { recursive: true, force: true });
  }
  return 0;
}

/** Each run has a seed of its own, also where it is asked for by another call. */
function seedAfter(service: string): number {
  return 1 + (readRecorded().find((one) => one.service === service)?.sessions.length ?? 0);
}

/** What is recorded, by name. */
export function readRecorded(): Recorded[] {
  return existsSync(FOLDER)
    ? readdirSync(FOLDER)
        .sort()
        .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Recorded)
    : [];
}

function keepBlocks(service: string, result: Result): void {
  const { cpuModel, cores, memoryBytes, system, node } = result.environment;
  const machine = `${cores} x ${cpuModel}, ${Math.round(memoryBytes / 1024 ** 3)} GiB, ${system}, Node ${node}`;
  const blocks = pairsOf(result);
  // A machine that was too busy measures nothing that noise could be drawn from.
  if (blocks.length === 0) throw new Error(`${service}: no block is good enough: ${result.reason}`);
  const known = readRecorded().find((one) => one.service === service);
  const recorded: Recorded = {
    service,
    sessions: [...(known?.sessions ?? []), { startedAt: result.startedAt, machine }],
    blocks: [...(known?.blocks ?? []), ...blocks],
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${service}.json`), `${JSON.stringify(recorded, null, 2)}\n`);
  console.error(`${service}: ${recorded.blocks.length} blocks are recorded`);
}

/** The blocks that a verdict may rest on. */
function pairsOf(result: Result): Recorded["blocks"] {
  return result.blocks
    .filter((block) => block.distrust.length === 0)
    .flatMap(({ arms }) => {
      const [base, head] = ["base", "head"].map((arm) => Object.values(arms[arm]?.scenarios ?? {})[0]);
      const p50 = logRatio(head?.latencyUs?.p50, base?.latencyUs?.p50);
      const cpu = logRatio(head?.cpuUsPerRequest, base?.cpuUsPerRequest);
      return Number.isFinite(p50 + cpu) ? [{ p50, cpu }] : [];
    });
}

/** To five digits: finer than any block is; not a number where one was not measured. */
function logRatio(head: number | null | undefined, base: number | null | undefined): number {
  return Math.round(Math.log((head ?? NaN) / (base ?? NaN)) * 1e5) / 1e5;
}
