import { FunctionTable } from "../place-function.js";
import type { ProfileReading } from "../instrument.js";
import { scriptPlacer } from "./place-script.js";
import type { CallsReply, CpuReply } from "./read-reply.js";

/** As the instrument's own file is called, wherever it lies. */
export const AGENT_FILE = "node-instrument.cjs";

/** Exact calls of one thread. */
export function callsReading({ scripts, sourceMaps }: CallsReply, checkout: string): ProfileReading {
  const place = scriptPlacer(checkout, sourceMaps);
  const table = new FunctionTable();
  const calls: number[] = [];
  for (const { url, functions } of scripts) {
    if (isAgent(url)) continue;
    for (const { name, line, column, count } of functions) {
      const at = table.placeOf(place({ name, url, line, column, scriptId: url === "" ? "generated" : "" }));
      calls[at] = (calls[at] ?? 0) + count;
    }
  }
  return { functions: table.functions, calls, stacks: null };
}

/** Where V8 says that the thread did nothing. */
const IDLE = "(idle)";
const ROOT = "(root)";
/** A longer step between two samples is time in which the thread was not on a processor. */
const LONGEST_STEP = 4;

/**
 * Sampled CPU of one thread. Samples say how its CPU time is shared out; how much that is, its own clock tells, so that
 * time in which it had to wait for a processor counts for nothing.
 */
export function cpuReading(
  { profile, threadCpuUs, sourceMaps }: CpuReply,
  checkout: string,
  intervalUs: number,
): ProfileReading {
  const place = scriptPlacer(checkout, sourceMaps);
  const table = new FunctionTable();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const spentUs = new Map<number, number>();
  (profile.samples ?? []).forEach((id, index) => {
    // The time before a sample is that of the sample before it.
    const stepUs = Math.min(LONGEST_STEP * intervalUs, Math.max(0, profile.timeDeltas?.[index + 1] ?? 0));
    spentUs.set(id, (spentUs.get(id) ?? 0) + stepUs);
  });
  const stacks = [...spentUs].flatMap(([id, cpuUs]) => {
    const name = nodes.get(id)?.callFrame.functionName;
    if (name === undefined || name === IDLE || name === ROOT || cpuUs === 0) return [];
    const frames: number[] = [];
    const seen = new Set<number>();
    for (let at: number | undefined = id; at !== undefined && !seen.has(at); at = parents.get(at)) {
      seen.add(at);
      const frame = nodes.get(at)?.callFrame;
      if (frame === undefined || frame.functionName === ROOT || isAgent(frame.url)) continue;
      const { functionName, url, lineNumber, columnNumber, scriptId } = frame;
      frames.unshift(
        table.placeOf(place({ name: functionName, url, line: lineNumber, column: columnNumber, scriptId })),
      );
    }
    return frames.length === 0 ? [] : [{ frames, cpuUs }];
  });
  const sampledUs = stacks.reduce((sum, { cpuUs }) => sum + cpuUs, 0);
  const scale = threadCpuUs === null || sampledUs === 0 ? 1 : Math.min(1, threadCpuUs / sampledUs);
  return {
    functions: table.functions,
    calls: null,
    stacks: stacks.map(({ frames, cpuUs }) => ({ frames, cpuUs: cpuUs * scale })),
  };
}

function isAgent(url: string): boolean {
  return url.endsWith(`/${AGENT_FILE}`);
}
