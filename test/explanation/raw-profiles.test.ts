import protobuf from "protobufjs";
import { expect, test } from "vitest";
import { cpuProfileText } from "../../src/explanation/cpu-profile.js";
import { foldedStacks } from "../../src/explanation/folded-stacks.js";
import { pprofBytes } from "../../src/explanation/pprof.js";
import type { ArmProfile } from "../../src/model/profile.js";
import { functionOf } from "./profiles.js";

const PROFILE: ArmProfile = {
  arm: "head",
  block: 1,
  functions: ["processTicks", "server.js:41 handler", "server.js:9 ()", "createHash"].map(functionOf),
  calls: null,
  cpu: {
    requests: 10,
    stacks: [
      { frames: [0, 1], cpuUs: 400 },
      { frames: [0, 1, 3], cpuUs: 250.4 },
      { frames: [0, 1], cpuUs: 100 },
      { frames: [2], cpuUs: 30 },
      { frames: [], cpuUs: 20 },
    ],
  },
  serviceCpuUs: null,
  latencyUs: 900,
  p99Us: 900,
};

test("folded stacks hold each path once, with its microseconds", () => {
  expect(foldedStacks(PROFILE)).toBe(
    [
      "processTicks;handler (server.js:41) 500",
      "processTicks;handler (server.js:41);createHash 250",
      "(anonymous) (server.js:9) 30",
      "(unknown) 20",
      "",
    ].join("\n"),
  );
});

test("a name with semicolons, line breaks and ten kilobytes stays one short frame", () => {
  const functions = [{ ...functionOf("server.js:1 x"), name: `a;b\n\u202e${"c".repeat(10_000)} 7` }];
  const text = foldedStacks({
    ...PROFILE,
    functions,
    cpu: { requests: 1, stacks: [{ frames: [0], cpuUs: 5 }] },
  });
  expect(text).toMatch(/^a,b c{90,100}… \(server\.js:1\) 5\n$/u);
});

test("a .cpuprofile has the lengths of all paths, each below its caller", () => {
  const document = JSON.parse(cpuProfileText(PROFILE)!) as {
    nodes: { id: number; callFrame: { functionName: string; lineNumber: number }; children: number[] }[];
    samples: number[];
    timeDeltas: number[];
    endTime: number;
  };
  const byId = new Map(document.nodes.map((node) => [node.id, node]));
  const pathOf = (id: number): string => {
    const parent = document.nodes.find(({ children }) => children.includes(id));
    const own = byId.get(id)!.callFrame.functionName;
    return parent === undefined ? own : `${pathOf(parent.id)} > ${own}`;
  };
  // How long a sample lasts is the delta of the one after it.
  const lengths = document.samples
    .slice(0, -1)
    .map((id, i) => [pathOf(id), document.timeDeltas[i + 1]] as const);
  expect(lengths).toEqual([
    ["(root) > processTicks > handler", 400],
    ["(root) > processTicks > handler > createHash", 250],
    ["(root) > processTicks > handler", 100],
    ["(root) > ", 30],
    ["(root)", 20],
  ]);
  expect(document.endTime).toBe(800);
  expect(byId.get(3)!.callFrame.lineNumber).toBe(40);
});

test("what was not sampled has no stacks", () => {
  expect(foldedStacks({ ...PROFILE, cpu: null })).toBe("");
  expect(cpuProfileText({ ...PROFILE, cpu: null })).toBeNull();
});

/** The part of proto/profile.proto of github.com/google/pprof that is used here. */
const PPROF = protobuf
  .parse(
    `syntax = "proto3"; package p;
message Profile {
  repeated ValueType sample_type = 1; repeated Sample sample = 2; repeated Location location = 4;
  repeated Function function = 5; repeated string string_table = 6; ValueType period_type = 11;
}
message ValueType { int64 type = 1; int64 unit = 2; }
message Sample { repeated uint64 location_id = 1; repeated int64 value = 2; }
message Location { uint64 id = 1; repeated Line line = 4; }
message Line { uint64 function_id = 1; }
message Function { uint64 id = 1; int64 name = 2; int64 filename = 4; int64 start_line = 5; }`,
  )
  .root.lookupType("p.Profile");

interface Pprof {
  readonly sampleType: readonly { readonly type: number; readonly unit: number }[];
  readonly sample: readonly { readonly locationId: readonly number[]; readonly value: readonly number[] }[];
  readonly location: readonly {
    readonly id: number;
    readonly line: readonly { readonly functionId: number }[];
  }[];
  readonly function: readonly {
    readonly id: number;
    readonly name: number;
    readonly filename: number;
    readonly startLine: number;
  }[];
  readonly stringTable: readonly string[];
}

test("a pprof has the innermost function first, and CPU in nanoseconds", () => {
  const { sampleType, sample, location, stringTable, ...read } = PPROF.toObject(
    PPROF.decode(pprofBytes(PROFILE)!),
    { longs: Number, defaults: true },
  ) as Pprof;
  expect(stringTable[0]).toBe("");
  expect(sampleType.map(({ type, unit }) => [stringTable[type], stringTable[unit]])).toEqual([
    ["cpu", "nanoseconds"],
  ]);
  const nameAt = (id: number): string => {
    const at = location.find((one) => one.id === id)!.line[0]!.functionId;
    const { name, filename, startLine } = read.function.find((one) => one.id === at)!;
    return `${stringTable[filename]}:${startLine} ${stringTable[name]}`;
  };
  expect(sample.map(({ locationId, value }) => [locationId.map(nameAt), value])).toEqual([
    [["server.js:41 handler", ":0 processTicks"], [400_000]],
    [[":0 createHash", "server.js:41 handler", ":0 processTicks"], [250_400]],
    [["server.js:41 handler", ":0 processTicks"], [100_000]],
    [["server.js:9 (anonymous)"], [30_000]],
    [[], [20_000]],
  ]);
});

test("what was not sampled has no pprof", () => {
  expect(pprofBytes({ ...PROFILE, cpu: null })).toBeNull();
});
