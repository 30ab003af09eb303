import {
  formatDuration,
  formatLimitPercent,
  formatBytes,
  formatNumber,
  formatPercent,
} from "../../text/format-quantity.js";
import { blockNoise, countedBlocks, pairedSeries } from "./paired-series.js";
import { deploymentItems, describeDeploymentBlocks } from "./deployments.js";
import { failuresByArm } from "./failures-by-arm.js";
import type { MethodologyItem } from "./methodology-item.js";
import { machineNoise, generatorHealth, settledEarly, untrustedBlocks } from "./methodology-of-blocks.js";
import type { LoadPlan } from "../../model/scenario-plan.js";
import type { FixedLoad } from "../../model/schedule.js";
import type { ServicePlan } from "../../model/service-plan.js";
import type { Result } from "../../model/result.js";
import { formatChangeSize } from "../../metrics/format-change.js";
import { METRICS, descriptorOf } from "../../metrics/metrics.js";
import { runnersMethod } from "./runners.js";
import { median } from "../../stats/quantile.js";

const ms = (value: number): string => formatDuration(value * 1000);

/** How the run was measured, line by line. Lines without anything to say are left out. */
export function methodology(result: Result): MethodologyItem[] {
  const lines: (MethodologyItem | null)[] = [
    { label: "Machine", text: machine(result) },
    ...runnersMethod(result),
    { label: "Placement", text: result.environment.placement },
    ...loads(result),
    ...deploymentItems(result),
    listening(result),
    { label: "Order", text: order(result) },
    { label: "Blocks", text: blocks(result) },
    settledEarly(result),
    ...untrustedBlocks(result),
    noise(result),
    detectable(result),
    { label: "Test", text: test(result) },
    failuresByArm(result),
    generatorHealth(result),
    machineNoise(result),
    ...commits(result),
    builds(result),
    ...result.arms
      .filter((arm) => arm.usageUnavailable !== null)
      .map((arm) => ({
        label: `CPU and memory of ${arm.name}`,
        text: `not available: ${arm.usageUnavailable!}`,
      })),
    { label: "Run", text: `started ${result.startedAt}, took ${ms(result.durationMs)}, seed ${result.seed}` },
  ];
  return lines.filter((line) => line !== null && line.text.trim() !== "") as MethodologyItem[];
}

