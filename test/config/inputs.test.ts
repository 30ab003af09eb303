import { expect, test } from "vitest";
import { checkInputs, type RawInputs } from "../../src/config/inputs.js";

test("inputs that are not given decide nothing but what makes a build fail", () => {
  expect(checkInputs({ budget: "", base: "  " }, "input")).toEqual({
    config: null,
    build: null,
    start: null,
    path: null,
    base: null,
    head: null,
    scenario: null,
    budgetMs: null,
    seed: null,
    failOn: "regression",
    explain: null,
    comment: null,
    commentKey: null,
    shard: null,
    leg: null,
    workingDirectory: null,
  });
});

const refused: [RawInputs, string][] = [
  [{ budget: "1e3" }, "input `budget` is `1e3`: it is not a number with a unit"],
  [{ budget: "-5m" }, "is not a number with a unit"],
  [{ budget: "１m" }, "is not a number with a unit"],
  [{ budget: "300" }, "it has no unit"],
  [{ budget: "1s" }, "it must be between `5s` and `360m`"],
  [{ budget: "100h" }, "it must be between `5s` and `360m`"],
  [{ path: "http://169.254.169.254/" }, "it must start with `/`"],
  [{ path: "file:///etc/passwd" }, "it must start with `/`"],
  [{ path: "//user:pass@host/" }, "it must not start with `//`"],
  [{ path: "/a b" }, "hold no spaces"],
  [{ path: "/a\r\nX: y" }, "hold no spaces"],
  [{ seed: "-1" }, "it must be a whole number"],
  [{ seed: "4294967296" }, "it must be at most 4294967295"],
  [{ seed: "NaN" }, "it must be a whole number"],
  [{ failOn: "yes" }, "it must be `regression`, `inconclusive` or `never`"],
  [{ shard: "0/4" }, "input `shard` is `0/4`: it must name a shard from 1 to 4 before the /"],
  [{ shard: "5/4" }, "must name a shard from 1 to 4 before the /"],
  [{ shard: "1/65" }, "must name from 1 to 64 shards behind the /"],
  [{ shard: "1/0" }, "must name from 1 to 64 shards behind the /"],
  [{ shard: "third" }, "is no part of a run"],
  [{ shard: "1.5/4" }, "is no part of a run"],
  [{ shard: "1/4", shardBy: "arms" }, "it must be `blocks` or `scenarios`"],
  [{ comment: "Always" }, "it must be `always`, `on-change` or `never`"],
  [{ commentKey: "a b" }, "it must be letters, digits"],
  [{ commentKey: "--><script>" }, "it must be letters, digits"],
];
test.each(refused)("%j is refused with what to write", (raw, message) => {
  expect(() => checkInputs(raw, "input")).toThrow(message);
});

test("a flag is named as it was typed", () => {
  expect(() => checkInputs({ failOn: "x" }, "flag")).toThrow("`--fail-on` is `x`");
});

test("a shard names its part, the number of all and what is divided", () => {
  expect(checkInputs({ shard: "3/8" }, "flag").shard).toEqual({ part: 3, of: 8, by: "blocks" });
  expect(checkInputs({ shard: " pilot/8 ", shardBy: "scenarios" }, "flag").shard).toEqual({
    part: "pilot",
    of: 8,
    by: "scenarios",
  });
});
