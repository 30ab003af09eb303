import type { ArmProfile, ProfiledFunction } from "../model/profile.js";
import { shownName } from "./match-functions.js";

interface Node {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children: number[];
  hitCount: number;
}

/**
 * A profile in the form that Chrome's DevTools and speedscope open as `.cpuprofile` (`Profiler.Profile` of the DevTools
 * protocol). A call path stands in it as one sample that lasts as long as all of its CPU: lengths are right, the order
 * in time is not kept. `null` when nothing was sampled.
 */
export function cpuProfileText({ functions, cpu }: ArmProfile): string | null {
  if (cpu === null) return null;
  const nodes: Node[] = [node(1, { name: "(root)", file: null, line: null, origin: "runtime" })];
  const childOf = new Map<string, number>();
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  for (const { frames, cpuUs } of cpu.stacks) {
    let at = 1;
    for (const frame of frames) {
      const key = `${at} ${frame}`;
      const known = childOf.get(key) ?? nodes.push(node(nodes.length + 1, shownName(functions[frame]!)));
      if (!childOf.has(key)) {
        childOf.set(key, known);
        nodes[at - 1]!.children.push(known);
      }
      at = known;
    }
    nodes[at - 1]!.hitCount++;
    samples.push(at);
    timeDeltas.push(Math.round(cpuUs));
  }
  // A time delta is how long ago the sample before it was: the first one ends the start, an extra one ends the last.
  const endTime = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  return `${JSON.stringify({ nodes, startTime: 0, endTime, samples: [...samples, 1], timeDeltas: [0, ...timeDeltas] })}\n`;
}

function node(id: number, { name, file, line }: ProfiledFunction): Node {
  return {
    id,
    callFrame: {
      functionName: name,
      scriptId: "0",
      url: file ?? "",
      lineNumber: line === null ? -1 : line - 1,
      columnNumber: -1,
    },
    children: [],
    hitCount: 0,
  };
}
