import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { LongestFirst } from "./test/parts/longest-first.js";
import { type ProjectName, testFiles } from "./test/parts/projects.js";

const files = testFiles();

/** Projects run one after another by `groupOrder`; `maxWorkers` files of those with the same run side by side. */
function project(
  name: ProjectName,
  options: {
    readonly groupOrder: number;
    readonly maxWorkers: number;
    readonly isolate: boolean;
    readonly globalSetup?: string;
  },
): TestProjectInlineConfiguration {
  const { groupOrder, maxWorkers, isolate, globalSetup = [] } = options;
  return {
    test: {
      name,
      include: files[name],
      maxWorkers,
      isolate,
      globalSetup,
      sequence: { groupOrder },
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  };
}

export default defineConfig({
  test: {
    globalSetup: ["test/parts/temporary-root.ts"],
    sequence: { sequencer: LongestFirst },
    projects: [
      // What only computes leaves nothing for the next file, so that each module is loaded once.
      project("pure", { groupOrder: 1, maxWorkers: 2, isolate: false }),
      // They wait for processes more than they compute.
      project("edges", { groupOrder: 2, maxWorkers: 6, isolate: false }),
      project("database", {
        groupOrder: 2,
        maxWorkers: 6,
        isolate: true,
        globalSetup: "test/parts/postgres.ts",
      }),
      project("containers", {
        groupOrder: 2,
        maxWorkers: 6,
        isolate: true,
        globalSetup: "test/parts/engine.ts",
      }),
      project("alone", { groupOrder: 3, maxWorkers: 1, isolate: true }),
    ],
  },
});
