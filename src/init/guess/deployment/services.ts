import { parse } from "yaml";
import { nearestFile, type Snapshot, textAt } from "../snapshot.js";

/** A database, queue or cache beside the service, as a workflow starts it. */
export interface NeededService {
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** Port of the container, and the one of the job that leads to it. */
  readonly ports: readonly { readonly host: number; readonly container: number }[];
  readonly from: string;
}

/** What compose files and workflows say of a service's surroundings. */
export interface Surroundings {
  readonly services: readonly NeededService[];
  /** Files of variables that compose names for the service itself. */
  readonly envFiles: readonly string[];
  /** Variables that compose sets for services that are built here. */
  readonly variables: Readonly<Record<string, string>>;
}

const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** Images that hold data; what else a compose file starts, such as a proxy or a mail catcher, is named only. */
const PORTS: readonly (readonly [RegExp, number])[] = [
  [/postgres|postgis|timescale|pgvector/, 5432],
  [/mysql|mariadb|percona/, 3306],
  [/mongo(?!-express)/, 27017],
  [/redis|valkey|keydb|dragonfly/, 6379],
  [/rabbitmq/, 5672],
  [/memcached/, 11211],
  [/elasticsearch|opensearch/, 9200],
  [/nats/, 4222],
];

export function surroundings(snapshot: Snapshot): Surroundings {
  const compose = nearestFile(snapshot, ...COMPOSE);
  const found = inFile(textAt(snapshot, compose), compose ?? "", (file) => [record(file["services"])]);
  const workflows = [...new Set([...snapshot.texts.keys(), ...snapshot.above.keys()])].filter((path) =>
    /^(\.\.\/)*\.github\/workflows\//.test(path),
  );
  const inJobs = workflows.flatMap((path) =>
    inFile(textAt(snapshot, path), path, (file) =>
      Object.values(record(file["jobs"])).map((job) => record(record(job)["services"])),
    ),
  );
  const services = [...found, ...inJobs];
  const own = Object.values(record(record(read(textAt(snapshot, compose)))["services"]))
    .map(record)
    .filter((one) => one["build"] !== undefined);
  return {
    // One of a kind: the same database in compose and in a workflow is one.
    services: [
      ...new Map(services.toReversed().map((one) => [portOf(one.image), one])).values(),
    ].toReversed(),
    envFiles: own.flatMap((one) => texts(one["env_file"])),
    variables: Object.assign({}, ...own.map((one) => environment(one["environment"]))) as Record<
      string,
      string
    >,
  };
}

function inFile(
  text: string | null,
  from: string,
  listsOf: (file: Record<string, unknown>) => Record<string, unknown>[],
): NeededService[] {
  return listsOf(read(text)).flatMap((list) =>
    Object.entries(list).flatMap(([name, value]) => {
      const about = record(value);
      const { image } = about;
      if (typeof image !== "string" || about["build"] !== undefined || !/^[\w./:@-]{1,200}$/.test(image))
        return [];
      const port = portOf(image);
      if (port === null) return [];
      const published = texts(about["ports"]).map((one) => /(?:^|:)(\d+):(\d+)(?:\/tcp)?$/.exec(one));
      const host = published.find((match) => Number(match?.[2]) === port)?.[1];
      return [
        {
          name: name.replace(/[^\w-]/g, "-"),
          image,
          env: withPassword(image, environment(about["environment"] ?? about["env"])),
          ports: [{ host: Number(host ?? port), container: port }],
          from,
        },
      ];
    }),
  );
}

/** These images do not start without one; what a compose file takes from a file that is not committed is made up. */
function withPassword(image: string, env: Readonly<Record<string, string>>): Record<string, string> {
  if (/postgres|postgis|timescale|pgvector/.test(image)) return { POSTGRES_PASSWORD: "postgres", ...env };
  if (!/mysql|mariadb|percona/.test(image)) return env;
  const named = Object.keys(env).some((name) =>
    /^(MYSQL|MARIADB)_(ROOT_PASSWORD|ALLOW_EMPTY|RANDOM)/.test(name),
  );
  return named ? env : { MYSQL_ROOT_PASSWORD: "mysql", ...env };
}

function portOf(image: string): number | null {
  return PORTS.find(([name]) => name.test(image.replace(/:[^:/]*$/, "")))?.[1] ?? null;
}

/** As a mapping, or as a list of `NAME=value`. `${NAME:-value}` is its value; without one, the variable is left out. */
function environment(value: unknown): Record<string, string> {
  const entries: [string, unknown][] = Array.isArray(value)
    ? texts(value).map((one) => [
        one.split("=", 1)[0]!,
        one.includes("=") ? one.slice(one.indexOf("=") + 1) : null,
      ])
    : Object.entries(record(value));
  return Object.fromEntries(
    entries.flatMap(([name, one]) => {
      if (
        (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") ||
        !/^[A-Za-z_]\w*$/.test(name)
      )
        return [];
      const filled = String(one).replace(/\$\{\w+:?[-?]([^}]*)\}/g, "$1");
      return /\$\{?\w/.test(filled) ? [] : [[name, filled] as const];
    }),
  );
}

function read(text: string | null): Record<string, unknown> {
  try {
    return record(parse(text ?? "", { maxAliasCount: 50 }));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function texts(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => {
    if (typeof one === "string") return [one];
    const { path } = record(one);
    return typeof path === "string" ? [path] : [];
  });
}
