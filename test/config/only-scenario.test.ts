import { expect, test } from "vitest";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import { readConfigFile } from "../../src/config/file/read-file.js";

const FILE = `
service: { start: node server.js }
scenarios:
  - { name: list users, path: /users }
  - { name: one user, path: /users/1 }
  - { name: create user, path: /users, request: { method: POST } }
`;

function names(scenario: string, more = ""): string[] {
  const file = readConfigFile(
    Buffer.from(FILE.replace(", path: /users, request: { method: POST }", ", path: /new") + more),
    "tailgate.yml",
  );
  const plan = makePlan({ inputs: checkInputs({ scenario }, "input"), headFile: file, baseFile: file });
  return plan.scenarios.map(({ name }) => name);
}

test("one scenario may be asked for by its name, and none is all of them", () => {
  expect(names("one user")).toEqual(["one user"]);
  expect(names("")).toEqual(["list users", "one user", "create user"]);
});

test("a part of a mix is measured with the mix around it", () => {
  const mix = "mix: { list users: 70, create user: 30 }\n";
  expect(names("create user", mix)).toEqual(["mix", "list users", "create user"]);
  expect(names("one user", mix)).toEqual(["one user"]);
});

test("a name that is no scenario names the nearest one", () => {
  expect(() => names("list user")).toThrow("did you mean `list users`?");
});
