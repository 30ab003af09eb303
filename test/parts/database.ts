import pg from "pg";
import { inject } from "vitest";

export { fillTables } from "../../examples/database/postgres.mjs";

/** An empty database of a test file's own, on the server that all files share; gives its URL. */
export async function createDatabase(name: string): Promise<string> {
  const server = inject("postgresUrl");
  await query(server, `CREATE DATABASE "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
