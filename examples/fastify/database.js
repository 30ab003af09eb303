// Creates and fills the table that the service reads; safe to run again.
import pg from "pg";

const USERS = 2000;

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query(`
  CREATE TABLE IF NOT EXISTS "user" (
    user_id TEXT PRIMARY KEY NOT NULL,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL UNIQUE
  )`);
// The ids are digests of the row's number, so that every machine has the same rows.
await client.query(
  `INSERT INTO "user" (user_id, username, email)
   SELECT md5(n::text), 'user' || n, 'user' || n || '@example.com' FROM generate_series(1, $1::int) AS n
   ON CONFLICT DO NOTHING`,
  [USERS],
);
await client.query('ANALYZE "user"');
await client.end();
