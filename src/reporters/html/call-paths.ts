import type { CallTree } from "../../model/explanation.js";
import { shortened, visible } from "../../text/escape.js";

/** One call path of both arms, as a picture or a list shows it. */
export interface CallPath {
  /** "handler server.js:41"; not escaped. */
  readonly label: string;
  readonly isRuntime: boolean;
  /** CPU of a request in it and in what it calls. */
  readonly baselineUs: number;
  readonly candidateUs: number;
  /** Largest first; in the same order whichever arm is shown. */
  readonly children: readonly CallPath[];
}

interface GrowingPath extends CallPath {
  readonly depth: number;
  readonly children: GrowingPath[];
}

/** Deeper paths are neither read in a picture nor followed in a list. */
export const DEEPEST_PATH = 60;
const LONGEST_LABEL = 120;

/**
 * The largest paths of a tree below its root. A tree may come from a file that anybody wrote: what has no caller before
 * it is left out.
 */
export function callPaths(tree: CallTree, most: number): CallPath {
  const sizes = tree.nodes.map(({ baselineUs, candidateUs }) => Math.max(baselineUs, candidateUs));
  const least = sizes.length <= most ? 0 : [...sizes].sort((a, b) => b - a)[Math.max(0, most - 1)]!;
  const made: (GrowingPath | undefined)[] = [];
  let left = most;
  tree.nodes.forEach((node, index) => {
    const caller = index === 0 ? undefined : made[node.parent];
    if (index > 0 && (caller === undefined || caller.depth >= DEEPEST_PATH || left <= 0)) return;
    if (sizes[index]! < least || sizes[index] === 0) return;
    const { baselineUs, candidateUs } = node;
    const named = index === 0 ? undefined : tree.functions[node.function];
    made[index] = {
      label: index === 0 ? "all" : labelOf(named),
      isRuntime: named?.origin === "runtime",
      baselineUs,
      candidateUs,
      depth: caller === undefined ? 0 : caller.depth + 1,
      children: [],
    };
    caller?.children.push(made[index]);
    left--;
  });
  for (const path of made) path?.children.sort((a, b) => largestUs(b) - largestUs(a));
  return made[0] ?? { label: "all", isRuntime: true, baselineUs: 0, candidateUs: 0, children: [] };
}

function largestUs({ baselineUs, candidateUs }: CallPath): number {
  return Math.max(baselineUs, candidateUs);
}

export function changeUs({ baselineUs, candidateUs }: CallPath): number {
  return candidateUs - baselineUs;
}

/** The largest change of any path below this one. */
export function largestChangeUs(path: CallPath): number {
  return path.children.reduce(
    (most, child) => Math.max(most, Math.abs(changeUs(child)), largestChangeUs(child)),
    0,
  );
}

function labelOf(named: CallTree["functions"][number] | undefined): string {
  if (named === undefined) return "unknown";
  const { name, file, line, origin } = named;
  const own = visible(name) === "" ? "anonymous" : visible(name);
  if (file === null) return shortened(own, LONGEST_LABEL);
  const at = origin === "repository" && line !== null ? `:${line}` : "";
  return shortened(`${own} ${visible(file)}${at}`, LONGEST_LABEL);
}
