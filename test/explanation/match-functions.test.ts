import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { armFunctions } from "../../src/explanation/arm-functions.js";
import { matchFunctions } from "../../src/explanation/match-functions.js";
import type { ArmProfile, ProfiledFunction } from "../../src/model/profile.js";
import { functionOf } from "./profiles.js";

/** Functions, each with its calls of a request. */
type Arm = Readonly<Record<string, number>>;

function profile(arm: Arm, functions: readonly ProfiledFunction[]): ArmProfile {
  return {
    arm: "base",
    block: 1,
    functions,
    calls: { counts: Object.values(arm).map((calls) => calls * 100), requests: 100 },
    cpu: null,
    serviceCpuUs: null,
    latencyUs: 1,
    p99Us: 1,
  };
}

function textOf(one: ProfiledFunction | null): string | null {
  if (one === null) return null;
  const name = one.name === "" ? "()" : one.name;
  return one.file === null ? name : `${one.file}:${one.line} ${name}`;
}

/** What was matched with what; `null` where an arm has nothing. */
function matched(base: Arm, head: Arm): (readonly [string | null, string | null])[] {
  const arm = (of: Arm) => armFunctions([profile(of, Object.keys(of).map(functionOf))]);
  return matchFunctions(arm(base), arm(head)).functions.map(({ baseline, candidate }) => [
    textOf(baseline),
    textOf(candidate),
  ]);
}

test("a function is one where some profiles do not tell its line, unless several have its name", () => {
  const one = functionOf("main.rs:21 list");
  const untold = { ...one, file: null, line: null };
  const of = (...functions: ProfiledFunction[]) =>
    armFunctions(functions.map((found) => profile({}, [found]))).functions;
  expect(of(untold, one)).toEqual([one]);
  expect(of({ ...one, line: null }, one)).toEqual([one]);
  expect(of(untold, one, functionOf("other.rs:5 list"))).toHaveLength(3);
});

describe("a function is found again", () => {
  test("though lines above it came", () => {
    expect(matched({ "server.js:10 list": 1 }, { "server.js:60 list": 7 })).toEqual([
      ["server.js:10 list", "server.js:60 list"],
    ]);
  });

  test("among anonymous ones of its file, of which one is new in the middle", () => {
    const base = { "server.js:5 start": 1, "server.js:10 ()": 1, "server.js:20 ()": 3, "server.js:30 ()": 2 };
    const head = {
      "server.js:5 start": 1,
      "server.js:10 ()": 1,
      "server.js:14 ()": 5,
      "server.js:24 ()": 3,
      "server.js:34 ()": 2,
    };
    expect(matched(base, head)).toEqual([
      ["server.js:5 start", "server.js:5 start"],
      ["server.js:10 ()", "server.js:10 ()"],
      ["server.js:20 ()", "server.js:24 ()"],
      ["server.js:30 ()", "server.js:34 ()"],
      [null, "server.js:14 ()"],
    ]);
  });

  test("in another file, when only one of its name left and only one came", () => {
    expect(matched({ "server.js:10 list": 1 }, { "users.js:3 list": 101 })).toEqual([
      ["server.js:10 list", "users.js:3 list"],
    ]);
  });

  test("under another name, where it stood and called as often", () => {
    const base = { "server.js:5 start": 1, "server.js:10 list": 2 };
    const head = { "server.js:8 start": 1, "server.js:13 listUsers": 2 };
    expect(matched(base, head)).toEqual([
      ["server.js:5 start", "server.js:8 start"],
      ["server.js:10 list", "server.js:13 listUsers"],
    ]);
  });
});

describe("functions are shown as gone and new", () => {
  test("when another stands in the place that is called more often", () => {
    expect(matched({ "server.js:10 list": 1 }, { "server.js:10 listAll": 101 })).toEqual([
      ["server.js:10 list", null],
      [null, "server.js:10 listAll"],
    ]);
  });

  test("when two files could be where it went", () => {
    expect(matched({ "a.js:1 get": 1 }, { "b.js:1 get": 1, "c.js:1 get": 1 })).toEqual([
      ["a.js:1 get", null],
      [null, "b.js:1 get"],
      [null, "c.js:1 get"],
    ]);
  });

  test("when the runtime's own change their names", () => {
    expect(matched({ emit: 1 }, { emitTwo: 1 })).toEqual([
      ["emit", null],
      [null, "emitTwo"],
    ]);
  });
});

test("functions of a minified bundle that share line and name count as one", () => {
  const functions = ["a", "b", "a"].map((name) => functionOf(`bundle.js:1 ${name}`));
  const { functions: told, places } = armFunctions([profile({ one: 1, two: 2, three: 3 }, functions)]);
  expect(told.map(({ name }) => name)).toEqual(["a", "b"]);
  expect([...places.values()].map((one) => [...one])).toEqual([[0, 1, 0]]);
});

const arm = fc.dictionary(
  fc
    .tuple(
      fc.constantFrom("server.js", "users.js", "pg/client.js"),
      fc.nat(30),
      fc.constantFrom("a", "b", "()", "__proto__"),
    )
    .map(([file, line, name]) => `${file}:${line + 1} ${name}`),
  fc.nat(5),
);

test("every function of both arms is there once, whatever they are", () => {
  fc.assert(
    fc.property(arm, arm, (base, head) => {
      const pairs = matched(base, head);
      const side = (index: 0 | 1): string[] => pairs.flatMap((pair) => pair[index] ?? []).sort();
      expect(side(0)).toEqual(Object.keys(base).sort());
      expect(side(1)).toEqual(Object.keys(head).sort());
    }),
  );
});

test("the same program is matched one to one", () => {
  fc.assert(
    fc.property(arm, (base) => {
      for (const [from, to] of matched(base, base)) expect(to).toBe(from);
    }),
  );
});
