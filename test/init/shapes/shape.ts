import type { Files } from "../repositories.js";

/** A kind of repository as it is often met, remade as small as it tells it, and what is right for it. */
export interface Shape {
  /** In words, as a row of the table. */
  readonly name: string;
  /** Folder that init is called in; the root where left out. */
  readonly folder?: string;
  readonly files: Files;
  readonly build: string | null;
  readonly start: string;
  /** `told`, the variable, or the number of a port that it insists on. */
  readonly port: string | number;
  /** Paths to measure, in their order. */
  readonly paths: readonly string[];
  /** When it is ready, where that matters here. */
  readonly ready?: string;
  readonly setup?: string;
  readonly setupOnce?: string;
  readonly envFile?: string;
  /** Folder that is looked at instead, where the one that init is called in starts nothing. */
  readonly below?: string;
  /** Images that the workflow starts, and what variables lead to. */
  readonly images?: readonly string[];
  readonly addresses?: Readonly<Record<string, string>>;
}

export const json = (value: unknown): string => JSON.stringify(value, null, 2);
