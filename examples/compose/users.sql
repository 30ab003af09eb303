-- The tables that the example reads. PostgreSQL runs this file when its volume is empty. Each id is a digest of the row's
-- number, so every machine has the same rows.

SET client_min_messages = warning;

CREATE TABLE IF NOT EXISTS "user" (
  user_id TEXT PRIMARY KEY NOT NULL,
  username TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE
);

INSERT INTO "user" (user_id, username, email)
SELECT md5(n::text), 'user' || n, 'user' || n || '@example.com' FROM generate_series(1, 2000) AS n
ON CONFLICT DO NOTHING;

ANALYZE "user";

-- A larger table without an index on email: a query that sorts by email reads every row.
CREATE TABLE IF NOT EXISTS account (
  user_id TEXT PRIMARY KEY NOT NULL,
  username TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL
);

INSERT INTO account (user_id, username, email)
SELECT md5(n::text), 'user' || n, 'user' || n || '@example.com' FROM generate_series(1, 10000) AS n
ON CONFLICT DO NOTHING;

ANALYZE account;
