import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { startGenerator } from "../../src/load/generator/generator.js";
import { summarizeSamples } from "../../src/load/samples/summarize-samples.js";
import type { LoadGenerator, Phase } from "../../src/load/phase.js";
import type { ArmSamples } from "../../src/load/samples/samples.js";
import type { GeneratorHealth } from "../../src/model/block.js";
import { generatorEntry } from "../../test/load/support/entry.js";
import type { Reading, Run } from "./rivals.js";

export function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

export function table(title: string, ...columns: readonly string[]): void {
  console.log(`\n${title}\n`);
  row(...columns);
  row(...columns.map((_, i) => (i === 0 ? "---" : "---:")));
}

export function phaseOf(
  { port, rate, seconds, connections }: Run,
  requests = Math.round((rate ?? 0) * seconds),
): Phase {
  const common = {
    profile: {
      protocol: "http1" as const,
      requests: [{ method: "GET", path: "/", headers: {}, body: null, capture: {} }],
      expect: { status: [], contains: null, bytes: null },
      connections,
      connection: "keep-alive" as const,
      timeoutMs: 10_000,
    },
    targets: [{ arm: "bench", host: "127.0.0.1", port, tls: false }],
    burstMs: 60_000,
    turns: [[0]],
  };
  return rate === null
    ? { ...common, loop: "closed", requests: 2_000_000, maximumMs: seconds * 1000 }
    : { ...common, loop: "open", requests, ratePerSecond: rate, seed: 1 };
}

/**
 * The generator has a session of its own, and Linux shares the processor out by session. On a machine that others use,
 * the bench is started with a better share (docs/load.md), which this passes on.
 */
function passOnPriority(pid: number): void {
  try {
    const nice = /nice (-?\d+)/.exec(readFileSync("/proc/self/autogroup", "utf8"))![1]!;
    if (nice !== "0") writeFileSync(`/proc/${pid}/autogroup`, nice);
  } catch {
    // A system that does not share by session.
  }
}

/** How a run waits on this machine, as it does outside of the bench: awake only where there are four processors. */
export const WAITS_AWAKE = cpus().length >= 4;

export async function withGenerator<T>(
  mayWaitAwake: boolean,
  use: (generator: LoadGenerator) => Promise<T>,
): Promise<T> {
  const generator = await startGenerator({ processors: "0", mayWaitAwake, entry: generatorEntry() });
  passOnPriority(generator.pid);
  try {
    return await use(generator);
  } finally {
    await generator.disconnect();
    await generator.stop();
  }
}

/** One run of Tailgate's generator. `warm` is called when its connections stand, before what is measured. */
export async function ours(
  run: Run,
  mayWaitAwake = WAITS_AWAKE,
  warm: () => Promise<unknown> = () => Promise.resolve(),
): Promise<{ samples: ArmSamples; reading: Reading; health: GeneratorHealth }> {
  return withGenerator(mayWaitAwake, async (generator) => {
    await generator.run({ ...phaseOf({ ...run, rate: null, seconds: 1 }), requests: 10 * run.connections });
    await warm();
    const { arms, health } = await generator.run(phaseOf(run));
    const { measured, servedPerSecond } = summarizeSamples(arms[0]!);
    const { latencyUs, requests } = measured;
    const ms = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
    return {
      samples: arms[0]!,
      reading: {
        p50: ms(latencyUs?.p50),
        p95: ms(latencyUs?.p95),
        p99: ms(latencyUs?.p99),
        p999: ms(latencyUs?.p999),
        perSecond: servedPerSecond,
        requests,
        cpuUsPerRequest: health.cpuUs / requests,
      },
      health,
    };
  });
}
