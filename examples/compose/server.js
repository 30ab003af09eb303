import Fastify from "fastify";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 });
const app = Fastify();

app.get("/", async () => {
  const { rows } = await pool.query('SELECT user_id, username, email FROM "user" ORDER BY user_id LIMIT 100');
  return rows;
});

app.get("/health", async () => {
  await pool.query("SELECT 1");
  return { status: "ok" };
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, async () => {
    await app.close();
    await pool.end();
  });
}

try {
  const { rowCount } = await pool.query('SELECT FROM "user" LIMIT 1');
  if (rowCount === 0) throw new Error('the table "user" is empty');
  await app.listen({ port: Number(process.env.PORT ?? 3000), host: "0.0.0.0" });
} catch (error) {
  console.error(error);
  process.exit(1);
}
