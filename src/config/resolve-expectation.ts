import { LARGEST } from "../bounded-values.js";
import type { Expectation } from "../model/scenario-plan.js";
import type { ScenarioSection } from "./file/file.js";

export function resolveExpectation(section: ScenarioSection["expect"]): Expectation {
  return {
    status: section?.status ?? [],
    contains: section?.contains ?? null,
    bytes: section?.bytes ? { min: section.bytes.min ?? 0, max: section.bytes.max ?? LARGEST } : null,
  };
}
