import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flightReading } from "../../../src/probes/java/flight-samples.js";
import { partOf } from "../../../src/probes/java/thread-clocks.js";

/** As `jfr print --json` of JDK 17 printed it, without the outer frames: three samples of thread 8983, one after the other. */
const TEXT = readFileSync(join(import.meta.dirname, "execution-samples.json"), "utf8");
const ALL = { fromMs: Date.parse("2026-11-27T14:43:33Z"), untilMs: Date.parse("2026-11-27T14:43:34Z") };
const SOURCES = {
  fileOf: (name: string) => (name.startsWith("Server") ? "src/main/java/Server.java" : null),
};

function ownOf({ functions, stacks }: ReturnType<typeof flightReading>): Record<string, number> {
  const own: Record<string, number> = {};
  for (const { frames, cpuUs } of stacks!) {
    const { name } = functions[frames.at(-1)!]!;
    own[name] = (own[name] ?? 0) + cpuUs;
  }
  return own;
}

test("the CPU clock of a thread is shared out over its samples", () => {
  const reading = flightReading(TEXT, ALL, [{ thread: 8983, part: null, cpuUs: 900 }], SOURCES);
  expect(ownOf(reading)).toEqual({ "Server.work": 300, "Server.other": 600 });
  const [{ frames }] = reading.stacks as [NonNullable<typeof reading.stacks>[number]];
  expect(frames.map((frame) => reading.functions[frame])).toEqual([
    { name: "com.sun.net.httpserver.Filter$Chain.doFilter", file: null, line: null, origin: "runtime" },
    { name: "Server$$Lambda.handle", file: "src/main/java/Server.java", line: null, origin: "repository" },
    { name: "Server.lambda$main$0", file: "src/main/java/Server.java", line: null, origin: "repository" },
    { name: "Server.work", file: "src/main/java/Server.java", line: null, origin: "repository" },
  ]);
});

test("samples from before and after the load, and of threads without CPU, count for nothing", () => {
  const threads = [
    { thread: 8983, part: null, cpuUs: 900 },
    { thread: 1, part: null, cpuUs: 0 },
  ];
  const late = { ...ALL, fromMs: Date.parse("2026-11-27T14:43:33.1Z") };
  expect(ownOf(flightReading(TEXT, late, threads, SOURCES))).toEqual({ "Server.other": 900 });
  expect(flightReading(TEXT, { fromMs: 0, untilMs: 1 }, threads, SOURCES).stacks).toEqual([]);
});

test("a class that no source of the repository is for is a package's", () => {
  const none = { fileOf: () => null };
  const { functions } = flightReading(TEXT, ALL, [], none);
  expect(functions.find(({ name }) => name === "Server.work")).toMatchObject({
    file: null,
    origin: "dependency",
  });
});

test("threads of the JVM itself stand for themselves", () => {
  const reading = flightReading(TEXT, ALL, [{ thread: 5, part: "garbage collector", cpuUs: 70 }], SOURCES);
  expect(ownOf(reading)).toEqual({ "garbage collector": 70 });
});

test.each([
  ["G1 Conc#0", "garbage collector"],
  ["GC Thread#1", "garbage collector"],
  ["ZWorkerYoung#0", "garbage collector"],
  ["C2 CompilerThre", "compiler of the JVM"],
  ["JFR Thread Samp", "flight recorder"],
  ["http-nio-8080-e", null],
  ["", null],
])("the thread %j is known by its name to be that of the %s", (name, part) => {
  expect(partOf(name)).toBe(part);
});

test.each(["", "{}", '{"recording": {"events": [{"values": {}}]}}'])(
  "a document of another form (%j) is refused",
  (text) => {
    expect(() => flightReading(text, ALL, [], SOURCES)).toThrow();
  },
);
