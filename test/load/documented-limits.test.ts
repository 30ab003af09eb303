import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DECOMPRESSED_LIMIT_BYTES } from "../../src/load/connections/content-encoding.js";
import { GONE_AFTER_MS } from "../../src/load/connections/pool.js";
import { BODY_LIMIT_BYTES, KEPT_BODY_LIMIT_BYTES } from "../../src/load/connections/response-reader.js";
import {
  BUSY_LIMIT,
  KEPT_UP_QUEUED_SHARE,
  LATENESS_LIMIT_US,
  RATE_TOLERANCE,
} from "../../src/load/samples/validity-checks.js";
import { ENOUGH_TIMEOUTS, LONGEST_STRETCH } from "../../src/load/schedule/stall-detector.js";
import { AWAKE_FROM_RATE } from "../../src/load/scheduler/run-phase.js";

const PAGE = readFileSync("docs/load.md", "utf8").replace(/\s+/g, " ");
const MIB = 1024 * 1024;

test.each([
  `after ${GONE_AFTER_MS / 1000} s without any connection`,
  `as many timeouts in a row as there are connections (at most ${ENOUGH_TIMEOUTS})`,
  `takes ${{ 3: "three" }[LONGEST_STRETCH]} times as long as planned`,
  `a response longer than ${BODY_LIMIT_BYTES / MIB} MiB`,
  `a body longer than ${KEPT_BODY_LIMIT_BYTES / MIB} MiB that a value is captured from`,
  `is larger than ${DECOMPRESSED_LIMIT_BYTES / MIB} MiB without compression`,
  `share of its core in use, waiting not counted | ${BUSY_LIMIT * 100} % |`,
  `lateness p99 of requests that found an idle connection | ${LATENESS_LIMIT_US / 1000} ms |`,
  `their median lateness | ${LATENESS_LIMIT_US / 1000} ms |`,
  `${RATE_TOLERANCE * 100} % off, while at most ${{ 0.5: "half" }[KEPT_UP_QUEUED_SHARE]} of the requests had to wait`,
  `At ${AWAKE_FROM_RATE.toLocaleString("en-US")} requests/s or more, several arrivals would fall into one millisecond`,
])("the page on load names the limit that the code has: %s", (limit) => {
  expect(PAGE).toContain(limit);
});
