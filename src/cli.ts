#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { TailgateError } from "./error.js";
import { VERSION } from "./version.js";

/*
 * The command line. Each command is loaded when it is called: `--help` stays quick, and a problem in one command
 * does not touch the others.
 */

const program = new Command("tailgate")
  .description(
    "Gates changes on latency: starts a service from two revisions on one machine, sends both the same load,\n" +
      "and says whether head is slower. Human text goes to standard error, results to standard output.",
  )
  .version(VERSION)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .addHelpText(
    "after",
    `
Exit codes: 0 no regression, 1 regression, 2 could not be measured or wrong input,
            3 inconclusive (only with --fail-on inconclusive).

Try it:     tailgate demo`,
  );

program
  .command("demo")
  .description("run the whole path on an embedded example with a slow head (under a minute)")
  .option("--out <dir>", "where result.json and the reports go", ".tailgate/demo")
  .action(async (options: { out: string }) => {
    const { demoCommand } = await import("./commands/demo.js");
    process.exitCode = await demoCommand(options);
  });

program
  .command("run")
  .description("measure base against head and judge")
  .option("--config <file>", "configuration; default: .github/tailgate.yml or tailgate.yml")
  .option(
    "--base <ref>",
    "branch, tag or commit to compare with; default: where the branch left the default branch",
  )
  .option(
    "--head <ref>",
    "what is judged: a branch, tag or commit, or . for the files as they are; default: HEAD",
  )
  .option("--build <command>", "run once in each checkout before anything is measured")
  .option("--start <command>", "starts the service; it gets PORT, and {port} is replaced")
  .option("--path <path>", "measure this one path")
  .option("--budget <duration>", "measuring time, such as 3m; default: 5m")
  .option("--seed <number>", "of every random choice; default: 1")
  .option("--fail-on <what>", "regression, inconclusive or never", "regression")
  .option("--out <dir>", "where result.json, reports, observations and logs go", ".tailgate")
  .option("--json", "print result.json to standard output")
  .option("--quiet", "say only the verdict")
  .option("--verbose", "show the output of builds")
  .action(async (options: Record<string, string | boolean | undefined>) => {
    const { runCommand } = await import("./commands/run.js");
    process.exitCode = await runCommand(options);
  });

program
  .command("judge")
  .description("apply the statistics alone to recorded observations, from any tool")
  .argument(
    "<file>",
    "observations (tailgate/observations@1): one document, or one per line; - reads standard input",
  )
  .option("--json", "one line of JSON per document on standard output", false)
  .action(async (file: string, options: { json: boolean }) => {
    const { judgeCommand } = await import("./commands/judge.js");
    process.exitCode = await judgeCommand({ file, json: options.json }, await standardStreams());
  });

program
  .command("load")
  .description("send one load profile to a running URL and print exact percentiles")
  .requiredOption("--url <url>", "what to request")
  .option("--rate <rate>", "requests per second, or max: every connection busy all the time", "max")
  .option("--connections <n>", "open at the same time", "10")
  .option("--requests <n>", "how many to send", "10000")
  .option("--json", "print the figures as JSON to standard output", false)
  .action(async (options: Record<string, string | boolean | undefined>) => {
    const { loadCommand } = await import("./commands/load.js");
    process.exitCode = await loadCommand(options as never, (await standardStreams()) as never);
  });

program
  .command("report")
  .description("render a result again")
  .argument("<result.json>", "a result that `run` wrote")
  .option("--format <list>", "md, html, json; several with commas", "md")
  .option("--out <dir>", "write files there instead of printing")
  .action(async (file: string, options: { format: string; out?: string }) => {
    const { reportCommand } = await import("./commands/report.js");
    process.exitCode = await reportCommand({ file, ...options } as never, (await standardStreams()) as never);
  });

async function standardStreams(): Promise<typeof import("./commands/streams.js").STANDARD_STREAMS> {
  return (await import("./commands/streams.js")).STANDARD_STREAMS;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong; the exit code is 2 for anything but a request for help. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof TailgateError) {
    process.stderr.write(`tailgate: ${error.message}\n  ${error.hint}\n`);
    return 2;
  }
  process.stderr.write(
    `tailgate: this is a bug of Tailgate, please report it.\n${String((error as Error).stack ?? error)}\n`,
  );
  return 2;
}
