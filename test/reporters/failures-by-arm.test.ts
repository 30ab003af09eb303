import { expect, test } from "vitest";
import type { FailureReason, ScenarioMeasurement } from "../../src/metrics/measurement.js";
import type { Result } from "../../src/model/result.js";
import { REPORTERS } from "../../src/reporters/reporters.js";
import { failuresByArm } from "../../src/reporters/text/failures-by-arm.js";
import { methodology } from "../../src/reporters/text/methodology.js";
import { sampleResult } from "./sample-result.js";

const REASONS: FailureReason[] = [
  { outcome: "status", reason: "301 to /login", count: 2 },
  { outcome: "body", reason: "more bytes than its Content-Length", count: 1 },
];

/** Every scenario of head fails so in every block. */
function failing(reasons: readonly FailureReason[]): Result {
  const change = (seen: ScenarioMeasurement): ScenarioMeasurement => ({
    ...seen,
    errors: { status: 2, timeout: 0, connection: 0, body: 1 },
    reasons,
  });
  return sampleResult({
    change: (result) => ({
      ...result,
      blocks: result.blocks.map((block) => {
        const head = block.arms["head"]!;
        const scenarios = Object.entries(head.scenarios).map(([name, seen]) => [name, change(seen)] as const);
        return {
          ...block,
          arms: { ...block.arms, head: { ...head, scenarios: Object.fromEntries(scenarios) } },
        };
      }),
    }),
  });
}

test("failed requests are told with their most frequent reasons, added up over blocks", () => {
  const { text } = failuresByArm(failing(REASONS))!;
  const [, requests] = /head ([\d,]+) of/.exec(text)!;
  const times = Number(requests!.replaceAll(",", "")) / 3;
  expect(text).toContain(
    `(${2 * times} unexpected status, ${times} unexpected body; most often ${2 * times} x 301 to /login, ${times} x body: more bytes than its Content-Length)`,
  );
  expect(text).toMatch(/^base 0 of [\d,]+;/);
});

test("text of a service is no markup in any report", () => {
  const result = failing([{ outcome: "status", reason: "302 to /<b>`@team`](x)", count: 3 }]);
  expect(REPORTERS.markdown.render(result, {})).not.toMatch(/<b>|@team/);
  expect(REPORTERS.html.render(result, {})).not.toContain("<b>`");
});

test("a report says over what the load went, where that is not HTTP/1.1 over TCP", () => {
  const labels = (result: Result): string[] => methodology(result).map(({ label }) => label);
  expect(labels(sampleResult({}))).not.toContain("Reached");
  const result = sampleResult({
    change: (before) => ({
      ...before,
      plan: {
        ...before.plan,
        arms: before.plan.arms.map((arm) => ({
          ...arm,
          service: { ...arm.service, tls: true, socket: true },
        })),
        scenarios: before.plan.scenarios.map((one) => ({ ...one, load: { ...one.load, protocol: "grpc" } })),
      },
    }),
  });
  const items = methodology(result);
  expect(items.find(({ label }) => label === "Reached")!.text).toBe(
    "base, head over TLS, with any certificate; base, head on a socket file",
  );
  expect(items.find(({ label }) => label.startsWith("Load of"))!.text).toContain(
    "connections, calls of gRPC",
  );
});
