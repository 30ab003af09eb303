import type { Command } from "commander";
import type { Streams } from "../terminal/streams.js";
import type { HistoryOptions } from "./history.js";

/** `tailgate history` and what belongs to it. */
export function declareHistory(program: Command, streams: Streams, ended: (exitCode: number) => void): void {
  const history = program
    .command("history")
    .description("what the default branch has measured, and the creep since the last release")
    .option("--suite <key>", "of this suite only (report.key)")
    .option("--scenario <name>", "of this scenario only; `service` for memory")
    .option("--metric <name>", "of this metric only, such as p50")
    .option("--since <when>", "from this day on, such as 90d or 2026-09-01")
    .option("--format <name>", "text, html, csv, openmetrics or json (a line each)", "text")
    .option("--branch <ref>", "the branch whose commits are followed; default: HEAD")
    .option("--ref <name>", "where the history is kept; default: refs/notes/tailgate")
    .option("--from <file>", "read lines from this file instead of the ref")
    .option("--out <file>", "write there instead of standard output")
    .action(async (options: HistoryOptions) => {
      const { historyCommand } = await import("./history.js");
      ended(await historyCommand(options, process.cwd(), streams));
    });

  history
    .command("append")
    .description("store what runs have found: a line for each scenario and metric, pushed to the ref")
    .argument("<result.json...>", "results that `run` wrote")
    .action(async (files: string[], _: unknown, command: Command) => {
      const { historyAppendCommand } = await import("./append.js");
      const { ref } = command.optsWithGlobals<{ ref?: string }>();
      ended(await historyAppendCommand(files, { ref }, process.cwd(), streams));
    });
}
