import { query } from "../../examples/database/query.mjs";
import type { Result } from "../../src/model/result.js";

/** A database with which no stack starts. */
export interface Refusal {
  readonly when: string;
  /** Takes the URL of a database that is as it should be, and gives that of one that is not. */
  readonly databaseUrl: (url: string) => string | Promise<string>;
  /** What the stack's own log says of it, whatever its language. */
  readonly words: RegExp;
}

export const REFUSALS: readonly Refusal[] = [
  {
    when: "PostgreSQL is down",
    databaseUrl: (url) => changed(url, (parts) => (parts.port = "1")),
    words: /refused|connect call failed/i,
  },
  {
    when: "the password is wrong",
    databaseUrl: (url) => changed(url, (parts) => (parts.password = "wrong")),
    words: /password authentication failed/i,
  },
  { when: "the table is empty", databaseUrl: withoutRows, words: /the table "user" is empty: run psql/ },
];

/** @returns what is wrong with how a run says that its service did not start; empty where nothing is */
export function wrongWithStart({ verdict, reason, logTail }: Result, words: RegExp): readonly string[] {
  const wrong: string[] = [];
  if (verdict !== "invalid") wrong.push(`the verdict is ${verdict}`);
  if (!/exited with code \d+ before it was ready/.test(reason)) wrong.push(`the reason is: ${reason}`);
  if (!words.test(logTail?.lines ?? "")) wrong.push(`the log ends with: ${logTail?.lines ?? "nothing"}`);
  return wrong;
}

function changed(url: string, change: (parts: URL) => void): string {
  const parts = new URL(url);
  change(parts);
  return parts.href;
}

const TABLE = 'CREATE TABLE "user" (user_id TEXT PRIMARY KEY, username TEXT NOT NULL, email TEXT NOT NULL)';

/** A database of its own on the same server, in which the table is there and has no rows. */
async function withoutRows(url: string): Promise<string> {
  const name = `without-rows-${process.hrtime.bigint()}`;
  await query(url, `CREATE DATABASE "${name}"`);
  const own = changed(url, (parts) => (parts.pathname = `/${name}`));
  await query(own, TABLE);
  return own;
}
