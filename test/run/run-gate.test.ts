import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { TailgateError } from "../../src/error.js";
import { runGate } from "../../src/run/run-gate.js";
import { notPlaced } from "../../src/service/lifecycle/placement.js";
import { fakeWorld } from "../experiment/fake-world.js";
import { temporaryFolder } from "../git/repositories.js";
import { contextIn } from "./made-up-context.js";

const HOUR_MS = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

test("a system clock that is set back during a run does not change how long the run took", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "tailgate.yml"),
    "arms: { one: { start: run-one }, two: { start: run-two } }\nscenarios: [{ name: list, request: { path: / } }]\n",
  );
  const world = fakeWorld();
  world.broken.set("one", new TailgateError("service", "one: the service is broken", "mend it"));
  vi.useFakeTimers({ toFake: ["Date"] });
  const { result } = await runGate(contextIn(folder), () => {
    vi.setSystemTime(Date.now() - HOUR_MS);
    return Promise.resolve({
      experiment: world.ports,
      placement: notPlaced("nothing runs"),
      usageUnavailable: new Map(),
      close: () => Promise.resolve(),
    });
  });
  expect(result).toMatchObject({ verdict: "invalid", reason: "one: the service is broken" });
  expect(result.durationMs).toBeGreaterThan(0);
  expect(result.durationMs).toBeLessThan(HOUR_MS);
});
