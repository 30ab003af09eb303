import { describe, expect, test } from "vitest";
import { MadeUpRepository } from "../../git/repositories.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { closeWorkspaces, prepared, SERVER } from "./prepared-arms.js";

describe("a build from the cache", () => {
  test("that does not serve in another folder is built anew, and that is said", async () => {
    const repository = new MadeUpRepository();
    const cache = temporaryFolder();
    // A script that names the folder it was made in, as those of a virtual environment do.
    const build = `printf '#!/bin/sh\\nexec node %s/server.js\\n' "$PWD" > start.sh && chmod +x start.sh`;
    const hooks = { base: { build }, head: { build } };
    const made = {
      repository,
      start: "./start.sh",
      files: { "server.js": SERVER, ".gitignore": "start.sh\n" },
      environment: { TAILGATE_BUILD_CACHE: cache },
    };
    expect((await prepared(hooks, made)).failures).toEqual([]);
    await closeWorkspaces();
    const again = await prepared(hooks, made);
    expect(again.failures).toEqual([]);
    expect(again.notes).toEqual([
      "The build of base was taken from the cache.",
      "base does not serve as it came from the build cache: it is built anew.",
    ]);
  });

  test("is part of what must stay as it is", async () => {
    const cache = temporaryFolder();
    const { refusal } = await prepared(
      {
        base: { build: "echo built > built" },
        head: { build: `for file in ${cache}/*/built; do echo x > "$file"; done` },
      },
      { environment: { TAILGATE_BUILD_CACHE: cache } },
    );
    expect(refusal?.message).toContain("in the build cache");
  });
});
