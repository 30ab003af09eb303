import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { localContext } from "../../src/commands/local-context.js";
import { terminalJournal } from "../../src/commands/terminal/terminal-journal.js";
import { checkInputs } from "../../src/config/inputs.js";
import type { DiagnosisPorts } from "../../src/diagnosis/diagnosis-ports.js";
import type { LoadGenerator, Phase } from "../../src/load/phase.js";
import type { Looking } from "../../src/probes/looking.js";
import { connectPorts } from "../../src/run/connect-ports.js";
import { explainAlone } from "../../src/run/explaining/explain-alone.js";
import { quantileSorted } from "../../src/stats/quantile.js";
import { patchedRepository } from "../regressions/repository.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import type { Stack } from "../stacks/stack.js";

/*
 * What an instrument costs a service: unchanged code is explained with instruments in base alone, so that each block
 * compares the CPU of a request with one and without.
 */

const HEADING = ["stack", "looking", "blocks", "CPU of a request without", "with, times"];

interface Cost {
  readonly looking: Looking;
  readonly withoutUs: number;
  readonly times: number;
}

/** A row for each stack and kind of looking, medians over its blocks. */
export async function overheadTable(
  stacks: readonly Stack[],
  options: { readonly budget: string; readonly databaseUrl: string },
): Promise<string> {
  const rows: string[][] = [];
  for (const stack of stacks) {
    const costs = await costsOf(stack, options);
    for (const looking of ["calls", "cpu"] as const) {
      const own = costs.filter((cost) => cost.looking === looking);
      if (own.length === 0) continue;
      const median = (value: (cost: Cost) => number): number =>
        quantileSorted(Float64Array.from(own, value).sort(), 0.5);
      const [without, times] = [median(({ withoutUs }) => withoutUs), median((cost) => cost.times)];
      rows.push([stack.name, looking, String(own.length), `${without.toFixed(0)} us`, times.toFixed(2)]);
    }
  }
  return markdownTable([HEADING, ...rows]);
}

async function costsOf(
  stack: Stack,
  { budget, databaseUrl }: { readonly budget: string; readonly databaseUrl: string },
): Promise<Cost[]> {
  const patch = join(PROJECT_ROOT, "examples", "regressions", stack.name, "no-op.patch");
  const repository = patchedRepository(stack, patch, {});
  const costs: Cost[] = [];
  try {
    const context = localContext({
      inputs: checkInputs({ base: repository.base, head: repository.head, budget }, "flag"),
      workingDirectory: repository.folder,
      outFolder: join(repository.folder, "results"),
      environment: { ...process.env, DATABASE_URL: databaseUrl },
      signal: new AbortController().signal,
      journal: terminalJournal(process.stderr, process.env, { quiet: true, verbose: false }),
    });
    await explainAlone(context, { scenario: null }, async (...given) => {
      const ports = await connectPorts(...given);
      return { ...ports, diagnosis: await watched(ports.diagnosis, costs) };
    });
  } finally {
    repository.remove();
  }
  return costs;
}

/** The ports with instruments for base alone, and what both arms' requests cost noted. */
async function watched(ports: DiagnosisPorts, costs: Cost[]): Promise<DiagnosisPorts> {
  const base = await ports.folderOf("base");
  let looking: Looking = "calls";
  let requests = 0;
  const spent = new Map<string, number>();
  const { experiment } = ports;
  const generator = Object.create(experiment.generator, {
    run: {
      value: (phase: Phase, ...rest: [AbortSignal?]) => {
        requests = phase.requests;
        return experiment.generator.run(phase, ...rest);
      },
    },
  }) as LoadGenerator;
  const note = (arm: string, cpuNs: number | null): void => {
    if (cpuNs !== null) spent.set(arm, cpuNs / 1000 / requests);
    const [withUs, withoutUs] = [spent.get("base"), spent.get("head")];
    if (withUs === undefined || withoutUs === undefined) return;
    costs.push({ looking, withoutUs, times: withUs / withoutUs });
    spent.clear();
  };
  return {
    ...ports,
    experiment: {
      ...experiment,
      generator,
      probes: {
        ...experiment.probes,
        usageOf: (service) => ({
          async start() {
            const stop = await experiment.probes.usageOf(service).start();
            return async () => {
              const reading = await stop();
              note(service.arm, reading.cpuNs);
              return reading;
            };
          },
        }),
      },
    },
    instruments: ports.instruments.map((instrument) => ({
      name: instrument.name,
      async prepare(launch) {
        ({ looking } = launch);
        if (launch.checkout === base) return instrument.prepare(launch);
        return { environment: {}, attach: () => Promise.resolve(null), close: () => Promise.resolve() };
      },
    })),
  };
}
