// Starts PostgreSQL with the tables of the examples, prints its DATABASE_URL, and stays until Ctrl-C.
//
//   node examples/database/start.mjs
import { fillTables, startPostgres } from "./postgres.mjs";

const postgres = await startPostgres();
await fillTables(postgres.url);
console.log(`DATABASE_URL=${postgres.url}`);
