import { expect, test } from "vitest";
import type { CallTree } from "../../src/model/explanation.js";
import { callPathList } from "../../src/reporters/html/call-path-list.js";
import { callPaths, DEEPEST_PATH, type CallPath } from "../../src/reporters/html/call-paths.js";
import { flameGraph } from "../../src/reporters/html/flame-graph.js";
import { functionOf } from "../explanation/profiles.js";

const NAMES = { baseline: "base", candidate: "head" };

function tree(nodes: readonly [parent: number, place: number, base: number, head: number][]): CallTree {
  return {
    functions: ["server.js:41 handler", "server.js:60 serializer", "JSON.stringify"].map(functionOf),
    nodes: nodes.map(([parent, place, baselineUs, candidateUs]) => ({
      parent,
      function: place,
      baselineUs,
      candidateUs,
    })),
  };
}

const TREE = tree([
  [-1, -1, 100, 150],
  [0, 0, 100, 100],
  [0, 1, 0, 50],
  [2, 2, 0, 40],
]);

/** Left edge and width of the boxes with this colour. */
function boxes(svg: string, colour: string): [number, number][] {
  return Array.from(
    svg.matchAll(new RegExp(`<g class="${colour}">.*?<rect x="([\\d.]+)" y="\\d+" width="([\\d.]+)"`, "gu")),
    ([, x, width]) => [Number(x), Number(width)],
  );
}

test("a box is as wide as the arm's share, red and dashed where only head has it", () => {
  const svg = flameGraph(callPaths(TREE, 100), { of: "candidate", title: "head", names: NAMES });
  expect(boxes(svg, "m5 one")).toEqual([[666.7, 332.9]]);
  expect(boxes(svg, "m4 one")).toEqual([[666.7, 266.3]]);
  expect(boxes(svg, "same")).toEqual([[0, 666.3]]);
});

test("what only head has takes no room in base's picture", () => {
  const svg = flameGraph(callPaths(TREE, 100), { of: "baseline", title: "base", names: NAMES });
  expect(svg).not.toContain("serializer");
  expect(svg).toContain("handler server.js:41");
});

test("every box says its times in both arms", () => {
  const svg = flameGraph(callPaths(TREE, 100), { of: "candidate", title: "head", names: NAMES });
  expect(svg).toContain("<title>serializer server.js:60: 0 us in base, 50 us in head, +50 us</title>");
});

test("the list holds every path below its caller, and stands open where the change is", () => {
  expect(callPathList(callPaths(TREE, 100))).toMatch(
    /handler server\.js:41.*<details open><summary><bdi>serializer server\.js:60<\/bdi>.*<ul><li><bdi>JSON\.stringify/u,
  );
});

test("the largest paths are kept where there is no room for all", () => {
  const root = callPaths(TREE, 3);
  expect(root.children.map(({ label }) => label)).toEqual([
    "handler server.js:41",
    "serializer server.js:60",
  ]);
  expect(root.children[1]!.children).toEqual([]);
});

test("a tree that nobody could have measured is drawn as far as it makes sense", () => {
  const strange = tree([
    [-1, -1, 10, 10],
    [5, 0, 9, 9],
    [0, 99, 900, 900],
    [3, 0, 5, 5],
    [0, 1, 3, 3],
  ]);
  const root = callPaths(strange, 100);
  expect(root.children.map(({ label }) => label)).toEqual(["unknown", "serializer server.js:60"]);
  const svg = flameGraph(root, { of: "candidate", title: "head", names: NAMES });
  for (const [x, width] of boxes(svg, "same")) expect(x + width).toBeLessThanOrEqual(1_000);
});

test("paths end at a depth that can be read", () => {
  const deep = tree(
    Array.from({ length: 500 }, (_, i): [number, number, number, number] => [i - 1, i === 0 ? -1 : 0, 9, 9]),
  );
  let depth = 0;
  for (let at: CallPath | undefined = callPaths(deep, 1_000); at !== undefined; at = at.children[0]) depth++;
  expect(depth).toBe(DEEPEST_PATH + 1);
});
