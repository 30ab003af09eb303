import { describe, expect, test } from "vitest";
import { propose, type Proposal } from "../../../src/init/guess/propose.js";
import { servicesBelow } from "../../../src/init/guess/services-below.js";
import { snapshotOf, type Snapshot } from "../../../src/init/guess/snapshot.js";
import { KEPT_BACK_SHAPES } from "./kept-back-shapes.js";
import { NODE_SHAPES } from "./node-shapes.js";
import { OTHER_SHAPES } from "./other-shapes.js";
import { PYTHON_SHAPES } from "./python-shapes.js";
import type { Shape } from "./shape.js";

const SHAPES = [...NODE_SHAPES, ...PYTHON_SHAPES, ...OTHER_SHAPES, ...KEPT_BACK_SHAPES];

function look({ files, folder, below }: Shape): Proposal {
  const whole: Snapshot = {
    paths: Object.keys(files),
    texts: new Map(Object.entries(files)),
    above: new Map(),
  };
  const here = snapshotOf(whole, folder ?? "");
  const given = { build: null, start: null, path: null };
  if (below === undefined) return propose(here, given);
  expect(propose(here, given).start).toBeNull();
  expect(servicesBelow(here)).toEqual([below]);
  return propose(snapshotOf(here, below), given);
}

function portOf({ port }: Proposal): string | number {
  return port.kind === "variable" ? port.name : port.kind === "fixed" ? port.port : port.kind;
}

describe("a kind of repository is guessed right at once", () => {
  test.each(SHAPES.map((shape) => [shape.name, shape] as const))("%s", (_, shape) => {
    const proposal = look(shape);
    const { images, addresses } = shape;
    expect({
      build: proposal.build?.value ?? null,
      start: proposal.start?.value ?? null,
      port: portOf(proposal),
      paths: proposal.paths.map(({ value }) => value),
      ready: proposal.ready?.value,
      setup: proposal.setup?.value,
      setupOnce: proposal.setupOnce?.value,
      envFile: proposal.envFile?.value,
    }).toEqual({
      build: shape.build,
      start: shape.start,
      port: shape.port,
      paths: shape.paths,
      ready: shape.ready,
      setup: shape.setup,
      setupOnce: shape.setupOnce,
      envFile: shape.envFile,
    });
    expect(proposal.services.map(({ image }) => image)).toEqual(images ?? []);
    const known = proposal.needs.filter(({ address }) => address !== null);
    expect(Object.fromEntries(known.map(({ value, address }) => [value, address]))).toEqual(addresses ?? {});
  });
});
