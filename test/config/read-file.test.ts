import { describe, expect, test } from "vitest";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { TailgateError } from "../../src/error.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readConfigFile(bytes(text), "tailgate.yml").content;

function refusal(input: string | Uint8Array): string {
  try {
    readConfigFile(typeof input === "string" ? bytes(input) : input, "tailgate.yml");
  } catch (error) {
    if (error instanceof TailgateError && error.code === "config") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("what is written is what is read", () => {
  test("an empty file, and one of comments alone, configure nothing", () => {
    expect(read("")).toEqual({});
    expect(read("# later\n")).toEqual({});
  });

  test("quantities come out in the unit of their field", () => {
    const file = read(`
service: { start: node s.js, ready: { path: /health, timeout: 1m } }
load: { timeout: 500ms, rate: 12.5 }
gates: { p50: 5%, p99: { limit: 15%, floor: 0.2ms, proof: false }, errors: 0.1pp, memory: { limit: 5%, floor: 2MiB }, cpu: off }
experiment: { budget: 90s, alpha: 1% }
`);
    expect(file.service?.ready).toEqual({ path: "/health", timeout: 60_000 });
    expect(file.load).toEqual({ timeout: 500, rate: 12.5 });
    expect(file.gates).toEqual({
      p50: { limit: 0.05 },
      p99: { limit: 0.15, floor: 200, proof: false },
      errors: { limit: 0.001 },
      memory: { limit: 0.05, floor: 2 * 1024 ** 2 },
      cpu: "off",
    });
    expect(file.experiment).toEqual({ budget: 90_000, alpha: 0.01 });
  });

  test("a byte order mark is not part of the first key", () => {
    expect(read("\uFEFFload: { requests: 50 }")).toEqual({ load: { requests: 50 } });
  });

  test("`off` is off however YAML spells false", () => {
    expect(read("gates: { p50: false, p90: off }").gates).toEqual({ p50: "off", p90: "off" });
  });
});

describe("what cannot be meant is refused, with its place and what to write", () => {
  const table: [string, string, string][] = [
    [
      "a mistyped section",
      "lod: { requests: 5 }",
      "tailgate.yml:1:1: unknown key `lod`; did you mean `load`?",
    ],
    [
      "a mistyped key",
      "load:\n  conections: 5",
      "tailgate.yml:2:3: unknown key `conections` in `load`; did you mean `connections`?",
    ],
    [
      "a mistyped key of a gate",
      "gates:\n  p99: { limt: 5% }",
      "tailgate.yml:2:10: unknown key `limt` in `gates.p99`; did you mean `limit`?",
    ],
    [
      "a key that resembles none",
      "zzzzzzzz: 1",
      "tailgate.yml:1:1: unknown key `zzzzzzzz`; known are service, load, scenarios",
    ],
    [
      "a limit without unit",
      "gates:\n  p50: 5",
      "tailgate.yml:2:8: `gates.p50` is `5`; write a limit with its unit, like `5%`",
    ],
    [
      "a negative limit",
      "gates: { p50: -5% }",
      "`gates.p50` (`-5%`) is not a number with a unit; write it like `5%`",
    ],
    [
      "a limit of 500 %",
      "gates: { memory: 500% }",
      "`gates.memory` (`500%`) must be above 0% and at most 100%",
    ],
    ["throughput falling by all of itself", "gates: { throughput: 100% }", "must be below 100%"],
    [
      "percent for errors",
      "gates: { errors: 5% }",
      "`gates.errors` (`5%`) has an unknown unit `%`; known are pp",
    ],
    [
      "a unit of the Middle Ages",
      "experiment: { budget: 10 fortnights }",
      "`experiment.budget` (`10 fortnights`) has an unknown unit `fortnights`",
    ],
    ["an exponent", 'experiment: { budget: "1e3" }', "is not a number with a unit"],
    ["full-width digits", "experiment: { budget: ５m }", "is not a number with a unit"],
    [
      "a duration without unit",
      "load: { timeout: 5 }",
      "`load.timeout` must be text with its unit: `5` of what?",
    ],
    ["alpha as a bare number", "experiment: { alpha: 5 }", "`experiment.alpha` must be text with its unit"],
    ["alpha of 0", "experiment: { alpha: 0% }", "must be between 0.1% and 50%"],
    ["alpha of 1", "experiment: { alpha: 100% }", "must be between 0.1% and 50%"],
    ["no connection", "load: { connections: 0 }", "`load.connections` is `0`; it must be at least 1"],
    [
      "too many connections",
      "load: { connections: 100000 }",
      "`load.connections` is `100000`; it must be at most 1000",
    ],
    ["an infinite count", "load: { requests: .inf }", "`load.requests` must be a number, not `null`"],
    ["a count that is no number", "load: { requests: .nan }", "`load.requests`"],
    ["a count beyond whole numbers", "load: { requests: 9007199254740993 }", "`load.requests`"],
    [
      "yes for a boolean",
      "experiment: { control: yes }",
      "`experiment.control` must be `true` or `false`, not `yes`",
    ],
    ["a path with a host", "scenarios: [{ path: //evil.example/x }]", "must not start with `//`"],
    ["a whole URL as a path", "scenarios: [{ path: http://x/ }]", "must start with `/`"],
    ["a header of two lines", 'scenarios: [{ request: { headers: { a: "x\\ny" } } }]', "must be on one line"],
    [
      "path and request at once",
      "scenarios: [{ path: /a, request: { path: /b } }]",
      "may have one of `path`, `request` and `requests`",
    ],
    [
      "a day that is none",
      "accept: [{ metric: p50, limit: 30%, reason: x, until: tomorrow }]",
      "must be a day, like 2026-12-31",
    ],
    ["the same key twice", "load: {}\nload: {}", "tailgate.yml:2:1: Map keys must be unique"],
    ["tabs", "load:\n\trequests: 5", "tailgate.yml:2:1: Tabs are not allowed as indentation"],
    [
      "a choice that does not exist",
      "report: { comment: sometimes }",
      "`report.comment` is `sometimes`; it must be `always`, `on-change` or `never`",
    ],
    [
      "a time out of range",
      "experiment: { budget: 1s }",
      "`experiment.budget` (`1s`) must be between `5s` and `360m`",
    ],
    [
      "an empty command",
      'service: { start: "" }',
      "`service.start` is ``; it must hold something, or be left out",
    ],
    [
      "a variable that no environment could hold",
      "service: { env: { a b: 1 } }",
      "`service.env.a b` is not a name for an environment variable",
    ],
    [
      "a rate in words",
      "load: { rate: fast }",
      "`load.rate` is `fast`; write requests per second as a number above 0",
    ],
    [
      "a value captured from nowhere",
      "scenarios: [{ requests: [{ capture: { id: data.id } }] }]",
      "`scenarios[0].requests[0].capture.id` is `data.id`; write `{ json: data.0.id }` or",
    ],
    ["a prototype", "__proto__: { x: 1 }", "unknown key `__proto__`"],
    ["text instead of a mapping", "just words", "the file must be a mapping"],
    ["a list instead of a mapping", "- a", "the file must be a mapping"],
  ];
  test.each(table)("%s", (_name, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  test("every problem is listed, up to ten", () => {
    const keys = Array.from({ length: 14 }, (_, i) => `zzzzzzzzz${i}: 1`).join("\n");
    const lines = refusal(keys).split("\n");
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe("... and 4 more");
  });

  test("anchors that multiply are not expanded", () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? "a0: &a0 [x, x]"
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(", ")}]`,
    );
    expect(refusal(levels.join("\n"))).toContain("cannot be expanded");
  });

  test.each([
    ["itself", "load: &a { requests: *a }"],
    ["what holds it", "scenarios: &a [{ request: { body: { of: *a } } }]"],
  ])("an anchor that stands inside of %s is refused with a sentence", (_what, text) => {
    expect(refusal(text)).toBe("tailgate.yml cannot be expanded: an anchor stands inside of what it names.");
  });

  test.each([
    ["65 levels", `load: ${"[".repeat(65)}${"]".repeat(65)}`],
    ["100,000 levels", "[".repeat(100_000)],
    ["50,000 keys", "{a: ".repeat(50_000)],
  ])("what is nested %s deep is refused with a sentence", (_what, text) => {
    expect(refusal(text)).toBe("tailgate.yml is nested more than 64 levels deep.");
  });

  test("a file of 50 MB is not parsed", () => {
    expect(refusal(new Uint8Array(50_000_000))).toContain("50000000 bytes; at most");
  });

  test("bytes that are no UTF-8", () => {
    expect(refusal(new Uint8Array([0xff, 0xfe, 0x00]))).toBe("tailgate.yml is not valid UTF-8.");
  });

  test("a value of an unknown key is not repeated at length", () => {
    expect(refusal(`load: { rate: ${"x".repeat(5000)} }`).length).toBeLessThan(300);
  });
});
