import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { endOnSignals } from "../stacks/child.js";
import { namesIn } from "../stacks/names.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { CLI } from "../stacks/tailgate.js";
import { simulateBisections } from "./bisect-simulation.js";
import { simulateCreep } from "./creep-simulation.js";
import { measureRepository } from "./creeping/measure.js";
import { recordExamples, RECORDED } from "./record.js";

/*
 * What docs/history.md says about slow creep and about finding a commit.
 */

const USAGE = `usage: npm run bench:history -- bisect|creep|record|repository [options]

bisect simulates the search for a slower commit among 64:
  --runs N          bisections for each row; default 1000

creep simulates +0.4 % with each merge, with normal noise and with the noise that was recorded:
  --runs N          quarters for each row; default 1000

record measures examples whose head changes nothing, and adds the blocks to bench/history/recorded:
  --subjects NAMES  ${RECORDED.join(", ")}, with commas between; default: all
  --runs N          of each; default 1
  --budget TIME     of each run; default 5m

repository measures ten weeks of a branch that gets slower, in real runs, and goes on where it stopped:
  --merge-budget TIME  of each of the 50 merges; default 45s
  --week-budget TIME   of each of the 10 comparisons with the release; default 3m
  --runs N             stops after so many of the 60 runs; default: all that are left
  --state FOLDER       keeps the repository and its runs; default .tailgate/creep

  --cli FILE        the command under test; default dist/cli.js

record and repository start PostgreSQL, unless DATABASE_URL names one.`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string" },
    subjects: { type: "string" },
    budget: { type: "string", default: "5m" },
    "merge-budget": { type: "string", default: "45s" },
    "week-budget": { type: "string", default: "3m" },
    state: { type: "string", default: join(PROJECT_ROOT, ".tailgate", "creep") },
    cli: { type: "string", default: CLI },
    help: { type: "boolean", default: false },
  },
});
endOnSignals();
process.exitCode = await main(options.help ? undefined : positionals[0]);

async function main(what: string | undefined): Promise<number> {
  const cli = resolve(options.cli);
  switch (what) {
    case "bisect":
      return simulateBisections(Number(options.runs ?? 1_000));
    case "creep":
      return simulateCreep(Number(options.runs ?? 1_000));
    case "record":
      return recordExamples({
        cli,
        subjects: namesIn(options.subjects),
        runs: Number(options.runs ?? 1),
        budget: options.budget,
      });
    case "repository":
      return measureRepository({
        cli,
        state: resolve(options.state),
        mergeBudget: options["merge-budget"],
        weekBudget: options["week-budget"],
        runs: Number(options.runs ?? Infinity),
      });
    default:
      console.error(USAGE);
      return options.help ? 0 : 2;
  }
}
