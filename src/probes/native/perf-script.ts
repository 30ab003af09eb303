/** Code that a sampled thread was in, or was to return to. */
export interface PerfFrame {
  /** The object file as the kernel mapped it; not a path where there is none: "[vdso]". */
  readonly object: string;
  /** Where the code stands, in bytes from the start of `object`; of the kernel's, an address. */
  readonly offset: number;
  /** Of the symbol table, demangled; `null`: there is none for this code. */
  readonly symbol: string | null;
  /** Bytes from the start of `symbol`. */
  readonly intoSymbol: number;
}

export interface PerfStack {
  /** Innermost first. */
  readonly frames: readonly PerfFrame[];
  readonly cpuUs: number;
}

/** Fields that `perf script` is asked for, so that its lines have one form in all its versions. */
export const PERF_SCRIPT_FIELDS = "period,ip,sym,symoff,dso";

/** The event's period is told in nanoseconds of the thread's CPU clock. */
const NS_PER_US = 1000;

/**
 * Reads the text of `perf script`: a sample is a line with its period, a line for each frame, and an empty one. Samples with
 * the same frames are added up. What does not look like this is left out.
 */
export function parsePerfScript(text: string): PerfStack[] {
  const found = new Map<string, number>();
  for (const sample of text.split(/\n[ \t]*\n/)) {
    const [, period, frames] = /^\s*(\d+)[ \t:]*\n([^]+)$/.exec(sample) ?? [];
    if (period === undefined || frames === undefined) continue;
    const key = frames.trimEnd();
    found.set(key, (found.get(key) ?? 0) + Number(period) / NS_PER_US);
  }
  return [...found].map(([frames, cpuUs]) => ({ frames: frames.split("\n").flatMap(parsedFrame), cpuUs }));
}

/** "  1987e3 serde_json::ser::to_string+0x73 (/app/server)"; a name may itself hold blanks and parentheses. */
const NAMED_FRAME = /^\s+([0-9a-f]{1,16}) (.+)\+0x([0-9a-f]{1,16}) \((.+)\)$/;
const NAMELESS_FRAME = /^\s+([0-9a-f]{1,16}) \[unknown\] \((.+)\)$/;

function parsedFrame(line: string): PerfFrame[] {
  const named = NAMED_FRAME.exec(line);
  if (named !== null) {
    const [, offset = "", symbol = "", into = "", object = ""] = named;
    return [{ object, offset: parseInt(offset, 16), symbol, intoSymbol: parseInt(into, 16) }];
  }
  const [, offset, object] = NAMELESS_FRAME.exec(line) ?? [];
  if (offset === undefined || object === undefined || object === "[unknown]") return [];
  return [{ object, offset: parseInt(offset, 16), symbol: null, intoSymbol: 0 }];
}

/** Whether code is the kernel's, which stands in the upper half of the addresses (x86-64 and arm64 alike). */
export function isKernel({ object, offset }: Pick<PerfFrame, "object" | "offset">): boolean {
  return !object.startsWith("/") && offset >= 2 ** 63;
}
