export { type Postgres, fillTables, startPostgres } from "../../examples/database/postgres.mjs";
