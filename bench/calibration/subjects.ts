import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BASE_SERVER, DEMO_CONFIG } from "../../src/demo/service.js";
import { copyExample } from "../stacks/copy-example.js";
import { insertBefore } from "../stacks/insert-before.js";
import { PROJECT_ROOT } from "../stacks/project-root.js";
import type { Write } from "../stacks/repository.js";

/** A service that is measured against itself, with changes of a known kind beside it. */
export interface Subject {
  readonly base: Write;
  readonly changes: Readonly<Record<string, Write>>;
  readonly needsDatabase: boolean;
}

/**
 * Rounds of a loop for one percent of the CPU time that the example takes for a request, as measured on the machine of
 * docs/calibration.md; what it truly is on another one, the calibration's own table says.
 */
const ROUNDS_FOR_ONE_PERCENT = 4_000;

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  demo: {
    base(folder) {
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
      // The demo's own budget is for a first look; this is a run as it is by default.
      writeFileSync(
        join(folder, "tailgate.yml"),
        DEMO_CONFIG.replace(/^load:[^]*?(?=^scenarios:)/m, "").replace(/^experiment:[^]*/m, ""),
      );
      writeFileSync(join(folder, "server.js"), BASE_SERVER);
    },
    changes: {},
    needsDatabase: false,
  },
  fastify: {
    base(folder) {
      copyExample(join(PROJECT_ROOT, "examples", "fastify"), folder);
    },
    changes: {
      "five-percent": afterQuery(burn(5)),
      "ten-percent": afterQuery(burn(10)),
      "slow-tail": afterQuery(
        "  // Two in a hundred wait for somebody else.\n" +
          "  if (Math.random() < 0.02) await new Promise((resolve) => setTimeout(resolve, 20));\n",
      ),
    },
    needsDatabase: true,
  },
};

function burn(percent: number): string {
  return (
    `  // ${percent} % more work of the processor.\n` +
    "  let digest = 0;\n" +
    `  for (let i = 0; i < ${percent * ROUNDS_FOR_ONE_PERCENT}; i++) digest = Math.imul(digest ^ i, 16777619);\n` +
    '  if (digest === 1) throw new Error("unlikely");\n'
  );
}

/** Lines put into the handler, after its query. */
function afterQuery(lines: string): Write {
  return (folder) => {
    insertBefore(join(folder, "server.js"), "  return rows;\n", lines);
  };
}
