#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import type { BisectOptions } from "./commands/bisect.js";
import type { CalibrateOptions } from "./commands/calibrate.js";
import type { InitOptions } from "./commands/init/init.js";
import type { HistoryOptions } from "./commands/history/history.js";
import type { LoadCommandOptions } from "./commands/load/options.js";
import type { ExplainOptions } from "./commands/explain.js";
import { Cancelled } from "./commands/cancel.js";
import { ownOutput } from "./commands/output.js";
import type { RunOptions } from "./commands/run.js";
import { diskFull, isDiskFull, TailgateError } from "./error.js";
import { logText } from "./text/log-text.js";
import { VERSION } from "./version.js";

/*
 * The command line. Each command is loaded when it is called: `--help` stays quick, and a problem in one command
 * does not touch the others.
 */

const output = ownOutput(process, tellError);
const { streams } = output;
let exitCode = 0;

const program = new Command("tailgate")
  .description(
    "Gates changes on latency: starts a service from two revisions on one machine, sends both the same load,\n" +
      "and says whether head is slower. Human text goes to standard error, results to standard output.",
  )
  .version(VERSION)
  .exitOverride()
  .configureOutput({
    writeOut: (text) => streams.stdout.write(text),
    writeErr: (text) => streams.stderr.write(text),
  })
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
    exitCode = await demoCommand(options, streams);
  });

program
  .command("init")
  .description("look at the repository, and write a starter tailgate.yml and a workflow")
  .option(
    "--build <command>",
    "build command, instead of a guess; it runs once in each checkout before anything is measured",
  )
  .option("--start <command>", "start command of the service, instead of a guess")
  .option("--path <path>", "path to measure, instead of a guess")
  .option("--forks", "two workflows, for pull requests from forks: one measures, one comments", false)
  .option("--release", "also a workflow, weekly and on tags, against the last release, with one issue", false)
  .option(
    "--try",
    "start the service once, and keep the paths that it serves; default: where it is built already",
  )
  .option("--no-try", "start nothing")
  .option("--action <name>", "what the workflow uses", "OWNER/tailgate@v1")
  .option("--yes", "write what is new without asking; files that are there are kept", false)
  .action(async (options: InitOptions) => {
    const { askOnTerminal, initCommand } = await import("./commands/init/init.js");
    const { ask, close } = askOnTerminal(process.stdin, process.stderr);
    try {
      const edges = { stderr: streams.stderr, ask, environment: process.env };
      exitCode = await initCommand(options, process.cwd(), edges);
    } finally {
      close();
    }
  });

comparing(program.command("run"))
  .description("measure base against head and judge")
  .option("--scenario <name>", "measure this one scenario of the configuration")
  .option("--budget <duration>", "measuring time, such as 3m; default: 5m")
  .option("--fail-on <what>", "regression, inconclusive or never", "regression")
  .option(
    "--explain <when>",
    "say why head is slower: on-regression, always or never; default: on-regression",
  )
  .option("--out <dir>", "where result.json, reports, observations and logs go", ".tailgate")
  .option("--json", "print result.json to standard output", false)
  .action(async (options: RunOptions) => {
    const { runCommand } = await import("./commands/run.js");
    exitCode = await runCommand(options, process.cwd(), streams);
  });

comparing(program.command("explain"))
  .description("say what head does differently: calls and CPU of its functions, without a verdict")
  .option("--scenario <name>", "the scenario whose load runs; default: the first")
  .option("--budget <duration>", "longest time, such as 1m; default: 5m")
  .option("--out <dir>", "where profiles and logs go", ".tailgate/explain")
  .option("--json", "print the explanation as JSON to standard output", false)
  .action(async (options: ExplainOptions) => {
    const { explainCommand } = await import("./commands/explain.js");
    exitCode = await explainCommand(options, process.cwd(), streams);
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
    const { judgeCommand } = await import("./commands/judge/judge.js");
    exitCode = await judgeCommand({ file, ...options }, streams);
  });

program
  .command("load")
  .description("send one load profile to a running URL and print exact percentiles")
  .requiredOption("--url <url>", "what to request")
  .option("--rate <rate>", "requests per second, or max: every connection busy all the time", "max")
  .option("--connections <n>", "connections open at the same time", "10")
  .option("--requests <n>", "how many to send", "10000")
  .option("--connection <kind>", "keep-alive, or new: one per request", "keep-alive")
  .option("--method <method>", "method of the request", "GET")
  .option("--header <line...>", '"Name: value"; may be given several times')
  .option("--body <text>", "body of the request")
  .option("--body-file <file>", "a file whose bytes are the body")
  .option("--data <file>", "CSV or NDJSON: each request takes a row, for {column} in URL, headers and body")
  .option("--redirects <n>", "how many redirects are followed, to the same host", "0")
  .option("--protocol <name>", "http1, http2 (without TLS with prior knowledge) or grpc; default: http1")
  .option("--unix <path>", "connect to this socket file; host and path of the URL stay")
  .option("--insecure", "load another machine although its certificate is not trusted")
  .option("--rpc <method>", "call a method of gRPC, such as shop.Users/Get")
  .option("--proto <file>", "the .proto file that describes it, or a descriptor set")
  .option("--message <json>", "the message that it takes; default: {}")
  .option("--timeout <duration>", "a request that takes longer is an error", "5s")
  .option("--seed <number>", "seed of the arrival times", "1")
  .option("--max-errors <percent>", "exit code 1 when a larger share of the requests fails, such as 1%")
  .option("--json", "print the figures as JSON to standard output", false)
  .action(async (options: LoadCommandOptions) => {
    const { loadCommand } = await import("./commands/load/load.js");
    exitCode = await loadCommand(options, streams);
  });

