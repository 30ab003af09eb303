import {
  MOST_NAMED_FUNCTIONS,
  type CpuChange,
  type Explanation,
  type NamedFunction,
} from "../model/explanation.js";
import type { ProfiledFunction } from "../model/profile.js";
import { quoted, shortened, visible } from "../text/escape.js";
import { formatNumber } from "../text/format-quantity.js";

const LONGEST_NAME = 80;
const LONGEST_FILE = 120;

/** What an explanation says, all but its sentence. */
export type Findings = Omit<Explanation, "sentence">;

/**
 * The answer of an explanation in one or two sentences. Names stand in code spans, shortened.
 *
 * @param failure - what failed, if the diagnosis did
 */
export function answerInWords(findings: Findings, failure: string | null = null): string {
  const { finding, named, serviceCpu, latency, smallestNameableUs } = findings;
  switch (finding) {
    case "functions": {
      const more = Math.min(named.length, MOST_NAMED_FUNCTIONS) - 1;
      const waits = waitsBeyondThat(findings);
      return `${functionInWords(named[0]!, serviceCpu)}${more > 0 ? `, and ${more} more` : ""}.${waits === null ? "" : ` ${waits}`}`;
    }
    case "waiting":
      return (
        `The service does the same work: CPU changed by ${timeChange(serviceCpu!)} a request, ` +
        (isWaiting(findings)
          ? `latency by ${timeChange(latency!)}. So the time is spent waiting: `
          : `its p99 by ${timeChange(findings.p99!)}. So some requests wait: `) +
        "for a database, a lock, a pool or the network."
      );
    case "costlier-calls":
      return (
        `Functions are called as often as before, and calls cost more: ${timeChange(serviceCpu!)} CPU a request, ` +
        "with no function that stands out enough to explain it."
      );
    case "nothing":
      return `No function can be named.${
        smallestNameableUs === null
          ? ""
          : ` A change of ${micros(smallestNameableUs)} CPU a request in one function would most likely have been.`
      }${serviceCpu === null ? "" : ` The service's CPU changed by ${timeChange(serviceCpu)} a request.`}`;
    case "no-instrument":
      return "Nothing here can look into the service while it runs.";
    case "failed":
      return `The diagnosis failed: ${failure ?? "the log of the measuring run says why"}.`;
  }
}

/** Said beside functions where they are not all of it; `null` where nothing shows that the service waits. */
export function waitsBeyondThat({
  serviceCpu,
  latency,
}: Pick<Explanation, "serviceCpu" | "latency">): string | null {
  if (!isWaiting({ serviceCpu, latency }) || serviceCpu === null || latency === null) return null;
  return `Beyond that the service waits: latency changed by ${timeChange(latency)}, its CPU by ${timeChange(serviceCpu)}.`;
}

/** A row: "`server.js:41` `serialize`: +43 us [36, 50] CPU a request, of +47 us". */
export function functionInWords(one: NamedFunction, serviceCpu: CpuChange | null): string {
  return `${functionName(one)}: ${changeInWords(one, serviceCpu)}`;
}

/** What changed of a function, without its name. */
function changeInWords(one: NamedFunction, serviceCpu: CpuChange | null): string {
  const { kind, from, calls, cpu, cpuWithCalls, within, alike } = one;
  const callsChanged = calls !== null && callsDiffer(calls);
  const isWithCalls = callsChanged || (calls === null && isMostlyBelow(cpu, cpuWithCalls));
  // Calls are exact: beside them, CPU that may as well not have changed says nothing.
  const shown = isWithCalls ? clear(cpuWithCalls) : cpu;
  return [
    ...(kind === "new" || kind === "gone" ? [kind] : []),
    ...(kind === "moved" && from !== null ? [`was ${functionName(from)}`] : []),
    ...(callsChanged ? [`${callCount(calls)} calls a request`] : []),
    ...(shown === null
      ? []
      : [
          `${timeChange(shown)} CPU a request${isWithCalls ? " with what it calls" : ""}` +
            (serviceCpu === null || serviceCpu.changeUs * shown.changeUs <= 0
              ? ""
              : `, of ${signedMicros(serviceCpu.changeUs)}`),
        ]),
    ...(within === null
      ? []
      : [
          `most of it in ${quoted(clean(within.name, LONGEST_NAME))}` +
            (within.calls !== null && callsDiffer(within.calls) ? ` (${callCount(within.calls)} calls)` : ""),
        ]),
    ...(alike === 0
      ? []
      : [`${alike} more ${alike === 1 ? "function follows" : "functions follow"} from it`]),
  ].join("; ");
}

