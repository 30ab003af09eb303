import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { diskFull, TailgateError } from "../../src/error.js";
import type { Block } from "../../src/model/block.js";
import type { Result } from "../../src/model/result.js";
import type { RunPorts } from "../../src/run/connect-ports.js";
import { type GateOutcome, runGate } from "../../src/run/run-gate.js";
import { notPlaced } from "../../src/service/lifecycle/placement.js";
import { diagnosisPorts } from "../diagnosis/fake-instrument.js";
import { type FakeWorld, fakeWorld } from "../experiment/fake-world.js";
import { temporaryFolder } from "../parts/temporary-folder.js";
import { memoryStore } from "../store/memory-store.js";
import { contextIn } from "./made-up-context.js";

const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

/** A folder whose configuration compares two stacks. */
function twoStacks(): string {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "tailgate.yml"),
    "arms: { one: { start: run-one }, two: { start: run-two } }\nscenarios: [{ name: list, request: { path: / } }]\n",
  );
  return folder;
}

function portsOf(world: FakeWorld): RunPorts {
  return {
    experiment: world.ports,
    diagnosis: diagnosisPorts(world),
    blocks: memoryStore<Block>({ identityOf: ({ index }) => String(index) }),
    placement: notPlaced("nothing runs"),
    usageUnavailable: new Map(),
    firstDifferences: () => [],
    sameDeployments: () => [],
    close: () => Promise.resolve(),
  };
}

test("a system clock that is set back during a run does not change how long the run took", async () => {
  const world = fakeWorld();
  world.broken.set("one", new TailgateError("service", "one: the service is broken", "mend it"));
  vi.useFakeTimers({ toFake: ["Date"] });
  const { result } = await runGate(contextIn(twoStacks()), () => {
    vi.setSystemTime(Date.now() - HOUR_MS);
    return Promise.resolve(portsOf(world));
  });
  expect(result).toMatchObject({ verdict: "invalid", reason: "one: the service is broken" });
  expect(result.durationMs).toBeGreaterThan(0);
  expect(result.durationMs).toBeLessThan(HOUR_MS);
});

test("a run that a full disk stops keeps the blocks that ended before, in its store, its result and its observations", async () => {
  const world = fakeWorld();
  let resets = 0;
  world.onReset = () => {
    // The pilot resets once, each block once more.
    if (++resets > 3) throw diskFull("/somewhere");
  };
  const ports = portsOf(world);
  const context = contextIn(twoStacks());
  const { result } = await runGate(context, () => Promise.resolve(ports));
  expect(result.verdict).toBe("invalid");
  expect(result.reason).toContain("the disk that holds /somewhere is full");
  expect(result.blocks.map(({ index }) => index)).toEqual([1, 2]);
  expect(await ports.blocks.read()).toEqual(result.blocks);
  const observations = JSON.parse(readFileSync(join(context.outFolder, "observations.json"), "utf8")) as {
    readonly cells: readonly { readonly values: Readonly<Record<string, readonly number[]>> }[];
  };
  expect(observations.cells[0]!.values["one"]).toHaveLength(2);
});

/** A run that is to be explained whatever its verdict; `onLook` is called before each look of an instrument. */
async function explainedRun(
  onLook: (world: FakeWorld, controller: AbortController) => void = () => undefined,
): Promise<GateOutcome & { readonly decided: readonly GateOutcome[]; readonly written: Result }> {
  const world = fakeWorld();
  const controller = new AbortController();
  const decided: GateOutcome[] = [];
  const context = {
    ...contextIn(twoStacks(), { explain: "always" }, { decided: (outcome) => decided.push(outcome) }),
    signal: controller.signal,
  };
  const ports = portsOf({ ...world, ports: { ...world.ports, signal: controller.signal } });
  world.onPhase = () => {
    if (decided.length > 0) onLook(world, controller);
  };
  const outcome = await runGate(context, () => Promise.resolve(ports));
  const written = JSON.parse(readFileSync(outcome.files.json, "utf8")) as Result;
  return { ...outcome, decided, written };
}

test("the verdict is told and written before the first diagnosis block, and the explanation is added to it", async () => {
  const { result, decided, written } = await explainedRun();
  expect(decided).toHaveLength(1);
  expect(decided[0]!.result).toMatchObject({ verdict: result.verdict, explanation: null });
  expect(result.explanation).toMatchObject({ arm: "two", scenario: "list", finding: "nothing" });
  expect(written).toEqual(JSON.parse(JSON.stringify(result)));
  expect(result.blocks).toEqual(decided[0]!.result.blocks);
});

test("a run that is cancelled while it explains ends with its verdict all the same", async () => {
  const { result, decided, written } = await explainedRun((_world, controller) => {
    controller.abort(new Error("cancelled by SIGTERM"));
    throw controller.signal.reason;
  });
  expect(result.verdict).toBe(decided[0]!.result.verdict);
  expect(written.verdict).toBe(result.verdict);
  expect(result.explanation).toMatchObject({ finding: "failed" });
  expect(result.explanation!.sentence).toContain("cancelled by SIGTERM");
});

test("a service that ends only under the instrument is told as such, and the verdict stands", async () => {
  const { result, decided } = await explainedRun((world) => {
    world.dead.set("two", "it ended with code 139");
  });
  expect(result.verdict).toBe(decided[0]!.result.verdict);
  expect(result.explanation!.sentence).toContain("two ended under it: it ended with code 139");
});
