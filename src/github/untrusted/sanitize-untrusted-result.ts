import type { Block } from "../../model/block.js";
import type { ArmMeasurement, ScenarioMeasurement } from "../../metrics/measurement.js";
import type { FixedLoad, Schedule } from "../../model/schedule.js";
import { plannedLooks } from "../../stats/alpha-spending.js";
import type { Plan } from "../../model/plan.js";
import type { Environment, Result } from "../../model/result.js";
import { trustedBlocks } from "../../verdict/observations-from-blocks.js";
import { ofKind, processorName } from "./short-text.js";

/** More blocks than any budget gives. */
const MOST_BLOCKS = 200;

/**
 * Blocks with numbers only, of the plan's own arms and scenarios. The sentences of a block are dropped; its tags
 * stay.
 */
export function sanitizedBlocks(result: Result, plan: Plan): Block[] {
  const arms = plan.arms.map((arm) => arm.name);
  const scenarios = plan.scenarios.map((scenario) => scenario.name);
  const known = (arm: string): string => (arms.includes(arm) ? arm : "an arm");
  return result.blocks.slice(0, MOST_BLOCKS).map((block) => ({
    ...block,
    startOrder: block.startOrder.filter((name) => arms.includes(name)),
    arms: Object.fromEntries(
      picked(block.arms, arms).map(([name, arm]) => [name, numbersOf(arm, scenarios)]),
    ),
    distrust: block.distrust.map((distrust) => {
      const named = "arm" in distrust ? { ...distrust, arm: known(distrust.arm) } : distrust;
      return "reason" in named ? { ...named, reason: "the measuring run's log says why" } : named;
    }),
    doubts: block.doubts.map((doubt) => ("arm" in doubt ? { ...doubt, arm: known(doubt.arm) } : doubt)),
  }));
}

function numbersOf(arm: ArmMeasurement, scenarios: readonly string[]): ArmMeasurement {
  return {
    ...arm,
    processors: arm.processors === null ? null : ofKind(arm.processors, /^[0-9,-]{1,40}$/),
    scenarios: Object.fromEntries(
      picked(arm.scenarios, scenarios).map(([name, observed]): [string, ScenarioMeasurement] => [
        name,
        withoutText(observed),
      ]),
    ),
  };
}

/** Reasons of failed requests hold text of head's service. */
function withoutText(observed: ScenarioMeasurement): ScenarioMeasurement {
  const statuses = Object.fromEntries(Object.entries(observed.statuses).filter(isStatus));
  return { ...observed, statuses, reasons: [] };
}

function isStatus([code]: [string, number]): boolean {
  return /^(0|[1-9][0-9]{0,2})$/.test(code);
}

function picked<T>(record: Readonly<Record<string, T>>, names: readonly string[]): [string, T][] {
  return names.flatMap((name) => (Object.hasOwn(record, name) ? [[name, record[name]!] as [string, T]] : []));
}

/** The schedule, with the error rate of the base branch's plan and the looks that follow from the number of blocks. */
export function sanitizedSchedule(result: Result, plan: Plan, blocks: readonly Block[]): Schedule | null {
  const claimed = result.schedule;
  if (claimed === null) return null;
  const arms = plan.arms.map((arm) => arm.name);
  const loads = plan.scenarios.flatMap((scenario): FixedLoad[] => {
    const load = claimed.loads.find((one) => one.scenario === scenario.name);
    if (load === undefined) return [];
    const capacity = Object.fromEntries(picked(load.capacityPerSecond, arms));
    return [{ ...load, arms: load.arms.filter((name) => arms.includes(name)), capacityPerSecond: capacity }];
  });
  const maximumBlocks = Math.max(blocks.length, Math.min(claimed.maximumBlocks, MOST_BLOCKS));
  // What several runners measured is judged once: all their blocks were fixed before.
  const looks = result.runners === undefined ? plannedLooks(maximumBlocks) : [trustedBlocks(blocks).length];
  return {
    ...claimed,
    loads,
    maximumBlocks,
    looks: looks.filter((look) => look > 0),
    alpha: plan.experiment.alpha,
    seed: plan.experiment.seed,
  };
}

/** The runners of a divided run: numbers, names of the plan's scenarios, and their machines. */
export function sanitizedRunners({ runners }: Result, plan: Plan): Pick<Result, "runners"> {
  if (runners === undefined) return {};
  const known = new Set(plan.scenarios.map(({ name }) => name));
  return {
    runners: runners.map((runner) => ({
      ...runner,
      why: runner.why === null ? null : "the measuring run's log says why",
      scenarios: runner.scenarios?.filter((name) => known.has(name)) ?? null,
      environment: runner.environment === null ? null : sanitizedEnvironment(runner.environment),
    })),
  };
}

/** The machine, as far as numbers and words of known kinds tell: there is no room for a sentence. */
export function sanitizedEnvironment(environment: Environment): Environment {
  const { cores, memoryBytes, attempt } = environment;
  return {
    tailgate: ofKind(environment.tailgate, /^\d{1,4}\.\d{1,4}\.\d{1,6}$/),
    node: ofKind(environment.node, /^v\d{1,3}\.\d{1,3}\.\d{1,4}$/),
    system: ofKind(
      environment.system,
      /^(Linux|Darwin) \d[\d.]{0,15}(-\d{1,5})?(-(azure|aws|gcp|generic|cloud|amd64|arm64))* (x64|arm64|riscv64|ppc64|s390x)$/,
    ),
    cpuModel: processorName(environment.cpuModel),
    placement: "the measuring run's log says where everything ran",
    runner:
      environment.runner === null
        ? null
        : ofKind(environment.runner, /^GitHub Actions(, (ubuntu|macos|windows|Linux|macOS)[\d.-]{0,8})?$/),
    cores,
    memoryBytes,
    attempt,
  };
}
