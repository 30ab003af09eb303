import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkValidity } from "../../load/samples/validity-checks.js";
import { startGenerator, type GeneratorOptions } from "../../load/generator/generator.js";
import { summarizeSamples, type LoadSummary } from "../../load/samples/summarize-samples.js";
import type { LoadGenerator, OpenPhase, Phase } from "../../load/phase.js";
import { failedRequests } from "../../metrics/errors.js";
import type { GeneratorHealth } from "../../model/block.js";
import { isOverloaded, loadReport, type LoadJson, type LoadReport, type LoadWarning } from "./load-report.js";
import { withTable } from "./data-table.js";
import { withProto } from "./proto-file.js";
import { requireTrusted } from "./require-trusted.js";
import { parseLoadOptions, type LoadCommandOptions, type LoadTask } from "./options.js";
import { warningOfFailure, reportText } from "./load-text.js";

export type { LoadCommandOptions } from "./options.js";

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Where a command writes: results to standard output, everything for people to standard error. */
export interface LoadStreams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** Longest search for the capacity of a target that could not serve the offered rate. */
const CAPACITY_MS = 2000;
const WARMUP_PER_CONNECTION = 10;

/**
 * `tailgate load`: one profile against a URL. Returns the exit code: 0; 1 where no request succeeded, or more failed
 * than `--max-errors` allows; 2 where the rate was more than the target can serve, so that there is no latency to give.
 *
 * @throws TailgateError "config" for wrong options, "load" for a target that is not there
 */
export async function loadCommand(
  options: LoadCommandOptions,
  streams: LoadStreams,
  generatorOptions: GeneratorOptions = { processors: null },
): Promise<number> {
  const asked = parseLoadOptions(options);
  if (!asked.insecure) await requireTrusted(asked.target);
  const folder = await mkdtemp(join(tmpdir(), "tailgate-load-"));
  let generator: LoadGenerator | null = null;
  try {
    const { task, warnings } = await withTable(await withProto(asked, folder), folder);
    generator = await startGenerator(generatorOptions);
    const report = await measure(task, warnings, generator, progressOn(streams.stderr, task.requests));
    if (options.json === true) {
      streams.stdout.write(`${JSON.stringify(report.json)}\n`);
      for (const { message } of report.json.warnings) streams.stderr.write(`warning: ${message}\n`);
    } else {
      streams.stdout.write(reportText(report, streams.stdout.isTTY === true));
    }
    return loadExitCode(report.json, task.mostErrors);
  } finally {
    await generator?.disconnect().catch(() => undefined);
    await generator?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  task: LoadTask,
  already: readonly LoadWarning[],
  generator: LoadGenerator,
  onProgress: (ended: number) => void,
): Promise<LoadReport> {
  const common = { profile: task.profile, targets: [task.target], turns: [[0]] };
  const closed = (requests: number, maximumMs: number): Phase => {
    return { ...common, loop: "closed", requests, burstMs: Infinity, maximumMs };
  };
  let first = 0;
  const run = async (
    planned: Phase,
    progress?: (ended: number) => void,
  ): Promise<{ summary: LoadSummary; health: GeneratorHealth; warnings: LoadWarning[] }> => {
    const phase = { ...planned, numbering: { first, seed: task.seed } };
    first += phase.requests;
    const { arms, health } = await generator.run(phase, undefined, progress);
    const summary = summarizeSamples(arms[0]!);
    const found = checkValidity(phase, [summary], health);
    return { summary, health, warnings: [...already, ...found.map(warningOfFailure)] };
  };

  await run({ ...closed(task.profile.connections * WARMUP_PER_CONNECTION, Infinity), burstMs: 1000 });
  if (task.ratePerSecond === null) {
    const { summary, health, warnings } = await run(closed(task.requests, Infinity), onProgress);
    return loadReport(task, summary, health, warnings, null);
  }
  const phase: OpenPhase = {
    ...common,
    loop: "open",
    requests: task.requests,
    // One target: nothing to alternate with, so the queue is never made to drain before the end.
    burstMs: Infinity,
    ratePerSecond: task.ratePerSecond,
    seed: task.seed,
  };
  const { summary, health, warnings } = await run(phase, onProgress);
  if (!isOverloaded(phase, summary)) return loadReport(task, summary, health, warnings, null);
  const atCapacity = (await run(closed(task.requests, CAPACITY_MS))).summary;
  const capacity = atCapacity.capacityPerSecond ?? atCapacity.servedPerSecond;
  return loadReport(task, summary, health, warnings, capacity);
}

export function loadExitCode(
  { requests, errors, latencyUs }: Pick<LoadJson, "requests" | "errors" | "latencyUs">,
  mostErrors: number | null,
): number {
  const failed = failedRequests(errors);
  if (failed === requests || (mostErrors !== null && failed > mostErrors * requests)) return 1;
  return latencyUs === null ? 2 : 0;
}

function progressOn(stream: Stream, requests: number): (ended: number) => void {
  if (stream.isTTY !== true) return () => undefined;
  return (ended) => {
    const share = Math.floor((ended / requests) * 100);
    stream.write(`\r${ended} of ${requests} requests (${share} %)\u001b[K`);
    if (ended >= requests) stream.write("\r\u001b[K");
  };
}
