import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { bundles } from "../../parts/bundles.js";
import { markedProcesses, runFolders } from "./leftovers.js";
import { makeRepository, type Repository } from "./repository.js";
import { ended, plainEnvironment, type Ended } from "./spawned.js";

/** A service that says "ok". */
export const SERVER = `import { createServer } from "node:http";
createServer((request, response) => response.end("ok")).listen(Number(process.env.PORT), "127.0.0.1");
`;

/** The built command, in a repository of a service whose branch `change` does the same as `main`. */
export interface CommandInRepository {
  readonly repository: Repository;
  /** Where a run keeps what it makes. */
  readonly temporary: string;
  readonly tailgate: (args: readonly string[], cwd?: string) => Promise<Ended>;
  readonly expectNothingLeft: () => void;
  /** For `afterAll`. */
  readonly remove: () => void;
}

/** For `beforeAll`. */
export function commandInRepository(): CommandInRepository {
  const temporary = mkdtempSync(join(tmpdir(), "e2e-temporary-"));
  const repository = makeRepository();
  repository.commit({ "server.mjs": SERVER });
  repository.git("checkout", "--quiet", "-b", "change");
  repository.commit({ "server.mjs": `// same\n${SERVER}` });
  return {
    repository,
    temporary,
    tailgate: (args, cwd = repository.folder) =>
      ended(process.execPath, [join(bundles(), "cli.js"), ...args], {
        cwd,
        env: { ...plainEnvironment(), RUNNER_TEMP: temporary },
      }),
    expectNothingLeft() {
      expect(markedProcesses(temporary)).toEqual([]);
      expect(runFolders(temporary)).toEqual([]);
      expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
    },
    remove() {
      repository.remove();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
