import type { Block, ValidityFailure } from "../../model/block.js";
import { BUSY_LIMIT, LATENESS_LIMIT_US } from "../../load/samples/validity-checks.js";
import { median } from "../../stats/quantile.js";
import {
  formatDuration,
  formatLimitPercent,
  formatNumber,
  formatPercent,
} from "../../text/format-quantity.js";
import type { MethodologyItem } from "./methodology-item.js";
import { countedBlocks } from "./paired-series.js";
import type { Result } from "../../model/result.js";
import { quoted } from "../../text/escape.js";
import { blocksOf } from "../../verdict/measured-blocks.js";

/** Blocks that were not trusted, and doubts. */
export function untrustedBlocks(result: Result): MethodologyItem[] {
  return [
    ...worst("Blocks measured again", result.blocks, (block) => block.distrust),
    // Warnings of a block that is not counted tell nothing of the figures.
    ...worst("Validity warnings", countedBlocks(result), (block) => block.doubts),
  ];
}

function worst(
  label: string,
  measured: readonly Block[],
  of: (block: Block) => readonly ValidityFailure[],
): MethodologyItem[] {
  const blocks = measured.filter((block) => of(block).length > 0);
  if (blocks.length === 0) return [];
  const shown = blocks
    .slice(0, 5)
    .map((block) => `block ${block.index}: ${of(block).slice(0, 5).map(describeValidityFailure).join(", ")}`);
  const rest = blocks.length > 5 ? `; and ${blocks.length - 5} more blocks` : "";
  return [{ label, text: `${shown.join("; ")}${rest}` }];
}

/** Why a block cannot be believed, in words. */
export function describeValidityFailure(failure: ValidityFailure): string {
  switch (failure.kind) {
    case "generator-busy":
      return `the load generator was busy ${formatPercent(failure.busyShare)} of its core`;
    case "dispatch-late":
      return `the generator sent requests late (p99 ${formatDuration(failure.latenessP99Us)})`;
    case "generator-starved":
      return `the load generator did not get its processor (half of the requests left ${formatDuration(failure.latenessP50Us)} late or later)`;
    case "queued-while-idle":
      return `${failure.requests} requests queued while a connection was idle`;
    case "unaccounted":
      return `${failure.arm}: ${failure.sent} requests sent, ${failure.accounted} accounted for`;
    case "rate-missed":
      return `${failure.arm}: ${formatNumber(failure.achieved)} requests/s instead of ${formatNumber(failure.wanted)}`;
    case "foreign-listener":
      return `${failure.arm}: another process responded on its port (${failure.reason})`;
    case "arm-gone":
      return `${failure.arm} was not there until the end of the block (${failure.reason.replace(/\.$/, "")})`;
    case "generator-gone":
      return `the load generator ${failure.reason}`;
  }
}

/** How the load generator kept its own limits. */
export function generatorHealth(result: Result): MethodologyItem | null {
  const counted = countedBlocks(result);
  if (counted.length === 0) return null;
  const busy = Math.max(...counted.map((block) => block.generator.busyShare));
  const late = Math.max(...counted.map((block) => block.generator.latenessP99Us));
  const [busyLimit, lateLimit] = [formatLimitPercent(BUSY_LIMIT), formatDuration(LATENESS_LIMIT_US)];
  return {
    label: "Load generator",
    text:
      `at most ${formatPercent(busy)} of its core busy (limit ${busyLimit}), ` +
      `requests at most ${formatDuration(late)} late at p99 (limit ${lateLimit})`,
  };
}

/** What the machine did beside the run. */
export function machineNoise(result: Result): MethodologyItem | null {
  const counted = countedBlocks(result);
  const steal = counted.map((block) => block.machine.stealShare).filter((share) => share !== null);
  const pressure = counted.map((block) => block.machine.cpuPressureShare).filter((share) => share !== null);
  const otherWork = counted.flatMap((block) => block.machine.otherWorkShare ?? []);
  const parts = [
    steal.length === 0
      ? ""
      : `CPU time stolen by the hypervisor: median ${formatPercent(median(steal))}, at most ${formatPercent(Math.max(...steal))}`,
    pressure.length === 0
      ? ""
      : `some task waiting for CPU: median ${formatPercent(median(pressure))}, at most ${formatPercent(Math.max(...pressure))} of the time`,
    otherWork.length === 0
      ? ""
      : `processors taken by other work while no arm ran: median ${formatPercent(median(otherWork))}, at most ${formatPercent(Math.max(...otherWork))}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : { label: "Machine noise", text: parts.join("; ") };
}

/** How many names a line has room for. */
const MAXIMUM_NAMES = 5;

/** Scenarios that were settled at a look, and not measured after it. */
export function settledEarly(result: Result): MethodologyItem | null {
  const counted = countedBlocks(result);
  const ends = result.plan.scenarios.map(({ name }) => ({ name, blocks: blocksOf(counted, name) }));
  const early = ends.filter(({ blocks }) => blocks < counted.length);
  if (early.length === 0) return null;
  const looks = [...new Set(early.map(({ blocks }) => blocks))].sort((a, b) => a - b);
  const parts = looks.map((look) => {
    const names = early.filter(({ blocks }) => blocks === look).map(({ name }) => quoted(name));
    const rest = names.length - MAXIMUM_NAMES;
    return `${names.slice(0, MAXIMUM_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""} after ${look} blocks`;
  });
  return { label: "Settled early", text: `not measured any more: ${parts.join("; ")}` };
}
