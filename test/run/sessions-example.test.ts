import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { makePlan } from "../../src/config/make-plan.js";
import { loggedIn } from "../../src/experiment/logged-in.js";
import { closedPhase } from "../../src/experiment/phases.js";
import { sentLoads } from "../../src/experiment/sent-load.js";
import { startGenerator } from "../../src/load/generator/generator.js";
import type { LoadGenerator } from "../../src/load/phase.js";
import { partSamples } from "../../src/load/samples/part-samples.js";
import { summarizeSamples } from "../../src/load/samples/summarize-samples.js";
import { sentFiles } from "../../src/run/arms/sent-files.js";
import type { RunningService } from "../../src/service/lifecycle/running-service.js";
import { generatorEntry } from "../load/support/entry.js";
import { targetOf } from "../load/support/phases.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const EXAMPLE = join(import.meta.dirname, "../../examples/sessions");

let generator: LoadGenerator;

beforeAll(async () => {
  generator = await startGenerator({ processors: null, entry: generatorEntry() });
});

afterAll(() => generator.stop());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startExample(): Promise<number> {
  const port = await freePort();
  const child = spawn(process.execPath, ["server.js"], { cwd: EXAMPLE, env: { PORT: String(port) } });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  for (let tries = 0; tries < 200; tries++) {
    if ((await fetch(`http://127.0.0.1:${port}/health`).catch(() => null))?.ok === true) return port;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the example does not start");
}

test("every request of the sessions example is served as it expects, in its mix and by itself", async () => {
  const headFile = readConfigFile(readFileSync(join(EXAMPLE, "tailgate.yml")), "tailgate.yml");
  const plan = makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
  const files = sentFiles(join(temporaryFolder(), "sent"));
  await files.collect(plan, "base", EXAMPLE);
  await files.complete(plan, EXAMPLE);
  const found = { files: files.paths, tables: files.tables };
  const service = targetOf(await startExample()) as unknown as RunningService;
  const { signal } = new AbortController();
  const target = await loggedIn(plan, service, { generator, signal });

  const outcomes: Record<string, Record<string, number>> = {};
  for (const [index, sent] of sentLoads(plan.scenarios).entries()) {
    const phase = closedPhase(
      sent,
      [target],
      { requests: 100, burstMs: 1000, purpose: "test" },
      { seed: 1, block: 1, attempt: 1 },
      { first: 100 * index, seed: 1 },
    );
    const { arms } = await generator.run({ ...phase, profile: { ...phase.profile, ...found } });
    outcomes[sent.scenario.name] = summarizeSamples(arms[0]!).measured.statuses;
    partSamples(phase, arms[0]!).forEach((samples, part) => {
      const { statuses, requests, errors } = summarizeSamples(samples).measured;
      expect(Object.values(errors)).toEqual([0, 0, 0, 0]);
      expect(Object.values(statuses)).toEqual([requests]);
      outcomes[sent.parts[part]!.name] = statuses;
    });
  }
  await generator.disconnect();
  expect(Object.keys(outcomes)).toEqual(["mix", "read user", "who am I", "place order", "send photo"]);
  expect(outcomes["send photo"]).toEqual({ 201: 100 });
  expect(Object.keys(outcomes["place order"]!)).toEqual(["201"]);
});
