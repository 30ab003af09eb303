import { failedRequests } from "../../metrics/errors.js";
import { addReasons, describeReason } from "../../metrics/failure-reasons.js";
import type { ErrorCounts, FailureReason, ScenarioMeasurement } from "../../metrics/measurement.js";
import type { Result } from "../../model/result.js";
import type { MethodologyItem } from "./methodology-item.js";
import { countedBlocks } from "./paired-series.js";

interface Tally {
  readonly requests: number;
  readonly errors: ErrorCounts;
  readonly reasons: readonly FailureReason[];
}

const NOTHING: Tally = {
  requests: 0,
  errors: { status: 0, timeout: 0, connection: 0, body: 0 },
  reasons: [],
};

/** Reasons named for an arm. */
const NAMED = 3;

/** Failed requests of every arm, with the most frequent reasons. */
export function failuresByArm(result: Result): MethodologyItem | null {
  const tallies = new Map<string, Tally>();
  // Requests of a mix are counted in its parts.
  const mixes = result.plan.scenarios.filter(({ mix }) => mix !== undefined).map(({ name }) => name);
  for (const block of countedBlocks(result)) {
    for (const [name, arm] of Object.entries(block.arms)) {
      const seen = Object.entries(arm.scenarios).filter(([scenario]) => !mixes.includes(scenario));
      const sum = seen.reduce((before, [, one]) => added(before, one), tallies.get(name) ?? NOTHING);
      tallies.set(name, sum);
    }
  }
  if (tallies.size === 0) return null;
  const parts = Array.from(tallies, ([name, { requests, errors, reasons }]) => {
    const counted = `${failedRequests(errors).toLocaleString("en-US")} of ${requests.toLocaleString("en-US")}`;
    const why = [kinds(errors), named(reasons)].filter((part) => part !== "").join("; most often ");
    return `${name} ${counted}${why === "" ? "" : ` (${why})`}`;
  });
  return { label: "Failed requests", text: parts.join("; ") };
}

function added(sum: Tally, { requests, errors, reasons = [] }: ScenarioMeasurement): Tally {
  return {
    requests: sum.requests + requests,
    errors: {
      status: sum.errors.status + errors.status,
      timeout: sum.errors.timeout + errors.timeout,
      connection: sum.errors.connection + errors.connection,
      body: sum.errors.body + errors.body,
    },
    reasons: addReasons([...sum.reasons, ...reasons]),
  };
}

function kinds(errors: ErrorCounts): string {
  return [
    errors.status > 0 ? `${errors.status} unexpected status` : "",
    errors.timeout > 0 ? `${errors.timeout} timed out` : "",
    errors.connection > 0 ? `${errors.connection} connection` : "",
    errors.body > 0 ? `${errors.body} unexpected body` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function named(reasons: readonly FailureReason[]): string {
  return reasons.slice(0, NAMED).map(describeReason).join(", ");
}
