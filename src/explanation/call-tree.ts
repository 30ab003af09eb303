import type { CallTree } from "../model/explanation.js";
import type { ComparedProfiles } from "./compared-profiles.js";
import { nameOf, shownName } from "./match-functions.js";

/** Paths that take a smaller share than this in both arms cannot be seen in a picture. */
const LEAST_SHARE = 0.001;
/** A picture with more paths is neither read nor small. */
const MOST_NODES = 3_000;
const DEEPEST = 200;

interface Node {
  readonly place: number;
  readonly parent: number;
  readonly depth: number;
  readonly children: Map<number, number>;
  readonly us: [baseline: number, candidate: number];
}

/**
 * Call paths of both arms in one tree, in microseconds of CPU of a request, without what is too small to be seen: the
 * largest paths first where there are more than can be kept. `null` when nothing was sampled.
 */
export function callTree({ functions, blocks }: ComparedProfiles): CallTree | null {
  const nodes: Node[] = [{ place: -1, parent: -1, depth: 0, children: new Map(), us: [0, 0] }];
  const sampled = blocks.filter((block) =>
    [block.baseline, block.candidate].every(
      ({ profile }) => profile.cpu !== null && profile.cpu.requests > 0,
    ),
  );
  if (sampled.length === 0) return null;
  for (const block of sampled) {
    [block.baseline, block.candidate].forEach(({ profile, places }, arm) => {
      const { stacks, requests } = profile.cpu!;
      for (const { frames, cpuUs } of stacks) {
        const us = cpuUs / requests / sampled.length;
        let at = 0;
        nodes[0]!.us[arm]! += us;
        for (const frame of frames.slice(0, DEEPEST)) {
          at = childOf(nodes, at, places[frame]!);
          nodes[at]!.us[arm]! += us;
        }
      }
    });
  }
  return pruned(nodes, functions);
}

function childOf(nodes: Node[], parent: number, place: number): number {
  const { children, depth } = nodes[parent]!;
  const known = children.get(place);
  if (known !== undefined) return known;
  const own = nodes.push({ place, parent, depth: depth + 1, children: new Map(), us: [0, 0] }) - 1;
  children.set(place, own);
  return own;
}

function pruned(nodes: readonly Node[], functions: ComparedProfiles["functions"]): CallTree {
  const size = ({ us }: Node): number => Math.max(...us);
  const least = LEAST_SHARE * size(nodes[0]!);
  const sizes = nodes.map(size).filter((one) => one >= least);
  const cut = sizes.length > MOST_NODES ? sizes.sort((a, b) => b - a)[MOST_NODES - 1]! : least;
  const kept: CallTree["nodes"][number][] = [];
  const names: CallTree["functions"][number][] = [];
  const nameAt = new Map<number, number>();
  const newPlace = new Int32Array(nodes.length).fill(-1);
  // A parent is never smaller than its child, and stands before it.
  nodes.forEach((node, index) => {
    if (index > 0 && (size(node) < cut || newPlace[node.parent] === -1 || kept.length >= MOST_NODES)) return;
    if (node.place !== -1 && !nameAt.has(node.place)) {
      nameAt.set(node.place, names.push(shownName(nameOf(functions[node.place]!))) - 1);
    }
    newPlace[index] = kept.length;
    kept.push({
      parent: node.parent === -1 ? -1 : newPlace[node.parent]!,
      function: node.place === -1 ? -1 : nameAt.get(node.place)!,
      baselineUs: rounded(node.us[0]),
      candidateUs: rounded(node.us[1]),
    });
  });
  return { functions: names, nodes: kept };
}

/** A hundredth of a microsecond is finer than any sampling. */
function rounded(us: number): number {
  return Math.round(us * 100) / 100;
}
