import type { Snapshot } from "../snapshot.js";
import type { NeededService, Surroundings } from "./services.js";

/** Example files of variables, those for tests first. */
const EXAMPLES = [
  ".env.test",
  ".env.ci",
  ".env.example",
  ".env.sample",
  ".env.dist",
  ".env.template",
  ".env.local.example",
  "env.example",
  "example.env",
];

/** The file of variables that is committed, and whose names and values can be seen; `null`: there is none. */
export function exampleFile({ paths }: Snapshot): string | null {
  return (
    EXAMPLES.find((path) => paths.includes(path)) ??
    paths.find((path) => /^\.?env\.[\w.]*(example|sample|test)$/.test(path)) ??
    null
  );
}

/** Values of a file of variables, roughly: enough to tell an address. */
export function valuesIn(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(
    /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#]*))/gm,
  );
  return new Map([...lines].map(([, name, double, single, bare]) => [name!, double ?? single ?? bare ?? ""]));
}

/**
 * Where a variable should lead in a workflow that starts the services: what compose or an example file has, with the
 * names of containers replaced by the job's own address; else made of what the database's image is told.
 *
 * @returns `null` where nothing tells
 */
export function addressFor(
  name: string,
  { services, variables }: Surroundings,
  example: ReadonlyMap<string, string>,
): string | null {
  const written = variables[name] ?? example.get(name);
  if (written !== undefined && written !== "") {
    if (/HOST$/.test(name)) return services.length > 0 ? "localhost" : null;
    const local = services.reduce((text, service) => atJob(text, service), written);
    return /:\/\/(?:[^@/]*@)?(localhost|127\.0\.0\.1)([:/]|$)/.test(local) ? local : null;
  }
  return services.flatMap((service) => madeUp(name, service) ?? [])[0] ?? null;
}

function atJob(address: string, { name, ports }: NeededService): string {
  const { host, container } = ports[0]!;
  return address
    .replace(new RegExp(`(@|//)(?:${name}|localhost|127\\.0\\.0\\.1):${container}\\b`), `$1localhost:${host}`)
    .replace(new RegExp(`(@|//)${name}(/|$)`), `$1localhost:${host}$2`);
}

function madeUp(name: string, { image, env, ports }: NeededService): string | null {
  const port = ports[0]!.host;
  if (/^(DATABASE|DB|POSTGRES|PG)_?(URL|DSN|URI)$/.test(name) && env["POSTGRES_PASSWORD"] !== undefined) {
    const user = env["POSTGRES_USER"] ?? "postgres";
    return `postgres://${user}:${env["POSTGRES_PASSWORD"]}@localhost:${port}/${env["POSTGRES_DB"] ?? user}`;
  }
  if (/^(DATABASE|DB|MYSQL)_?(URL|DSN|URI)$/.test(name) && env["MYSQL_ROOT_PASSWORD"] !== undefined) {
    const user = env["MYSQL_USER"] ?? "root";
    const password = env["MYSQL_PASSWORD"] ?? env["MYSQL_ROOT_PASSWORD"];
    return `mysql://${user}:${password}@localhost:${port}/${env["MYSQL_DATABASE"] ?? "test"}`;
  }
  if (/^REDIS_UR[IL]$/.test(name) && /redis|valkey/.test(image)) return `redis://localhost:${port}`;
  if (/^MONGO(DB)?_UR[IL]$/.test(name) && /mongo/.test(image)) return `mongodb://localhost:${port}/test`;
  if (/^(DB|PG|POSTGRES|MYSQL|REDIS)_?HOST$/.test(name)) return "localhost";
  return null;
}
