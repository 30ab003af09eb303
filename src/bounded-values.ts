import { z } from "zod";

/**
 * The building blocks of the result's schema. Everything is bounded, because a result may come from a pull
 * request of a stranger: no string, list or record is longer than a real run could need. Numbers have
 * bounds within which they can be computed with; unknown keys are dropped.
 */

/** Name of a scenario, arm, header or label. */
export const name = () => z.string().max(2_000);

/** A sentence for people, a path, a command. */
export const sentence = () => z.string().max(20_000);

/** Something long: a log's tail, a request's body. */
export const longText = () => z.string().max(1_100_000);

/** Beyond what anything here can be: thirty years in microseconds, a thousand terabytes. Sums of such stay finite. */
export const LARGEST = 1e15;

export const count = () => z.int().min(0).max(LARGEST);
export const atLeastOne = () => z.int().min(1).max(LARGEST);
export const amount = () => z.number().min(0).max(LARGEST);
export const positive = () => z.number().gt(0).max(LARGEST);
export const share = () => z.number().min(0).max(1);
export const signed = () => z.number().min(-LARGEST).max(LARGEST);
export const instant = () => z.iso.datetime();

/** At most 5,000 entries; a key called `__proto__` is dropped by zod. */
export const record = <T extends z.ZodType>(value: T) =>
  z
    .record(name(), value)
    .refine((entries) => Object.keys(entries).length <= 5_000, "has more than 5,000 entries");

/** A document that was read is never changed. */
export type DeepReadonly<T> = T extends readonly [unknown, ...unknown[]] | readonly unknown[]
  ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
