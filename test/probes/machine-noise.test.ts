import { expect, test } from "vitest";
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
