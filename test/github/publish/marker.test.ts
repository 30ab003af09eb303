import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  keyInMarker,
  markerLine,
  parseMarker,
  supersedes,
  type Marker,
} from "../../../src/github/publish/marker.js";

const hex = fc.string({
  unit: fc.constantFrom("0", "1", "8", "9", "a", "e", "f"),
  minLength: 40,
  maxLength: 40,
});
const marker: fc.Arbitrary<Marker> = fc.record({
  key: fc.string({ unit: "grapheme", maxLength: 20 }),
  runId: fc.integer({ min: 1, max: 1e12 }),
  runAttempt: fc.integer({ min: 1, max: 3 }),
  headSha: hex,
  startedAt: fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString()),
  state: fc.constantFrom("progress", "regression", "pass", "inconclusive", "no-baseline", "invalid"),
});

describe("the hidden line", () => {
  test("a marker gives back what went in, whatever the key, and never ends early", () => {
    fc.assert(
      fc.property(marker, fc.string(), (wanted, text) => {
        const line = markerLine(wanted);
        expect(parseMarker(`${line}\n${text}`)).toEqual({ ...wanted, key: keyInMarker(wanted.key) });
        expect(wanted.key.startsWith(keyInMarker(wanted.key))).toBe(true);
        expect(line.indexOf("-->")).toBe(line.length - 3);
        expect(line).not.toContain("\n");
      }),
    );
  });

  test.each([
    ["", ""],
    [" api ", " api "],
    ["a-->b", "a-->b"],
    ["\ud800", "\ufffd"],
    ["\u{1f600}".repeat(100), "\u{1f600}".repeat(32)],
  ])("key %j is given back as %j", (key, back) => {
    const wanted = { key, runId: 1, runAttempt: 1, headSha: "0", startedAt: "0", state: "pass" as const };
    expect(parseMarker(markerLine(wanted))?.key).toBe(back);
    expect(keyInMarker(key)).toBe(back);
  });

  test.each([
    ["", "nothing"],
    ["hello", "text"],
    [" <!-- tailgate key=a run=1 attempt=1 head=0 started=0 state=pass -->", "a blank before it"],
    ["<!-- tailgate key=a run=1 attempt=1 head=0 started=0 state=perfect -->", "an unknown state"],
    ["<!-- tailgate key=%zz run=1 attempt=1 head=0 started=0 state=pass -->", "a broken key"],
    ["<!-- tailgate key=a run=99999999999999999999 attempt=1 head=0 started=0 state=pass -->", "a huge run"],
  ])("the text %j is no marker: %s", (body) => {
    expect(parseMarker(body)).toBeNull();
  });

  test("a long body without a marker is passed over", () => {
    expect(parseMarker(`<!-- tailgate key=${"a".repeat(5_000_000)}`)).toBeNull();
  });
});

describe("which of two stands", () => {
  test("of two different runs exactly one stands, whoever looks, for any head", () => {
    fc.assert(
      fc.property(marker, marker, fc.constantFrom("a", "b", "neither", null), (a, b, whose) => {
        fc.pre(a.runId !== b.runId);
        const head = whose === "a" ? a.headSha : whose === "b" ? b.headSha : whose;
        expect(supersedes(a, b, head)).toBe(!supersedes(b, a, head));
      }),
    );
  });

  test("of runs for two commits the one for the pull request's head stands, whenever they began", () => {
    fc.assert(
      fc.property(marker, marker, (a, b) => {
        fc.pre(a.runId !== b.runId && a.headSha !== b.headSha);
        expect(supersedes(a, b, a.headSha)).toBe(true);
        expect(supersedes(a, b, b.headSha)).toBe(false);
      }),
    );
  });

  test("of one run the later attempt stands, and its verdict over its progress", () => {
    fc.assert(
      fc.property(marker, (a) => {
        const later = {
          ...a,
          runAttempt: a.runAttempt + 1,
          startedAt: "2000-01-01T00:00:00Z",
          state: "progress" as const,
        };
        expect(supersedes(later, a, null)).toBe(true);
        expect(supersedes(a, later, null)).toBe(false);
        expect(supersedes({ ...a, state: "pass" }, { ...a, state: "progress" }, null)).toBe(true);
        expect(supersedes({ ...a, state: "progress" }, { ...a, state: "pass" }, null)).toBe(false);
        expect(supersedes({ ...a, state: "progress" }, { ...a, state: "progress" }, null)).toBe(true);
      }),
    );
  });
});
