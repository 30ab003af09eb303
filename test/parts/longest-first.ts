import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole runs of the command take longest by far: begun last, one of them would run on when all else is done. */
const LONG = /\/test\/e2e\//;

/** Files that take long are begun first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = (file: TestSpecification): number => (LONG.test(file.moduleId) ? 0 : 1);
    return sorted.toSorted((one, other) => isLong(one) - isLong(other));
  }
}