/** File, line and name of a function, in code spans. */
export function functionName({ name, file, line, origin }: ProfiledFunction): string {
  const own = name === "" ? "an anonymous function" : quoted(clean(name, LONGEST_NAME));
  if (file === null) return origin === "runtime" ? `${own} of the runtime` : own;
  const path = clean(file, LONGEST_FILE);
  return `${quoted(origin === "repository" && line !== null ? `${path}:${line}` : path)} ${own}`;
}

/** Whether the service waits: its CPU cannot have grown by what the latency would need. */
export function isWaiting({ serviceCpu, latency }: Pick<Explanation, "serviceCpu" | "latency">): boolean {
  return (
    serviceCpu !== null &&
    latency !== null &&
    latency.lowUs > 0 &&
    serviceCpu.highUs < latency.lowUs / MOST_AMPLIFIED &&
    serviceCpu.highUs < MOST_MORE_CPU * serviceCpu.baselineUs
  );
}

/**
 * Whether only the slowest requests wait. Their latency moves with garbage collections and other work of the machine, so
 * it has to have grown by half.
 */
export function isWaitingAtTail({ serviceCpu, p99 }: Pick<Explanation, "serviceCpu" | "p99">): boolean {
  return (
    serviceCpu !== null &&
    p99 !== null &&
    p99.lowUs > LEAST_GROWTH_OF_TAIL * p99.baselineUs &&
    serviceCpu.highUs < p99.lowUs / MOST_AMPLIFIED_AT_TAIL &&
    serviceCpu.highUs < MOST_MORE_CPU * serviceCpu.baselineUs
  );
}

const LEAST_GROWTH_OF_TAIL = 0.5;
/** The time in a queue is about exponential, whose p99 is ln(100) = 4.6 times its mean: 1 + 4.6 (4 - 1). */
const MOST_AMPLIFIED_AT_TAIL = 15;

/**
 * By how much latency may grow for each microsecond of CPU, at most. A service with one thread and a steady time s of a
 * request, at a share u of its capacity, has a mean latency of s + u s / (2 (1 - u)) (Pollaczek and Khinchine), whose
 * derivative by s is 1 + u / (1 - u) + u^2 / (2 (1 - u)^2): 1.6 at a third of the capacity, where `rate: auto` is, 2.5 at half
 * and 4 at 0.62.
 */
const MOST_AMPLIFIED = 4;

/**
 * Share of its CPU by which a service at half of its capacity may grow without coming near the whole, where requests
 * queue without end and latency tells of nothing else.
 */
const MOST_MORE_CPU = 0.5;

/** "+43 us [36, 50]". */
export function timeChange({ changeUs, lowUs, highUs }: CpuChange): string {
  const [unit, per] = unitOf(Math.max(Math.abs(changeUs), Math.abs(lowUs), Math.abs(highUs)));
  const number = (us: number): string => formatNumber(us / per);
  const sign = changeUs > 0 ? "+" : "";
  return `${sign}${number(changeUs)} ${unit} [${number(lowUs)}, ${number(highUs)}]`;
}

/** Whether most of a change lies in what a function calls, and not in itself. */
export function isMostlyBelow(own: CpuChange | null, withCalls: CpuChange | null): boolean {
  return clear(withCalls) !== null && Math.abs(withCalls!.changeUs) > 2 * Math.abs(clear(own)?.changeUs ?? 0);
}

function clear(change: CpuChange | null): CpuChange | null {
  return change !== null && (change.lowUs > 0 || change.highUs < 0) ? change : null;
}

function signedMicros(us: number): string {
  return `${us > 0 ? "+" : ""}${micros(us)}`;
}

function micros(us: number): string {
  const [unit, per] = unitOf(Math.abs(us));
  return `${formatNumber(us / per)} ${unit}`;
}

function unitOf(largestUs: number): readonly [unit: string, microseconds: number] {
  return largestUs < 999.5 ? ["us", 1] : ["ms", 1_000];
}

function callCount({ baseline, candidate }: NonNullable<NamedFunction["calls"]>): string {
  return `${formatNumber(baseline)} -> ${formatNumber(candidate)}`;
}

export function callsDiffer({ baseline, candidate }: NonNullable<NamedFunction["calls"]>): boolean {
  return formatNumber(baseline) !== formatNumber(candidate);
}

function clean(text: string, length: number): string {
  return shortened(visible(text), length);
}
