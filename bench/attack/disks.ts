import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mountSmallDisk, type SmallDisk } from "../../test/service/small-disk.js";
import { type Attack, below, oneOf } from "./attack.js";
import { makeScene, requireFinished, requireNothingLeft, requireWholeResults, startRun } from "./run.js";

const LATEST_MS = 8000;
const PLACES = ["temporary", "out", "both"] as const;

let disk: SmallDisk | null = null;
let notAllowed: string | null = null;

/** A disk that something fills at a random moment of a run: that of the results, of the checkouts, or of both. */
export const DISK_ATTACK: Attack = {
  name: "disks",
  count: 6,
  limitMs: 180_000,
  unavailable() {
    const mounted = mountSmallDisk("size=48m");
    if ("notAllowed" in mounted) notAllowed = mounted.notAllowed;
    else disk = mounted;
    return notAllowed;
  },
  async tryOnce(random) {
    const place = oneOf(PLACES, random);
    const momentMs = below(LATEST_MS, random);
    const on = (name: string): string => join(disk!.path, name);
    const scene = makeScene({
      ...(place === "out" ? {} : { temporary: on("temporary") }),
      ...(place === "temporary" ? {} : { out: on("results") }),
    });
    try {
      const run = startRun(scene);
      await sleep(momentMs);
      disk!.fill();
      const { code, said } = await run.ended;
      requireFinished(code, said);
      disk!.free();
      requireWholeResults(scene);
      requireNothingLeft(scene);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`disk of ${place} full after ${momentMs} ms: ${why}`, { cause: error });
    } finally {
      disk!.free();
      scene.remove();
    }
  },
  end() {
    disk?.unmount();
    return Promise.resolve();
  },
};
