import type { TestProject } from "vitest/node";
import { startPostgres } from "../../examples/database/postgres.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Of a database that is always there; tests make their own beside it. */
    readonly postgresUrl: string;
  }
}

/** One PostgreSQL server for all files that need one. */
export default async function postgres(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}
