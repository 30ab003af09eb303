import { createHash } from "node:crypto";

/** With the key of a suite this still fits where GitHub shows it. */
const LONGEST = 40;

/** What the entry of a matrix is called that numbers its shards. */
const SHARD_ENTRY = "shard";

/**
 * Names the leg of a job matrix that this job is, such as `node-22.os-ubuntu-24.04`, in the characters of a comment key.
 *
 * @param matrix the job's `matrix` as JSON; `null` and nothing stand for a job without one
 * @param divided whether the job is a shard: its matrix then has an entry `shard`, which names no leg of its own
 * @returns `null` where there is no matrix, or what stands there is none
 */
export function matrixLeg(matrix: string, divided = false): string | null {
  const legs = entriesOf(matrix).filter(([name]) => !divided || name !== SHARD_ENTRY);
  if (legs.length === 0) return null;
  const whole = legs
    .map(([name, value]) => `${name}-${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(".");
  const plain = whole.replace(/[^A-Za-z0-9._-]+/g, "-");
  if (plain === whole && whole.length <= LONGEST) return whole;
  // Legs that differ only in what was cut or replaced need names of their own.
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, 6);
  return `${plain.slice(0, LONGEST - 7)}-${hash}`;
}

function entriesOf(matrix: string): [string, unknown][] {
  try {
    const parsed: unknown = JSON.parse(matrix);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return [];
    return Object.entries(parsed).sort(([a], [b]) => (a < b ? -1 : 1));
  } catch {
    return [];
  }
}
