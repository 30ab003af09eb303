import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseResultText } from "../../src/model/parse-result.js";
import { endOnSignals } from "../stacks/child.js";
import { type Database, openDatabase } from "../stacks/database.js";
import { namesIn } from "../stacks/names.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import { branchedRepository } from "../stacks/repository.js";
import { CLI, runTailgate } from "../stacks/tailgate.js";
import { presenceOf } from "../stacks/toolchain.js";
import { SERVICES, type UnchangedService } from "./services.js";

/*
 * Whether unchanged code is ever refused: services measured against a commit that changes a text file. The checks that
 * base is still base must not be set off by what a service or its build writes itself.
 */

const USAGE = `usage: npm run unchanged -- [options]

  --only NAMES     services, with commas between: ${SERVICES.map(({ name }) => name).join(", ")}
  --runs N         of each service; default 7
  --budget TIME    of measuring, for each; default 60s
  --out FOLDER     for reports and raw results; default .tailgate/unchanged
  --cli FILE       the command under test; default dist/cli.js

Starts PostgreSQL, unless DATABASE_URL names one. A service whose toolchain is missing is skipped.
Exit codes: 0 no run was refused, 1 some were, or there was none.`;

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    runs: { type: "string", default: "7" },
    budget: { type: "string", default: "60s" },
    out: { type: "string", default: join(PROJECT_ROOT, ".tailgate", "unchanged") },
    cli: { type: "string", default: CLI },
    help: { type: "boolean", default: false },
  },
});
if (options.help) console.log(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  endOnSignals();
  const services = servicesNamed(namesIn(options.only));
  const database = await openDatabase(process.env);
  const refused: string[] = [];
  let runs = 0;
  try {
    for (const service of services) {
      const presence = presenceOf(service.toolchain, process.env);
      if (!presence.found) {
        console.log(`${service.name}: skipped, ${presence.because}`);
        continue;
      }
      const verdicts = new Map<string, number>();
      for (let run = 1; run <= Number(options.runs); run++) {
        const { verdict, reason } = await measure(service, run, database);
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
        if (verdict === "invalid") refused.push(`${service.name} (${run}): ${reason}`);
        runs++;
      }
      const told = Array.from(verdicts, ([verdict, count]) => `${count} ${verdict}`);
      console.log(`${service.name}: ${told.join(", ")}`);
    }
  } finally {
    await database.stop();
  }
  console.log(`\n${refused.length} of ${runs} unchanged runs were refused\n${refused.join("\n")}`.trimEnd());
  return refused.length === 0 && runs > 0 ? 0 : 1;
}

function servicesNamed(names: readonly string[]): readonly UnchangedService[] {
  const unknown = names.find((name) => !SERVICES.some((service) => service.name === name));
  if (unknown !== undefined) throw new Error(`there is no service ${unknown}`);
  return names.length === 0 ? SERVICES : SERVICES.filter(({ name }) => names.includes(name));
}

async function measure(
  service: UnchangedService,
  run: number,
  database: Database,
): Promise<{ readonly verdict: string; readonly reason: string }> {
  const out = join(resolve(options.out), `${service.name}-${run}`);
  const repository = branchedRepository(service.write, {
    unchanged: (folder) => {
      writeFileSync(join(folder, "NOTES.md"), "Nothing of this is run.\n");
    },
  });
  try {
    const code = await runTailgate({
      cli: resolve(options.cli),
      arguments: [
        ...["--base", repository.commitOf("main"), "--head", repository.commitOf("unchanged")],
        ...["--budget", options.budget, "--seed", String(run), "--out", out, "--quiet"],
      ],
      cwd: repository.folder,
      environment: {
        TAILGATE_BUILD_CACHE: join(resolve(options.out), "builds"),
        ...process.env,
        DATABASE_URL: database.url,
      },
    });
    const result = join(out, "result.json");
    if (!existsSync(result)) return { verdict: "invalid", reason: `no result; tailgate ended with ${code}` };
    return parseResultText(readFileSync(result, "utf8"));
  } finally {
    repository.remove();
  }
}
