import { z } from "zod";
import { TailgateError } from "../error.js";
import { commentWhen, explainWhen, type CommentWhen, type ExplainWhen } from "../model/plan.js";
import { budget, seed } from "./file/experiment.js";
import { wording } from "./file/explain-issues.js";
import { path, shortName } from "./file/values.js";
import { shardBy, type ShardPart } from "../model/shard.js";
import { shardText } from "./shard.js";

/** Settings from action inputs or flags, as strings; `undefined`: not given. They outrank the file. */
export interface RawInputs {
  readonly config?: string | undefined;
  readonly build?: string | undefined;
  readonly start?: string | undefined;
  readonly path?: string | undefined;
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly scenario?: string | undefined;
  readonly budget?: string | undefined;
  readonly seed?: string | undefined;
  readonly failOn?: string | undefined;
  readonly explain?: string | undefined;
  readonly comment?: string | undefined;
  readonly commentKey?: string | undefined;
  readonly shard?: string | undefined;
  readonly shardBy?: string | undefined;
  /** Name of the leg of a job matrix, in the characters of a comment key. */
  readonly leg?: string | null;
  readonly workingDirectory?: string | undefined;
}

/** The same, checked. */
export interface Inputs {
  readonly config: string | null;
  readonly build: string | null;
  readonly start: string | null;
  readonly path: string | null;
  readonly base: string | null;
  readonly head: string | null;
  /** The one scenario to measure; `null`: all. */
  readonly scenario: string | null;
  readonly budgetMs: number | null;
  readonly seed: number | null;
  readonly failOn: FailOn;
  readonly explain: ExplainWhen | null;
  readonly comment: CommentWhen | null;
  readonly commentKey: string | null;
  /** The part of a divided run that this is; `null`: the whole of it. */
  readonly shard: ShardPart | null;
  /** Tells the jobs of a matrix apart where no comment key does; `null` outside of one. */
  readonly leg: string | null;
  readonly workingDirectory: string | null;
}

const failOn = z.enum(["regression", "inconclusive", "never"]);
export type FailOn = z.output<typeof failOn>;

/** A number from text. */
const seedText = z
  .string()
  .regex(/^[0-9]{1,10}$/, "must be a whole number from 0 to 4294967295")
  .transform(Number)
  .pipe(seed);

/**
 * Checks inputs once, at the edge, by the schemas of the same keys in the file.
 *
 * @param names how the user wrote them: `input` for the action ("input `budget`"), `flag` for the command ("`--budget`")
 * @throws TailgateError "config"
 */
export function checkInputs(raw: RawInputs, names: "input" | "flag"): Inputs {
  const checked = <T>(
    key: string,
    text: string | undefined,
    schema: z.ZodType<T>,
    hint: string,
  ): T | null => {
    const value = given(text);
    if (value === null) return null;
    const parsed = schema.safeParse(value, { error: wording });
    if (parsed.success) return parsed.data;
    const name = names === "input" ? `input \`${key}\`` : `\`--${key}\``;
    const shown = value.length > 80 ? `${value.slice(0, 80)}...` : value;
    throw new TailgateError(
      "config",
      `${name} is \`${shown}\`: it ${parsed.error.issues[0]!.message}.`,
      hint,
    );
  };
  const shard = checked("shard", raw.shard, shardText, "Write `3/8` for the third of eight, or `pilot/8`.");
  const by = checked("shard-by", raw.shardBy, shardBy, "`blocks` is the default.");
  return {
    config: given(raw.config),
    build: given(raw.build),
    start: given(raw.start),
    path: checked("path", raw.path, path, "Write a path such as `/users?limit=10`, without host."),
    base: given(raw.base),
    head: given(raw.head),
    scenario: given(raw.scenario),
    budgetMs: checked("budget", raw.budget, budget, "Five minutes, `5m`, is the default."),
    seed: checked("seed", raw.seed, seedText, "Any number will do, such as 1."),
    failOn: checked("fail-on", raw.failOn, failOn, "`regression` is the default.") ?? "regression",
    explain: checked("explain", raw.explain, explainWhen, "`on-regression` is the default."),
    comment: checked("comment", raw.comment, commentWhen, "`always` is the default."),
    commentKey: checked("comment-key", raw.commentKey, shortName, "Name it after the service, like `api`."),
    shard: shard === null ? null : { ...shard, by: by ?? "blocks" },
    leg: raw.leg ?? null,
    workingDirectory: given(raw.workingDirectory),
  };
}

function given(text: string | undefined): string | null {
  return text === undefined || text.trim() === "" ? null : text;
}
