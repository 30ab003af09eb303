import { expect, test } from "vitest";
import { describeUnseen } from "../../src/probes/describe-unseen.js";
import { programsOf } from "../../src/probes/programs-of.js";

test.each([
  [["sh", "docker"], "it runs in a container"],
  [["npm", "node"], 'NODE_OPTIONS="$NODE_OPTIONS ..."'],
  [["uv", "python3.12"], 'PYTHONPATH="...:$PYTHONPATH"'],
  [["sh", "server"], "nothing looks into `server`: there are instruments for Node.js and Python"],
  [["java"], "nothing looks into `java`"],
  [["a`b"], "nothing looks into `a'b`"],
  [[], "nothing looks into it"],
])("of a service that runs %j it is said what would make it work", (programs, said) => {
  expect(describeUnseen(programs)).toContain(said);
});

test("the program of a process is told by the system, and that of one that ended is left out", async () => {
  expect(await programsOf([process.pid, 2 ** 30])).toEqual(["node"]);
});
