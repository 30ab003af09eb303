import { expect, test } from "vitest";
import { installLineOn } from "../../src/probes/install-line.js";

test.each([
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', "sudo apt-get install --yes linux-tools"],
  ['ID=pop\nID_LIKE="ubuntu debian"\n', "sudo apt-get install --yes linux-tools"],
  ["ID=debian\n", "sudo apt-get install --yes linux-perf"],
  ["ID=fedora\n", "install perf"],
  ["", "install perf"],
])("a tool is installed by the system's own packages where they are known: %j", (release, line) => {
  const packages = { debian: "linux-perf", ubuntu: "linux-tools" };
  expect(installLineOn(release, packages, "install perf")).toBe(line);
});
