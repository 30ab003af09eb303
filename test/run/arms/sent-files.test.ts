import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScenarioPlan } from "../../../src/model/plan.js";
import { sentFiles } from "../../../src/run/arms/sent-files.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { madeUpPlan } from "../../verdict/made-up-run.js";

function sending(...files: string[]): ScenarioPlan[] {
  const [scenario] = madeUpPlan().scenarios;
  const requests = files.map((file) => ({
    ...scenario!.requests[0]!,
    bodySource: { from: "file", file } as const,
  }));
  return [{ ...scenario!, requests }];
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "sub"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("all arms are sent base's file, and a difference is told", async () => {
  const files = sentFiles(join(temporaryFolder(), "copies"));
  const scenarios = sending("a.json", "sub/b.json");
  const base = folderWith({ "a.json": "base", "sub/b.json": "same" });
  await files.collect(scenarios, "base", base);
  await files.collect(scenarios, "head", folderWith({ "a.json": "head", "sub/b.json": "same" }));
  writeFileSync(join(base, "a.json"), "changed while it was measured");
  await files.complete(scenarios, folderWith({ "a.json": "own" }));
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
