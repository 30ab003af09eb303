import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { sanitizedExplanation } from "../../../src/github/untrusted/sanitize-explanation.js";
import {
  explanation as schema,
  FINDINGS,
  MOST_NAMED_FUNCTIONS,
  type Explanation,
} from "../../../src/model/explanation.js";
import { FUNCTION_ORIGINS } from "../../../src/model/profile.js";
import { renderMarkdown } from "../../../src/reporters/markdown/report-markdown.js";
import { PLAIN } from "../../../src/reporters/terminal/palette.js";
import { renderTerminal } from "../../../src/reporters/terminal/report-terminal.js";
import { withoutCommands } from "../../../src/text/log-text.js";
import { sampleResult } from "../../reporters/sample-result.js";

const { plan, ...REST } = sampleResult({ verdict: "regression", scenarios: ["list users"], blocks: 0 });

/** Names that try to be something else, with a word by which they can be found again. */
const hostileName = fc.oneof(
  fc.constantFrom(
    "evil`</code><img src=x onerror=alert(1)>",
    "evil @org/team #1 https://evil.example/",
    "evil\n\n# heading\n::error::evil",
    "evil\u202egnp.exe\u200b\u0000",
    "`evil` **bold** [x](javascript:alert(1))",
    `evil${"x".repeat(1_990)}`,
  ),
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => `evil${text}`),
);
const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
const signed = fc.double({ min: -1e15, max: 1e15, noNaN: true });
const cpu = fc.record({
  baselineUs: amount,
  candidateUs: amount,
  changeUs: signed,
  lowUs: signed,
  highUs: signed,
});
const calls = fc.record({ baseline: amount, candidate: amount });
const profiled = {
  name: hostileName,
  file: fc.option(hostileName),
  line: fc.option(fc.nat()),
  origin: fc.constantFrom(...FUNCTION_ORIGINS),
};
const named = fc.record({
  ...profiled,
  kind: fc.constantFrom("changed", "new", "gone", "moved"),
  from: fc.option(fc.record(profiled)),
  calls: fc.option(calls),
  cpu: fc.option(cpu),
  cpuWithCalls: fc.option(cpu),
  within: fc.option(fc.record({ name: hostileName, calls: fc.option(calls) })),
  alike: fc.nat(),
});
const claim: fc.Arbitrary<Explanation> = fc.record({
  scenario: fc.option(hostileName),
  arm: fc.option(hostileName),
  finding: fc.constantFrom(...FINDINGS),
  sentence: hostileName,
  instruments: fc.array(hostileName, { maxLength: 5 }),
  blocks: fc.nat(),
  functionsLookedAt: fc.nat(),
  named: fc.array(named, { maxLength: 12 }),
  serviceCpu: fc.option(cpu),
  latency: fc.option(cpu),
  p99: fc.option(cpu),
  smallestNameableUs: fc.option(amount),
  callTree: fc.constant({ functions: [], nodes: [] }),
  profiles: fc.array(hostileName, { maxLength: 5 }),
  durationMs: amount,
  confidence: fc.constant(0.95 as const),
});

function sanitized(claimed: Explanation): Explanation {
  return sanitizedExplanation(claimed, plan)!;
}

test("of any claim numbers and short names are left, and the schema takes what is made of it", () => {
  fc.assert(
    fc.property(claim, (claimed) => {
      const { named: rows, instruments, profiles, callTree, ...rest } = sanitized(claimed);
      expect(rows.length).toBeLessThanOrEqual(MOST_NAMED_FUNCTIONS);
      expect({ instruments, profiles, callTree }).toEqual({ instruments: [], profiles: [], callTree: null });
      for (const { name, file, from, within } of rows) {
        for (const text of [name, file, from?.name, from?.file, within?.name]) {
          expect(text ?? "").toMatch(/^[\p{L}\p{N} ()@._,:/+?…-]{0,80}$/u);
        }
      }
      expect({ scenario: rest.scenario, arm: rest.arm }).toEqual({ scenario: null, arm: null });
      expect(() => schema.parse(sanitized(claimed))).not.toThrow();
    }),
  );
});

test("a claimed name stands in code spans alone, and is no mention, link, markup or command", () => {
  fc.assert(
    fc.property(claim, (claimed) => {
      const result = { ...REST, plan, explanation: sanitized(claimed) };
      const markdown = renderMarkdown(result, { maxCharacters: 60_000 });
      const html = micromark(markdown, {
        allowDangerousHtml: true,
        extensions: [gfm()],
        htmlExtensions: [gfmHtml()],
      });
      const outsideBlocks = html.replace(/<pre>.*?<\/pre>/gsu, "");
      expect(outsideBlocks.replace(/<code>.*?<\/code>/gsu, "")).not.toContain("evil");
      expect(html).not.toMatch(/<img|<a |<script/u);
      expect(outsideBlocks.match(/<code>/gu)?.length).toBe(outsideBlocks.match(/<\/code>/gu)?.length);
      const printed = withoutCommands(renderTerminal(result, { columns: 100, palette: PLAIN }));
      expect(printed).not.toMatch(/^\s*::|##\[|\u202e/mu);
    }),
    { numRuns: 40 },
  );
});

test("what is said of waiting stands on the claimed numbers, not on the claimed sentence", () => {
  const change = { baselineUs: 500, candidateUs: 500, changeUs: 0, lowUs: -9, highUs: 9 };
  const base: Explanation = {
    scenario: "list users",
    arm: "head",
    finding: "waiting",
    sentence: "All is well.",
    instruments: [],
    blocks: 6,
    functionsLookedAt: 40,
    named: [],
    serviceCpu: change,
    latency: { ...change, candidateUs: 2_500, changeUs: 2_000, lowUs: 1_900, highUs: 2_100 },
    p99: null,
    smallestNameableUs: 9,
    callTree: null,
    profiles: [],
    durationMs: 1,
    confidence: 0.95,
  };
  expect(sanitized(base)).toMatchObject({ scenario: "list users", arm: "head", finding: "waiting" });
  expect(sanitized(base).sentence).toContain("the time is spent waiting");
  expect(sanitized({ ...base, serviceCpu: null }).finding).toBe("nothing");
});

test("a run without a diagnosis has no explanation", () => {
  expect(sanitizedExplanation(null, plan)).toBeNull();
});
