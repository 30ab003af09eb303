import type { ArmProfile, ProfiledFunction } from "../model/profile.js";
import { shownName } from "./match-functions.js";

/**
 * A profile as folded stacks, a line for each call path and its CPU in microseconds: "outer;inner 1200". Format of
 * Brendan Gregg's FlameGraph (stackcollapse), which speedscope opens too. Empty when nothing was sampled.
 */
export function foldedStacks({ functions, cpu }: ArmProfile): string {
  const labels = functions.map(frameLabel);
  const usOf = new Map<string, number>();
  for (const { frames, cpuUs } of cpu?.stacks ?? []) {
    const path = frames.length === 0 ? "(unknown)" : frames.map((frame) => labels[frame]!).join(";");
    usOf.set(path, (usOf.get(path) ?? 0) + cpuUs);
  }
  return [...usOf].map(([path, us]) => `${path} ${Math.round(us)}\n`).join("");
}

/** The semicolon parts frames. */
function frameLabel(one: ProfiledFunction): string {
  const { name, file, line } = shownName(one);
  const place = file === null ? "" : ` (${file}${line === null ? "" : `:${line}`})`;
  return `${name === "" ? "(anonymous)" : name}${place}`.replaceAll(";", ",");
}