program
  .command("calibrate")
  .description("measure a commit against itself: how often this machine errs, and what it can see")
  .option("--runs <n>", "how many runs the blocks suffice for, no block in two of them", "10")
  .option("--copies <n>", "how many copies of the commit each block measures, 2 to 8", "4")
  .option("--change <name=ref...>", "a revision with a known change, to see how often it is found")
  .option("--config <file>", "configuration; default: .github/tailgate.yml or tailgate.yml")
  .option("--base <ref>", "the commit that is measured against itself", "HEAD")
  .option("--build <command>", "run once in the checkout before anything is measured")
  .option("--start <command>", "starts the service; it gets PORT, and {port} is replaced")
  .option("--path <path>", "measure this one path")
  .option("--budget <duration>", "measuring time of one run, such as 3m; default: 5m")
  .option("--seed <number>", "seed of every random choice; default: 1")
  .option(
    "--out <dir>",
    "where the blocks are kept; the same command goes on from them",
    ".tailgate/calibration",
  )
  .option("--fresh", "delete the blocks that are there, and begin anew", false)
  .option("--json", "print the figures as JSON to standard output", false)
  .option("--quiet", "say only what was found", false)
  .option("--verbose", "show the output of builds", false)
  .action(async (options: CalibrateOptions) => {
    const { calibrateCommand } = await import("./commands/calibrate.js");
    exitCode = await calibrateCommand(options, process.cwd(), streams);
  });

program
  .command("report")
  .description("render a result again")
  .argument("<result.json>", "a result that `run` wrote; - reads standard input")
  .option("--format <list>", "md, html, json; several with commas", "md")
  .option("--out <dir>", "write files there instead of printing")
  .action(async (file: string, options: { format: string; out?: string }) => {
    const { reportCommand } = await import("./commands/report.js");
    exitCode = await reportCommand({ file, ...options }, streams);
  });

program
  .command("bisect")
  .description("find the commit that made it slower: measured comparisons with good, each with its own error")
  .requiredOption("--good <ref>", "a commit that is fast, such as the last release")
  .requiredOption("--bad <ref>", "a later commit that is slower")
  .option("--scenario <name>", "in which scenario; default: where bad regressed most clearly")
  .option("--metric <name>", "in which metric, such as p50 or cpu")
  .option("--confidence <percent>", "stop as soon as it is this sure", "95%")
  .option("--steps <n>", "so many comparisons at most", "40")
  .option("--config <file>", "configuration; default: that of good")
  .option("--build <command>", "run once in each checkout before anything is measured")
  .option("--start <command>", "starts the service; it gets PORT, and {port} is replaced")
  .option("--budget <duration>", "measuring time of one comparison, such as 3m; default: 5m")
  .option("--seed <number>", "seed of the first comparison; each has the next one")
  .option(
    "--out <dir>",
    "where the comparisons are kept; the same command goes on from them",
    ".tailgate/bisect",
  )
  .option("--fresh", "forget what was measured before", false)
  .option("--json", "print what was found as JSON to standard output", false)
  .option("--quiet", "say only what was found", false)
  .option("--verbose", "show the output of builds", false)
  .action(async (options: BisectOptions) => {
    const { bisectCommand } = await import("./commands/bisect.js");
    exitCode = await bisectCommand(options, process.cwd(), streams);
  });

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
    const { historyCommand } = await import("./commands/history/history.js");
    exitCode = await historyCommand(options, process.cwd(), streams);
  });

history
  .command("append")
  .description("store what runs have found: a line for each scenario and metric, pushed to the ref")
  .argument("<result.json...>", "results that `run` wrote")
  .action(async (files: string[], _: unknown, command: Command) => {
    const { historyAppendCommand } = await import("./commands/history/append.js");
    const { ref } = command.optsWithGlobals<{ ref?: string }>();
    exitCode = await historyAppendCommand(files, { ref }, process.cwd(), streams);
  });

try {
  await program.parseAsync();
} catch (error) {
  exitCode = tellError(withPlace(error));
}
process.exitCode = await output.exitCode(exitCode);

/** The flags that say which code is started, how, and what is asked of it. */
function comparing(command: Command): Command {
  return command
    .option("--config <file>", "configuration; default: .github/tailgate.yml or tailgate.yml")
    .option("--base <ref>", "what to compare with; default: where the branch left the default branch")
    .option(
      "--head <ref>",
      "what is judged: branch, tag, commit, or . for the files as they are; default: HEAD",
    )
    .option("--build <command>", "run once in each checkout before anything is measured")
    .option("--start <command>", "starts the service; it gets PORT, and {port} is replaced")
    .option("--path <path>", "measure this one path")
    .option("--seed <number>", "seed of every random choice; default: 1")
    .option("--quiet", "say only what was found", false)
    .option("--verbose", "show the output of builds", false);
}

/** A full disk, wherever it was met. */
function withPlace(error: unknown): unknown {
  if (error instanceof TailgateError || !isDiskFull(error)) return error;
  return diskFull((error as NodeJS.ErrnoException).path ?? process.cwd(), error);
}

/** Says what went wrong; the exit code is 2 for anything but a request for help. */
function tellError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof TailgateError) {
    streams.stderr.write(logText(`tailgate: ${error.message}\n  ${error.hint}`) + "\n");
    return 2;
  }
  if (error instanceof Cancelled) {
    streams.stderr.write(`tailgate: ${error.message}; the services are stopped, finished blocks are kept.\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  streams.stderr.write(`tailgate: this is a bug of Tailgate, please report it.\n${logText(stack)}\n`);
  return 2;
}
