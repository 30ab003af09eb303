import { readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writingAt } from "../error.js";
import { makeFolder } from "../files/make-folder.js";
import { isShardFile } from "../shards/shard-name.js";

/** Everything that a run writes into its out folder. */
const OUT_FILES = [
  "blocks.ndjson",
  "observations.json",
  "result.json",
  "report.md",
  "report.html",
  "profiles",
  "logs",
];

/**
 * Clears what an earlier run left in the out folder, and makes room for what this one writes.
 *
 * @throws TailgateError `disk` where there is no room, "config" where this user cannot write
 */
export async function beginResults(outFolder: string): Promise<void> {
  await writingAt(outFolder, async () => {
    makeFolder(outFolder);
    const shards = readdirSync(outFolder).filter(isShardFile);
    // What an earlier run left here must not be taken for this one's.
    for (const name of [...OUT_FILES, ...shards]) {
      await rm(join(outFolder, name), { recursive: true, force: true });
    }
    makeFolder(join(outFolder, "logs"));
    // Results lie in the user's folder: they must not turn up in `git status`.
    await writeFile(join(outFolder, ".gitignore"), "*\n");
  });
}