function machine({ environment }: Result): string {
  const parts = [
    `${environment.cores} ${environment.cores === 1 ? "core" : "cores"} of ${environment.cpuModel}`,
    `${formatBytes(environment.memoryBytes)} memory`,
    environment.system,
    environment.runner ?? "",
    `Node.js ${environment.node.replace(/^v/u, "")}`,
    `Tailgate ${environment.tailgate}`,
    environment.attempt > 1 ? `attempt ${environment.attempt} of this workflow run` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** A report stays readable with many scenarios; the rest is in result.json. */
const MAXIMUM_LOADS = 12;

/** ": list users 70, create user 30" */
function mixed(mix: Readonly<Record<string, number>> | undefined): string {
  if (mix === undefined) return "";
  return `: ${Object.entries(mix)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(", ")}`;
}

function over(protocol: LoadPlan["protocol"]): string {
  switch (protocol) {
    case undefined:
    case "http1":
      return "";
    case "http2":
      return ", over HTTP/2";
    case "grpc":
      return ", calls of gRPC";
  }
}

/** Services that are not reached over plain TCP. */
function listening(result: Result): MethodologyItem {
  const named = (are: (service: ServicePlan) => boolean): string =>
    result.plan.arms
      .filter(({ service }) => service.deployment === undefined && are(service))
      .map(({ name }) => name)
      .join(", ");
  const [secured, onSockets] = [named(({ tls }) => tls === true), named(({ socket }) => socket === true)];
  const parts = [
    secured === "" ? "" : `${secured} over TLS, with any certificate`,
    onSockets === "" ? "" : `${onSockets} on a socket file`,
  ];
  return { label: "Reached", text: parts.filter((part) => part !== "").join("; ") };
}

function loads(result: Result): MethodologyItem[] {
  const all = result.schedule?.loads ?? [];
  const lines = all.slice(0, MAXIMUM_LOADS).map((load) => {
    const scenario = result.plan.scenarios.find((one) => one.name === load.scenario);
    const connections =
      scenario === undefined
        ? ""
        : `, ${scenario.load.connections} connections${scenario.load.connection === "new" ? ", a new one for each request" : ""}${over(scenario.load.protocol)}`;
    return {
      label: `Load of ${load.scenario}`,
      text: `${formatNumber(load.ratePerSecond)} requests/s for every arm (${rateOrigin(load)})${connections}, ${formatNumber(load.requests)} requests per arm and block in bursts of ${ms(load.burstMs)}${mixed(scenario?.mix)}`,
    };
  });
  if (all.length > MAXIMUM_LOADS)
    lines.push({
      label: "Load of the others",
      text: `${all.length - MAXIMUM_LOADS} more scenarios, in result.json`,
    });
  return lines;
}

function rateOrigin({ rateFrom, capacityPerSecond }: FixedLoad): string {
  switch (rateFrom) {
    case "fixed":
      return "as the plan says";
    case "auto":
      return `from the capacity found before the first block${capacitiesFound(capacityPerSecond)}`;
    case "capped":
      return "the most that is allowed and was kept up with before the first block; capacity is not looked for elsewhere";
  }
}

function capacitiesFound(capacity: Readonly<Record<string, number | null>>): string {
  const known = Object.entries(capacity).filter((entry): entry is [string, number] => entry[1] !== null);
  if (known.length === 0) return "";
  return `: ${known.map(([arm, rate]) => `${arm} ${formatNumber(rate)}/s`).join(", ")}`;
}

function order(result: Result): string {
  if (result.schedule === null) return "";
  if (result.plan.deployments !== undefined) return describeDeploymentBlocks(result);
  return result.schedule.sideBySide
    ? "every block starts all arms afresh, side by side; they take turns burst by burst in random order, and each burst begins after the last response of the burst before, so at high load p99 is a little below that of an endless run"
    : "every block starts all arms afresh, one after the other in random order, because they cannot run side by side; this costs precision";
}

function blocks(result: Result): string {
  const { stopped, schedule } = result;
  if (schedule === null) return stopped.blocks === 0 ? "none" : `${stopped.blocks}`;
  const looks = schedule.looks.length === 0 ? "" : `, judged at ${schedule.looks.join(", ")}`;
  const why = stopped.why === "" ? "" : `; stopped after ${stopped.blocks}: ${stopped.why}`;
  return `${countedBlocks(result).length} of at most ${schedule.maximumBlocks}${looks}${why}`;
}

function noise(result: Result): MethodologyItem | null {
  const parts = METRICS.map(descriptorOf).flatMap(({ name, label, scale }) => {
    if (scale !== "log") return [];
    const spreads = result.cells
      .filter((cell) => cell.metric === name)
      .slice(0, 200)
      .map((cell) => blockNoise(pairedSeries(result, cell)))
      .filter((spread) => spread !== null);
    return spreads.length === 0 ? [] : [`${label} ${formatPercent(median(spreads))}`];
  });
  if (parts.length === 0) return null;
  return {
    label: "Noise",
    text: `standard deviation of the paired change between blocks: ${parts.join(", ")}`,
  };
}

function detectable(result: Result): MethodologyItem | null {
  const parts = METRICS.map(descriptorOf).flatMap((metric) => {
    const sizes = result.cells
      .filter((cell) => cell.metric === metric.name && cell.gated && cell.minimumDetectable !== null)
      .map((cell) => cell.minimumDetectable!);
    if (sizes.length === 0) return [];
    const least = formatChangeSize(metric, Math.min(...sizes));
    const most = formatChangeSize(metric, Math.max(...sizes));
    return [`${metric.label} ${least === most ? least : `${least} to ${most}`}`];
  });
  if (parts.length === 0) return null;
  return {
    label: "Smallest detectable change",
    text: `${parts.join(", ")} (a worsening of this size is found in 8 of 10 runs)`,
  };
}

function test(result: Result): string {
  if (result.cells.every((cell) => cell.change === null)) return "";
  const { alpha, strict } = result.plan.experiment;
  const null_ = strict ? "the limit itself" : "0.4 of the limit";
  return `each block gives one paired change; a joint sign flip over all gated rows and looks holds the chance of a false red, for true changes up to ${null_}, at ${formatLimitPercent(alpha)}; intervals are 95 %, each for its own row`;
}

function commits(result: Result): MethodologyItem[] {
  return result.arms.flatMap((arm) => {
    if (arm.revision === null) return [];
    const { sha, label, dirty } = arm.revision;
    const built = arm.buildMs === null ? "" : `, built in ${ms(arm.buildMs)}`;
    return [
      {
        label: `Commit of ${arm.name}`,
        text: `${sha}${label === "" || label === sha ? "" : ` (${label})`}${dirty ? " with uncommitted changes" : ""}${built}`,
      },
    ];
  });
}

/** Stacks have no commit beside which the time of their build would stand. */
function builds(result: Result): MethodologyItem | null {
  const built = result.arms.filter((arm) => arm.role === "stack" && arm.buildMs !== null);
  if (built.length === 0) return null;
  return { label: "Builds", text: built.map((arm) => `${arm.name} in ${ms(arm.buildMs!)}`).join(", ") };
}
