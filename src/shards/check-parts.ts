import { TailgateError } from "../error.js";
import type { ShardDocument } from "../model/shard.js";
import { shortened, visible } from "../text/escape.js";
import { shardName } from "./shard-name.js";

/** A part of a run, and the file that it was read from. */
export interface ReadPart {
  readonly file: string;
  readonly document: ShardDocument;
}

/** What parts of one run agree in, and what to do where they do not. */
const AGREED: readonly {
  readonly what: string;
  readonly of: (document: ShardDocument) => string;
  readonly hint: string;
}[] = [
  {
    what: "version of Tailgate",
    of: ({ environment }) => environment.tailgate,
    hint: "Let all jobs use the same version of Tailgate, and measure again.",
  },
  {
    what: "division",
    of: ({ of, by }) => `${of} shards by ${by}`,
    hint: "Give all jobs of a run the same number of shards and the same `shard-by`.",
  },
  {
    what: "pair of commits",
    of: ({ arms }) =>
      arms.map(({ name, revision }) => `${name} ${revision?.sha ?? "as it lies there"}`).join(", "),
    hint: "Start all jobs from the same event: a branch may have moved on between them. Measure all shards again.",
  },
  {
    what: "seed",
    of: ({ seed }) => String(seed),
    hint: "Leave the seed to the configuration file, or give all jobs the same.",
  },
  {
    what: "plan",
    of: ({ planHash }) => planHash.slice(0, 12),
    hint: "Give all jobs the same inputs, and let all shards read the file of one pilot.",
  },
];

/**
 * Whether a part belongs to the same run as another.
 *
 * @throws TailgateError "artifact" with both values where it does not
 */
export function requireSameRun(part: ReadPart, other: ReadPart): void {
  for (const { what, of, hint } of AGREED) {
    const [own, wanted] = [of(part.document), of(other.document)];
    if (own === wanted) continue;
    throw new TailgateError(
      "artifact",
      `${named(part)} and ${named(other)} are not of one run, their ${what} differs: ${shown(own)}, and ${shown(wanted)}.`,
      hint,
    );
  }
}

/**
 * The shards of one run, in their order.
 *
 * @throws TailgateError "artifact" where there is none, one is there twice or out of range, or two are not of one run
 */
export function checkedShards(parts: readonly ReadPart[]): readonly ShardDocument[] {
  const shards = parts.filter(({ document }) => document.part !== "pilot");
  const first = shards[0];
  if (first === undefined) {
    throw new TailgateError(
      "artifact",
      "There is no shard to merge.",
      "Look at the jobs that measure: none of them has stored its file. Their artifacts are to be downloaded into the folder that is merged.",
    );
  }
  for (const part of parts) requireSameRun(part, first);
  const seen = new Map<number, ReadPart>();
  for (const part of shards) {
    const index = part.document.part as number;
    requireInRange(part, index);
    const before = seen.get(index);
    if (before !== undefined) {
      throw new TailgateError(
        "artifact",
        `${shardName(part.document)} is there twice: ${shown(before.file)} and ${shown(part.file)}.`,
        "Let each job of the matrix measure a shard of its own, and remove files of an earlier run.",
      );
    }
    seen.set(index, part);
  }
  return [...seen].sort(([a], [b]) => a - b).map(([, { document }]) => document);
}

function requireInRange(part: ReadPart, index: number): void {
  const { of, blocks } = part.document;
  if (index > of) {
    throw new TailgateError(
      "artifact",
      `${named(part)} is out of range: there are ${of} shards.`,
      "Number the shards of the matrix from 1 to their count.",
    );
  }
  if (blocks.every(({ shard }) => shard === index)) return;
  throw new TailgateError(
    "artifact",
    `${named(part)} holds blocks of another shard.`,
    "Use the file as the shard wrote it.",
  );
}

function named({ file, document }: ReadPart): string {
  return `${shardName(document)} (${shown(file)})`;
}

function shown(text: string): string {
  return shortened(visible(text), 200);
}
