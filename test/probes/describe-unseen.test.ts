import { expect, test } from "vitest";
import { describeUnseen, isNative } from "../../src/probes/describe-unseen.js";
import { programsOf } from "../../src/probes/programs-of.js";

test.each([
  [["sh", "docker"], "it runs in a container"],
  [["npm", "node"], 'NODE_OPTIONS="$NODE_OPTIONS ..."'],
  [["uv", "python3.12"], 'PYTHONPATH="...:$PYTHONPATH"'],
  [["sh", "ruby3.1"], "nothing looks into `ruby3.1`: there are instruments for Node.js, Python"],
  [["a`b"], "nothing looks into `a'b`"],
  [[], "nothing looks into it"],
])("of a service that runs %j it is said what would make it work", (programs, said) => {
  expect(describeUnseen(programs)).toContain(said);
});

test("beside what is looked into, programs that only start others go unsaid, and others do not", () => {
  expect(describeUnseen(["sh", "npm"], true)).toBeNull();
  expect(describeUnseen(["sh", "ruby"], true)).toContain("nothing looks into `ruby`");
});

test.each([
  ["users-axum", true],
  ["nginx", true],
  ["nodejs-proxy", true],
  ["rubyfmt", true],
  ["node", false],
  ["python3.11", false],
  ["java", false],
  ["beam.smp", false],
  ["php-fpm8.2", false],
  ["bash", false],
])("whether %s is machine code of the service's own is known by its name: %s", (program, native) => {
  expect(isNative(program)).toBe(native);
});

test("the program of a process is told by the system, and that of one that ended is left out", async () => {
  expect(await programsOf([process.pid, 2 ** 30])).toEqual(["node"]);
});
