import { expect, test } from "vitest";
import { requireKnownNames } from "../../../src/load/requests/known-names.js";
import type { RequestPlan } from "../../../src/model/scenario-plan.js";
import { GET } from "../support/phases.js";

const COLUMNS = ["id", "user_name"];

function check(...requests: RequestPlan[]): () => void {
  return () => {
    requireKnownNames({ name: "a", requests }, "users.csv", COLUMNS);
  };
}

test("a name that is no column is refused with the one that is near", () => {
  expect(check({ ...GET, path: "/users/{user_nam}" })).toThrow(
    "`a` has `{user_nam}`, and `users.csv` has no such column; did you mean `user_name`?",
  );
  expect(check({ ...GET, headers: { "X-A": ["{id}", "{elsewhere}"] } })).toThrow("known are id, user_name");
  expect(check({ ...GET, body: '{"name":"{user_nam}"}' })).toThrow("did you mean `user_name`?");
});

test("columns, captured values, and what is generated are known; braces of a body may be anything else", () => {
  expect(
    check(
      { ...GET, path: "/{id}/{sequence}/{uuid}", capture: { token: { from: "json", path: ["a"] } } },
      { ...GET, headers: { Authorization: "{token}" }, body: "query { everybody { email } } {everybody} {}" },
    ),
  ).not.toThrow();
});
