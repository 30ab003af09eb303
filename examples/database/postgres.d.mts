/** A real PostgreSQL server on a free port of loopback. */
export interface Postgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on a free port of loopback, with an empty database. It goes, data and all, with this process. */
export function startPostgres(): Promise<Postgres>;

/** Creates and fills what the examples read: users.sql. */
export function fillTables(url: string): Promise<void>;
