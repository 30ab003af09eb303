import { TailgateError } from "../error.js";
import { commentWhen, type CommentWhen } from "../model/plan.js";
import { parseDurationMs } from "./file/parse-quantity.js";

/** Settings from action inputs or flags, as strings; `undefined`: not given. They outrank the file. */
export interface RawInputs {
  readonly config?: string | undefined;
  readonly build?: string | undefined;
  readonly start?: string | undefined;
  readonly path?: string | undefined;
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly budget?: string | undefined;
  readonly seed?: string | undefined;
  readonly failOn?: string | undefined;
  readonly comment?: string | undefined;
  readonly commentKey?: string | undefined;
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
  readonly budgetMs: number | null;
  readonly seed: number | null;
  readonly failOn: FailOn;
  readonly comment: CommentWhen | null;
  readonly commentKey: string | null;
  readonly workingDirectory: string | null;
}

const FAIL_ON = ["regression", "inconclusive", "never"] as const;
export type FailOn = (typeof FAIL_ON)[number];

/**
 * Checks inputs once, at the edge.
 *
 * @param names how the user wrote them: `input` for the action ("input `budget`"), `flag` for the command ("`--budget`")
 * @throws TailgateError "config"
 */
export function checkInputs(raw: RawInputs, names: "input" | "flag"): Inputs {
  const name = (key: string): string => (names === "input" ? `input \`${key}\`` : `\`--${key}\``);
  return {
    config: given(raw.config),
    build: given(raw.build),
    start: given(raw.start),
    path: httpPath(raw.path, name("path")),
    base: given(raw.base),
    head: given(raw.head),
    budgetMs: budget(raw.budget, name("budget")),
    seed: seed(raw.seed, name("seed")),
    failOn: oneOf(raw.failOn, FAIL_ON, name("fail-on")) ?? "regression",
    comment: oneOf(raw.comment, commentWhen.options, name("comment")),
    commentKey: commentKey(raw.commentKey, name("comment-key")),
    workingDirectory: given(raw.workingDirectory),
  };
}

function given(text: string | undefined): string | null {
  return text === undefined || text.trim() === "" ? null : text;
}

function refuse(name: string, value: string, problem: string, hint: string): TailgateError {
  const shown = value.length > 80 ? `${value.slice(0, 80)}...` : value;
  return new TailgateError("config", `${name} is \`${shown}\`: ${problem}.`, hint);
}

function httpPath(text: string | undefined, name: string): string | null {
  const path = given(text);
  if (path === null) return null;
  if (!/^\/[!-~]*$/.test(path) || path.startsWith("//")) {
    throw refuse(
      name,
      path,
      "that is not a path of the service",
      "Write a path such as `/users?limit=10`, without host.",
    );
  }
  return path;
}

function budget(text: string | undefined, name: string): number | null {
  const value = given(text);
  if (value === null) return null;
  const parsed = parseDurationMs(value);
  if (!parsed.ok)
    throw refuse(name, value, `it ${parsed.problem}`, "Write measuring time like `5m` or `90s`.");
  if (parsed.value < 5000 || parsed.value > 21_600_000) {
    throw refuse(name, value, "it must be between 5 s and 6 h", "Five minutes, `5m`, is the default.");
  }
  return parsed.value;
}

function seed(text: string | undefined, name: string): number | null {
  const value = given(text);
  if (value === null) return null;
  const number = /^[0-9]{1,10}$/.test(value) ? Number(value) : NaN;
  if (!(number <= 4_294_967_295)) {
    throw refuse(
      name,
      value,
      "it must be a whole number from 0 to 4294967295",
      "Any number will do; 1 is the default.",
    );
  }
  return number;
}

function oneOf<T extends string>(text: string | undefined, known: readonly T[], name: string): T | null {
  const value = given(text);
  if (value === null) return null;
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw refuse(name, value, "that is not one of its values", `Use one of: ${known.join(", ")}.`);
  return found;
}

function commentKey(text: string | undefined, name: string): string | null {
  const key = given(text);
  if (key !== null && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(key)) {
    throw refuse(
      name,
      key,
      "it may hold letters, digits, `.`, `_` and `-`, at most 64",
      "Name it after the service, like `api`.",
    );
  }
  return key;
}
