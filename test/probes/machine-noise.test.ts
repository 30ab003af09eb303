import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { machineNoiseProbe } from "../../src/probes/machine-noise.js";

test("machine noise is a share of the time in between, or null where the system does not tell", async () => {
  const stop = await machineNoiseProbe(() => performance.now()).start();
  // The kernel counts in hundredths of a second.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const noise = await stop();
  for (const share of [noise.stealShare, noise.cpuPressureShare]) {
    expect(share).toSatisfy((value: number | null) => value === null || (value >= 0 && value <= 1));
  }
  if (process.platform === "linux") expect(noise.stealShare).not.toBeNull();
});

describe("other work", () => {
  let folder = "";
  let nowMs = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tailgate-test-counters-"));
    mkdirSync(join(folder, "pressure"));
    nowMs = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Ticks of work, of idling, of waiting for a disk, and of the hypervisor; microseconds in which some task waited. */
  const counters = (ticks: readonly [number, number, number, number], waitedUs: number): void => {
    const [busy, idle, disk, stolen] = ticks;
    writeFileSync(
      join(folder, "stat"),
      `cpu  ${busy} 0 0 ${idle} ${disk} 0 0 ${stolen} 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n`,
    );
    const pressure = `avg10=0.00 avg60=0.00 avg300=0.00`;
    writeFileSync(
      join(folder, "pressure", "cpu"),
      `some ${pressure} total=${waitedUs}\nfull ${pressure} total=0\n`,
    );
  };

  /** A block of ten seconds in which some task waited for this share, and what the counters say a moment later. */
  const noiseWith = async (waitedShare: number, later: () => void) => {
    counters([0, 0, 0, 0], 0);
    let readings = 0;
    const clock = (): number => {
      // Asked for the time right before each reading: at the start, at the end, and once more where it looks.
      if (++readings === 3) later();
      return nowMs;
    };
    const stop = await machineNoiseProbe(clock, folder).start();
    nowMs += 10_000;
    counters([1000, 900, 0, 100], waitedShare * 10_000_000);
    return stop();
  };

  test("is what the processors do once the arms have ended", async () => {
    const noise = await noiseWith(0.9, () => {
      counters([1025, 910, 5, 100], 0);
    });
    expect(noise).toEqual({ stealShare: 0.05, cpuPressureShare: 0.9, otherWorkShare: 0.625 });
  });

  test("is all of them where nothing idles, and none where the idle time is taken back", async () => {
    const all = await noiseWith(0.9, () => {
      counters([1030, 899, 0, 111], 0);
    });
    expect(all.otherWorkShare).toBe(1);
    const none = await noiseWith(0.9, () => {
      counters([1000, 940, 0, 100], 0);
    });
    expect(none.otherWorkShare).toBe(0);
  });

  test("is not looked for where little waited, and left out where the system does not tell", async () => {
    const quiet = await noiseWith(0.4, () => {
      counters([1025, 915, 0, 100], 0);
    });
    expect(quiet).toEqual({ stealShare: 0.05, cpuPressureShare: 0.4 });
    const untold = await noiseWith(0.9, () => {
      rmSync(join(folder, "stat"));
    });
    expect(untold).toEqual({ stealShare: 0.05, cpuPressureShare: 0.9 });
  });
});
