/** How a process ended; one of the two is `null`. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What may explain an end. */
export interface Circumstances {
  /** Highest resident set seen of all its processes; `null`: not read. */
  readonly peakResidentBytes: number | null;
  /** Processes that the kernel killed for want of memory since the start; `null`: not told. */
  readonly outOfMemoryKills: number | null;
  readonly diskIsFull: boolean;
}

/** The code by which a shell tells that its command was killed: 128 and the number of the signal. */
const KILLED_CODE = 128 + 9;

/** How a process ended, in words, and what may be the reason. */
export function describeExit({ code, signal }: Exit, circumstances: Circumstances): string {
  const disk = circumstances.diskIsFull ? "; the disk of its folder is full" : "";
  if (signal === "SIGKILL") return `was killed (signal SIGKILL)${describeMemory(circumstances)}${disk}`;
  if (signal !== null) return `was ended by ${signal}${disk}`;
  const exited = `exited with code ${code ?? 0}`;
  if (code === KILLED_CODE) return `${exited}, as after SIGKILL${describeMemory(circumstances)}${disk}`;
  return `${exited}${disk}`;
}

/** Nobody but the kernel, or somebody with the right to, sends SIGKILL. */
function describeMemory({ peakResidentBytes, outOfMemoryKills }: Circumstances): string {
  const peak =
    peakResidentBytes === null
      ? ""
      : `; the peak memory seen was ${(peakResidentBytes / 1024 / 1024).toFixed(0)} MiB`;
  if (outOfMemoryKills === 0) return peak;
  if (outOfMemoryKills === null) return `${peak}; out of memory?`;
  return `${peak}; the kernel was out of memory meanwhile: let it use less, or measure where there is more`;
}
