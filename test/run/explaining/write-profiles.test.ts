import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ArmProfile } from "../../../src/model/profile.js";
import { writeProfiles } from "../../../src/run/explaining/write-profiles.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

const HANDLER = { name: "handler", file: "server.js", line: 3, origin: "repository" } as const;

function profile(arm: string, block: number, cpuUs: number | null): ArmProfile {
  return {
    arm,
    block,
    functions: [HANDLER],
    calls: cpuUs === null ? { counts: [1], requests: 1 } : null,
    cpu: cpuUs === null ? null : { stacks: [{ frames: [0], cpuUs }], requests: 10 },
    serviceCpuUs: null,
    latencyUs: 1,
    p99Us: 1,
  };
}

test("the profiles of an arm's blocks are written as one, in each form", async () => {
  const folder = join(temporaryFolder(), "profiles");
  const written = await writeProfiles(
    [profile("head", 1, null), profile("head", 2, 1000), profile("head", 3, 500)],
    folder,
  );
  expect(written).toEqual(["profiles/head.cpuprofile", "profiles/head.folded", "profiles/head.pb.gz"]);
  expect(readFileSync(join(folder, "head.folded"), "utf8")).toBe("handler (server.js:3) 1500\n");
  const { timeDeltas } = JSON.parse(readFileSync(join(folder, "head.cpuprofile"), "utf8")) as {
    readonly timeDeltas: readonly number[];
  };
  expect(timeDeltas.reduce((sum, delta) => sum + delta, 0)).toBe(1500);
  expect(gunzipSync(readFileSync(join(folder, "head.pb.gz"))).toString("latin1")).toContain("nanoseconds");
});

test("an arm's name leads to no file outside of the folder, and an arm that was not sampled has none", async () => {
  const parent = temporaryFolder();
  await writeProfiles([profile("../../up", 1, 10), profile("base", 1, null)], join(parent, "profiles"));
  expect(readdirSync(parent)).toEqual(["profiles"]);
  expect(readdirSync(join(parent, "profiles"))).toHaveLength(3);
});
