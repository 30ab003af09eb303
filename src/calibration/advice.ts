import type { MetricScale } from "../metrics/metric-descriptor.js";
import { descriptorOf } from "../metrics/metrics.js";
import { formatLimitPercent, formatPercent } from "../text/format-quantity.js";
import type { Calibration } from "./calibration.js";
import { type CellNoise, PASSING_SHARE } from "./noise.js";

/** Limits are proposed in steps of this: half a percent; for shares, whose limits are far smaller, a hundredth of a point. */
const LIMIT_STEPS: Readonly<Record<MetricScale, number>> = { log: 0.005, difference: 0.0001 };
/** More false alarms than this among the resampled runs are worth a word. */
const ALARMING_SHARE = 0.01;

/** Sentences that say what would let runs on this machine reach a verdict; empty where nothing needs to change. */
export function adviceOn(calibration: Calibration): string[] {
  const { unchanged, noise } = calibration;
  const advice: string[] = [];
  const failed = unchanged.resampled?.failed.share ?? 0;
  if (failed > ALARMING_SHARE) {
    const cells = Object.keys(unchanged.resampled?.regressed ?? {}).join(", ");
    advice.push(
      `Unchanged code failed in ${formatPercent(failed)} of the resampled runs (${cells}): widen these limits, or measure on a quieter machine.`,
    );
  }
  const tooTight = noise.filter((cell) => cell.gated && cell.proof && cell.provableLimit > cell.limit);
  for (const cell of tooTight) advice.push(looser(cell));
  if (tooTight.length === 0 && unchanged.resampled !== null) {
    const passed = unchanged.resampled.passed.share;
    advice.push(
      passed >= PASSING_SHARE
        ? `The limits hold here: ${formatPercent(passed)} of the resampled runs of unchanged code passed.`
        : `Each limit by itself can be shown to hold in nine of ten unchanged runs, all of them together in ${formatPercent(passed)}: ` +
            "a larger `budget` or slightly wider limits help.",
    );
  }
  return advice;
}

function looser(cell: CellNoise): string {
  const name = cell.scenario === null ? cell.metric : `${cell.metric} of \`${cell.scenario}\``;
  const { scale } = descriptorOf(cell.metric);
  const step = LIMIT_STEPS[scale];
  const holds = Math.ceil(cell.provableLimit / step) * step;
  const written = (limit: number): string =>
    scale === "log" ? formatLimitPercent(limit) : `${(limit * 100).toPrecision(2)}pp`;
  // The standard error falls with the root of what is averaged; blocks can only hold so much of it.
  const times = (Math.log1p(cell.provableLimit) / Math.log1p(cell.limit)) ** 2;
  const more =
    times <= 8 ? `, or about ${times.toFixed(1)} times as many \`load.requests\` and \`budget\`` : "";
  return (
    `${name}: a limit of ${written(cell.limit)} is too tight for green. ` +
    `${written(holds)} would hold${more}; or \`proof: false\`, which lets green not wait for it.`
  );
}
