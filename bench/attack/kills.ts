import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Attack, below, oneOf, requireHeld } from "./attack.js";
import {
  makeScene,
  processOf,
  requireFinished,
  requireNothingLeft,
  requireWholeResults,
  startRun,
  type Scene,
  type StartedRun,
} from "./run.js";

/** A run of the scene takes about ten seconds on a quiet machine. */
const LATEST_MS = 9000;
const ROLES = ["main", "generator", "service"] as const;

/** kill -9 at a random moment of the run itself, its load generator or its service. */
export const KILL_ATTACK: Attack = {
  name: "kills",
  count: 20,
  limitMs: 180_000,
  unavailable: () =>
    process.platform === "linux" ? null : "processes are found in /proc, which Linux has alone",
  async tryOnce(random) {
    const role = oneOf(ROLES, random);
    const momentMs = below(LATEST_MS, random);
    const scene = makeScene();
    try {
      const run = startRun(scene);
      await sleep(momentMs);
      if (role === "main") await killMain(run, scene);
      else await killPart(() => processOf(role, run, scene), run, scene);
      requireNothingLeft(scene);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`${role} killed after ${momentMs} ms: ${said}`, { cause: error });
    } finally {
      scene.remove();
    }
  },
};

/** What a dead run has left, the next one takes away; and that one works. */
export async function killMain(run: StartedRun, scene: Scene): Promise<void> {
  run.child.kill("SIGKILL");
  await run.ended;
  requireWholeLines(scene);
  const next = startRun(scene);
  const { code, said } = await next.ended;
  requireFinished(code, said);
  requireWholeResults(scene);
  requireHeld(existsSync(join(scene.out, "result.json")), `the next run has no result: ${said.slice(-500)}`);
}

/** A line that was being written may be cut off; what was finished before it is whole. */
function requireWholeLines(scene: Scene): void {
  try {
    requireWholeResults(scene);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("the last block is cut off")) throw error;
  }
}

/** The run goes on with a new process, or ends with the reason. */
export async function killPart(find: () => number | null, run: StartedRun, scene: Scene): Promise<void> {
  const pid = find();
  try {
    if (pid !== null) process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
  const { code, said } = await run.ended;
  requireFinished(code, said);
  requireWholeResults(scene);
}
