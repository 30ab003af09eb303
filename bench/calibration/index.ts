import { join } from "node:path";
import { parseArgs } from "node:util";
import { branchedRepository } from "../stacks/repository.js";
import { SUBJECTS } from "./subjects.js";
import { endOnSignals, startChild } from "../stacks/child.js";
import { openDatabase } from "../stacks/database.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { CLI } from "../stacks/tailgate.js";

/*
 * The calibration that the documentation quotes: `tailgate calibrate` on the demo's service and on the Fastify example,
 * with changes of a known size beside the copies. Blocks are kept in bench/calibration/blocks, and go on another day.
 */

const USAGE = `usage: npm run calibration -- ${Object.keys(SUBJECTS).join("|")} [options]

  --runs N     whole runs that the blocks shall hold; default 5
  --cli FILE   the command under test; default dist/cli.js
  --fresh      forgets the blocks that are kept`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    cli: { type: "string", default: CLI },
    fresh: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const name = positionals[0] ?? "";
const subject = SUBJECTS[name];
endOnSignals();
if (options.help || subject === undefined) {
  console.error(USAGE);
  process.exitCode = options.help ? 0 : 2;
} else {
  const repository = branchedRepository(subject.base, subject.changes);
  const database = subject.needsDatabase ? await openDatabase(process.env) : null;
  try {
    const changes = Object.keys(subject.changes).map((change) => `${change}=${change}`);
    process.exitCode =
      (await startChild(
        [
          ...[options.cli, "calibrate", "--base", "main", "--runs", options.runs],
          ...changes.flatMap((change) => ["--change", change]),
          ...["--out", join(PROJECT_ROOT, "bench", "calibration", "blocks", name)],
          ...(options.fresh ? ["--fresh"] : []),
        ],
        {
          cwd: repository.folder,
          env: { ...process.env, ...(database === null ? {} : { DATABASE_URL: database.url }) },
          stdio: "inherit",
        },
      ).ended) ?? 1;
  } finally {
    await database?.stop();
    repository.remove();
  }
}
