import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { errors } from "../../src/metrics/errors.js";
import { memory } from "../../src/metrics/memory.js";
import { p50, p90, p95, p99 } from "../../src/metrics/latency.js";
import {
  METRICS,
  SCENARIO_METRICS,
  SERVICE_METRICS,
  descriptorOf,
  knownMetric,
  ofEachMetric,
} from "../../src/metrics/metrics.js";
import { armMeasurement } from "./made-up-measurement.js";

const SRC = resolve(import.meta.dirname, "../../src");

describe("the registry", () => {
  test("finds every metric by its name, and each name once", () => {
    expect(new Set(METRICS).size).toBe(METRICS.length);
    for (const name of METRICS) expect(descriptorOf(name).name).toBe(name);
  });

  test("knows no metric of another tool, and none that every object inherits", () => {
    expect(knownMetric("p42")).toBeNull();
    expect(knownMetric("constructor")).toBeNull();
  });

  test("holds each metric either of a scenario or of the service", () => {
    const names = [...SCENARIO_METRICS, ...SERVICE_METRICS].map(({ name }) => name);
    expect([...names].sort()).toEqual([...METRICS].sort());
  });

  test("gives one entry for each metric, in its order", () => {
    expect(Object.keys(ofEachMetric(({ unit }) => unit))).toEqual(METRICS);
  });
});

describe.each(METRICS)("the descriptor of %s", (name) => {
  const metric = descriptorOf(name);

  test("reads a number from what a block measured", () => {
    const measured = armMeasurement();
    const value =
      metric.scope === "service" ? metric.read(measured) : metric.read(measured.scenarios["list users"]!);
    expect(value).toEqual(expect.any(Number));
  });

  test("has a limit that a worsening can cross", () => {
    expect(metric.gate.limit).toBeGreaterThan(0);
    if (metric.worse === "lower" || metric.scale === "difference") expect(metric.gate.limit).toBeLessThan(1);
  });

  test("lets a file set a floor where it has one", () => {
    if (metric.gate.floor > 0) expect(metric.gateReference.floor).not.toBeNull();
  });
});

test("ten requests beyond a quantile make an observation of it worth gating", () => {
  expect([p50, p90, p95, p99].map(({ fewestRequests }) => fewestRequests)).toEqual([20, 100, 200, 1000]);
});

test("a latency is not known where no request was served", () => {
  const measured = armMeasurement().scenarios["list users"]!;
  expect(p99.read({ ...measured, latencyUs: null })).toBeNull();
});

test("errors are a share of all requests, however they failed, and not known without a request", () => {
  const measured = armMeasurement().scenarios["list users"]!;
  const failed = { status: 4, timeout: 3, connection: 2, body: 1 };
  expect(errors.read({ ...measured, requests: 1000, errors: failed })).toBe(0.01);
  expect(errors.read({ ...measured, requests: 0 })).toBeNull();
});

test("memory is not known where the peak of the process tree could not be read", () => {
  expect(memory.read({ ...armMeasurement(), peakResidentBytes: null })).toBeNull();
});

test("no file outside of the descriptors compares with a metric's name", () => {
  const named = new RegExp(`[=!]== "(${METRICS.join("|")})"|case "(${METRICS.join("|")})":`);
  const comparing = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.startsWith("metrics/"))
    .filter((path) => named.test(readFileSync(join(SRC, path), "utf8")));
  expect(comparing).toEqual([]);
});
