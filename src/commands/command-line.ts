import { Command } from "commander";
import { VERSION } from "../version.js";
import type { BisectOptions } from "./bisect.js";
import type { CalibrateOptions } from "./calibrate.js";
import type { ExplainOptions } from "./explain.js";
import { declareHistory } from "./history/declare-history.js";
import { declareMerge } from "./declare-merge.js";
import type { InitOptions } from "./init/init.js";
import type { LoadCommandOptions } from "./load/options.js";
import type { Streams } from "./terminal/streams.js";
import type { RunOptions } from "./run.js";

/**
 * All commands with their flags. Each is loaded when it is called: `--help` stays quick, and a problem in one command
 * does not touch the others.
 *
 * @param ended - told the exit code of the command that was called
 */
export function commandLine(streams: Streams, ended: (exitCode: number) => void): Command {
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
      const { demoCommand } = await import("./demo.js");
      ended(await demoCommand(options, streams));
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
    .option(
      "--release",
      "also a workflow, weekly and on tags, against the last release, with one issue",
      false,
    )
    .option("--shards <n>", "the workflow divides each run among so many machines")
    .option(
      "--try",
      "start the service once, and keep the paths that it serves; default: where it is built already",
    )
    .option("--no-try", "start nothing")
    .option("--action <name>", "what the workflow uses", "OWNER/tailgate@v1")
    .option("--yes", "write what is new without asking; files that are there are kept", false)
    .action(async (options: InitOptions) => {
      const { askOnTerminal, initCommand } = await import("./init/init.js");
      const { ask, close } = askOnTerminal(process.stdin, process.stderr);
      try {
        const edges = { stderr: streams.stderr, ask, environment: process.env };
        ended(await initCommand(options, process.cwd(), edges));
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
    .option("--shard <part>", "measure one part of the run, such as 3/8; first pilot/8, which fixes the load")
    .option("--shard-by <what>", "divide blocks among the shards, or scenarios; default: blocks")
    .option("--pilot <dir>", "below it a shard finds the pilot's file", ".tailgate")
    .option("--out <dir>", "where result.json, reports, observations and logs go", ".tailgate")
    .option("--json", "print result.json to standard output", false)
    .action(async (options: RunOptions) => {
      const { runCommand } = await import("./run.js");
      ended(await runCommand(options, process.cwd(), streams));
    });

  declareMerge(program, streams, ended);

  comparing(program.command("explain"))
    .description("say what head does differently: calls and CPU of its functions, without a verdict")
    .option("--scenario <name>", "the scenario whose load runs; default: the first")
    .option("--budget <duration>", "longest time, such as 1m; default: 5m")
    .option("--out <dir>", "where profiles and logs go", ".tailgate/explain")
    .option("--json", "print the explanation as JSON to standard output", false)
    .action(async (options: ExplainOptions) => {
      const { explainCommand } = await import("./explain.js");
      ended(await explainCommand(options, process.cwd(), streams));
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
      const { judgeCommand } = await import("./judge/judge.js");
      ended(await judgeCommand({ file, ...options }, streams));
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
      const { loadCommand } = await import("./load/load.js");
      ended(await loadCommand(options, streams));
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
    .option("--seed <number>", "seed of every random choice; default: follows from the commits")
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
      const { calibrateCommand } = await import("./calibrate.js");
      ended(await calibrateCommand(options, process.cwd(), streams));
    });

  program
    .command("report")
    .description("render a result again")
    .argument("<result.json>", "a result that `run` wrote; - reads standard input")
    .option("--format <list>", "md, html, json; several with commas", "md")
    .option("--out <dir>", "write files there instead of printing")
    .action(async (file: string, options: { format: string; out?: string }) => {
      const { reportCommand } = await import("./report.js");
      ended(await reportCommand({ file, ...options }, streams));
    });

  program
    .command("bisect")
    .description(
      "find the commit that made it slower: measured comparisons with good, each with its own error",
    )
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
      const { bisectCommand } = await import("./bisect.js");
      ended(await bisectCommand(options, process.cwd(), streams));
    });

  declareHistory(program, streams, ended);
  return program;
}

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
    .option("--seed <number>", "seed of every random choice; default: follows from the commits")
    .option("--quiet", "say only what was found", false)
    .option("--verbose", "show the output of builds", false);
}
