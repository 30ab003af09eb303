import { shortened, visible } from "../../text/escape.js";

const LONGEST_NAME = 80;

/** A short name for a report: letters, digits and what names hold; anything else becomes "?". */
export function nameForReport(text: string): string {
  return shortened(visible(text).replace(/[^\p{L}\p{N} ()@._,:/+-]/gu, "?"), LONGEST_NAME);
}

/** Short names, one of its own for each; a second one that would read the same gets a number. */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const short = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const first = nameForReport(name);
    let own = first;
    for (let next = 2; taken.has(own); next++) own = `${first} (${next})`;
    taken.add(own);
    short.set(name, own);
  }
  return short;
}

/** What words of a processor's name are, beside numbers: whatever else stands there was not written by its maker. */
const MAKERS =
  /^(AMD|AmpereOne|Ampere|Altra|Apple|ARM|Arm|Atom|CPU|Celeron|Core|Core\(TM\)|Cortex|EPYC|Gold|Graviton|Intel|Intel\(R\)|Max|Neoverse|Opteron|Pentium|Platinum|Pro|Processor|QEMU|Ryzen|Silver|Threadripper|Ultra|Virtual|Xeon|Xeon\(R\)|@)$/;
const MODEL = /^[A-Za-z]{0,6}\d[A-Za-z0-9.-]{0,11}$/;

/** Name of a processor, or as much of it as names of processors are made of. */
export function processorName(text: string): string {
  const words = visible(text.slice(0, 200))
    .split(" ")
    .filter((word) => MAKERS.test(word) || MODEL.test(word));
  return words.slice(0, 8).join(" ") || "not told";
}

/** The text if it is of this kind, else "not told". */
export function ofKind(text: string, kind: RegExp): string {
  return kind.test(text) ? text : "not told";
}
