import { inject } from "vitest";
import { query } from "../../examples/database/query.mjs";

export { fillTables } from "../../examples/database/postgres.mjs";

/** An empty database of a test file's own, on the server that all files share; gives its URL. */
export async function createDatabase(name: string): Promise<string> {
  const server = inject("postgresUrl");
  await query(server, `CREATE DATABASE "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
