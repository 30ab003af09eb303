import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScenarioPlan } from "../../../src/model/scenario-plan.js";
import { sentFiles } from "../../../src/run/arms/sent-files.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { madeUpPlan } from "../../verdict/made-up-run.js";

function sending(...files: string[]): { scenarios: ScenarioPlan[] } {
  const [scenario] = madeUpPlan().scenarios;
  const requests = files.map((file) => ({
    ...scenario!.requests[0]!,
    bodySource: { from: "file", file } as const,
  }));
  return { scenarios: [{ ...scenario!, requests }] };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "sub"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("all arms are sent base's file, and a difference is told", async () => {
  const files = sentFiles(join(temporaryFolder(), "copies"));
  const plan = sending("a.json", "sub/b.json");
  const base = folderWith({ "a.json": "base", "sub/b.json": "same" });
  await files.collect(plan, "base", base);
  await files.collect(plan, "head", folderWith({ "a.json": "head", "sub/b.json": "same" }));
  writeFileSync(join(base, "a.json"), "changed while it was measured");
  await files.complete(plan, folderWith({ "a.json": "own" }));
  expect(readFileSync(files.paths["a.json"]!, "utf8")).toBe("base");
  expect(files.notes).toEqual(["`a.json` differs between base and head; base's is sent to both."]);
});

test("a file that no arm has is taken from the folder that Tailgate runs in", async () => {
  const files = sentFiles(join(temporaryFolder(), "copies"));
  await files.collect(sending("a.json"), "base", folderWith({}));
  await files.complete(sending("a.json"), folderWith({ "a.json": "generated" }));
  expect(readFileSync(files.paths["a.json"]!, "utf8")).toBe("generated");
});

test("a file that is nowhere, a folder, and a link that leads out are refused by name", async () => {
  const folder = folderWith({});
  symlinkSync("/etc/hostname", join(folder, "link"));
  const files = sentFiles(join(temporaryFolder(), "copies"));
  const refused = (name: string, why: string): Promise<void> =>
    expect(files.complete(sending(name), folder)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(`\`${name}\`, which is to be sent, ${why}`) as string,
    });
  await refused("missing.json", "is neither in the code");
  await refused("sub", "is no file");
  await refused("link", "is a symbolic link that leads out");
});

test("a data file becomes a table, and it is told where a block needs more rows than there are", async () => {
  const files = sentFiles(join(temporaryFolder(), "copies"));
  const [scenario] = madeUpPlan().scenarios;
  const plan = { scenarios: [{ ...scenario!, data: "users.csv" }] };
  await files.collect(plan, "base", folderWith({ "users.csv": "id\n1\n2\n" }));
  await files.complete(plan, folderWith({}));
  expect(readFileSync(files.tables["users.csv"]!, "utf8")).toBe('["id"]\n["1"]\n["2"]\n');
  expect(files.notes).toEqual([
    "`users.csv` has 2 rows for 1000 requests or more to each arm in a block: after the last row comes the first again.",
  ]);
});

test("a name that the data file has no column for is refused before anything is measured", async () => {
  const files = sentFiles(join(temporaryFolder(), "copies"));
  const [scenario] = madeUpPlan().scenarios;
  const request = { ...scenario!.requests[0]!, path: "/users/{usr}" };
  const plan = { scenarios: [{ ...scenario!, data: "users.csv", requests: [request] }] };
  await expect(files.complete(plan, folderWith({ "users.csv": "user\nada\n" }))).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("did you mean `user`?") as string,
  });
});

test("a body of more than 64 MiB is refused", async () => {
  const folder = folderWith({ "users.csv": "id\n1\n", "a.bin": "" });
  truncateSync(join(folder, "a.bin"), 64 * 1024 * 1024 + 1);
  const files = sentFiles(join(temporaryFolder(), "copies"));
  await expect(files.complete(sending("a.bin"), folder)).rejects.toThrow(
    "`a.bin`, which is to be sent, has 67108865 bytes, and at most 67108864 are sent with each request.",
  );
});
