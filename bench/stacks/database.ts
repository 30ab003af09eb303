import { join } from "node:path";
import { createInterface } from "node:readline";
import { startChild } from "./child.js";
import { PROJECT_ROOT } from "./project-root.js";

/** PostgreSQL with the tables that the stacks read. */
export interface Database {
  readonly url: string;
  stop(): Promise<void>;
}

const START = join(PROJECT_ROOT, "examples", "database", "start.mjs");

/** The database that `DATABASE_URL` names, or one that is started and filled for this run. */
export function openDatabase(environment: Readonly<Record<string, string | undefined>>): Promise<Database> {
  const given = environment["DATABASE_URL"];
  if (given === undefined || given === "") return startDatabase();
  return Promise.resolve({ url: given, stop: () => Promise.resolve() });
}

/** Starts examples/database/start.mjs, which says where the database is and stays until it is stopped. */
async function startDatabase(): Promise<Database> {
  const { child, ended } = startChild([START], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).on("line", (line) => {
      const found = /^DATABASE_URL=(\S+)$/.exec(line);
      if (found !== null) resolve(found[1]!);
    });
    ended.then(() => {
      reject(new Error(`${START} ended before the database was ready`));
    }, reject);
  });
  return {
    url,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}
