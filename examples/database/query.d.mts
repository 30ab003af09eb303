/** Runs SQL on a connection of its own. */
export function query(url: string, sql: string): Promise<void>;
