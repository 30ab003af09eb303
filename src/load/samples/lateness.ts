import type { GeneratorHealth } from "../../model/block.js";
import { quantileSorted } from "../../stats/quantile.js";
import type { ArmSamples } from "./samples.js";

/** How late those requests left that found an idle connection. Seven digits are enough, and take half of the memory. */
export function latenessOf(
  arms: readonly ArmSamples[],
): Pick<GeneratorHealth, "latenessP50Us" | "latenessP99Us"> {
  const late = new Float32Array(arms.reduce((sum, { sentUs }) => sum + sentUs.length, 0));
  let count = 0;
  for (const { sentUs, intendedUs, queued } of arms) {
    for (let i = 0; i < sentUs.length; i++) {
      if (queued[i] === 0 && !Number.isNaN(sentUs[i]!)) late[count++] = sentUs[i]! - intendedUs[i]!;
    }
  }
  const sorted = late.subarray(0, count).sort();
  const quantile = (p: number): number => (count === 0 ? 0 : quantileSorted(sorted, p));
  return { latenessP50Us: quantile(0.5), latenessP99Us: quantile(0.99) };
}
