import type { Command } from "commander";
import type { MergeOptions } from "./merge.js";
import type { Streams } from "./terminal/streams.js";

/** Declares `tailgate merge`; its code is loaded when it is called. */
export function declareMerge(program: Command, streams: Streams, ended: (exitCode: number) => void): void {
  program
    .command("merge")
    .description("judge the shards of a run as one run: all files of shards below a folder")
    .argument("<dir>", "what `run --shard` has written on all machines")
    .option("--fail-on <what>", "regression, inconclusive or never", "regression")
    .option("--out <dir>", "where result.json and the reports go", ".tailgate")
    .option("--json", "print result.json to standard output", false)
    .action(async (folder: string, options: MergeOptions) => {
      const { mergeCommand } = await import("./merge.js");
      ended(await mergeCommand(folder, options, process.cwd(), streams));
    });
}
