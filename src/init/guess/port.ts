import {
  findAll,
  placeOf,
  type Finding,
  type Guess,
  type Language,
  type ProjectGuess,
  type Snapshot,
  sourcesOf,
} from "./snapshot.js";

/** How the service learns the port that Tailgate chooses. */
export type PortGuess =
  /** It reads PORT, or the start command passes it. */
  | { readonly kind: "told"; readonly from: string }
  /** It reads another variable. `sure`: where its name or its use says that it is what the service listens on. */
  | { readonly kind: "variable"; readonly name: string; readonly from: string; readonly sure: boolean }
  /** It insists on one. */
  | { readonly kind: "fixed"; readonly port: number; readonly from: string }
  | { readonly kind: "unknown" };

/** Names in schemas of the environment: `PORT: z.coerce.number()`, `PORT: Joi.number()`, `PORT: port()`. */
const SCHEMA = String.raw`\b([A-Z][A-Z0-9_]*)["']?\s*:\s*(?:z|zod|[Jj]oi|yup|v|t|S|Type|envalid|port|num|str|env|Schema|Config)\s*[.(]|\b([A-Z][A-Z0-9_]*)\s*:\s*\{\s*type\s*:`;

/** Reads of an environment variable, by language. What may stand in between is bounded: a file may be made to be slow. */
const VARIABLES: Readonly<Record<Language, RegExp>> = {
  node: new RegExp(
    String.raw`\b(?:process|Bun|import\.meta|c|ctx)\.env(?:\.|\[["'])([A-Z][A-Z0-9_]*)|\b(?:get|getOrThrow|env|getEnv|getenv|required|optional|number|int|string)(?:<[^>\n]{0,80}>)?\(\s*["']([A-Z][A-Z0-9_]*)["']|\benv\s*:\s*["']([A-Z][A-Z0-9_]*)["']|\b(?:env|ENV)\.([A-Z][A-Z0-9_]*PORT|PORT)\b|` +
      SCHEMA,
    "g",
  ),
  python:
    /\benviron(?:\.get\(|\[)\s*["']([A-Z][A-Z0-9_]*)["']|\bgetenv\(\s*["']([A-Z][A-Z0-9_]*)["']|\b(?:config|env|Env|envconfig)(?:\.(?:int|str|get))?\(\s*["']([A-Z][A-Z0-9_]*)["']/g,
  rust: /\benv::var(?:_os)?\(\s*"([A-Z][A-Z0-9_]*)"|\benv!\(\s*"([A-Z][A-Z0-9_]*)"|\benv\s*=\s*"([A-Z][A-Z0-9_]*)"/g,
  go: /\bos\.(?:Getenv|LookupEnv)\(\s*"([A-Z][A-Z0-9_]*)"|\b[gG]et\w{0,20}\(\s*"([A-Z][A-Z0-9_]*)"|\b[eE]nv\w{0,20}\(\s*"([A-Z][A-Z0-9_]*)"|\b(?:env|envconfig|mapstructure):"([A-Z][A-Z0-9_]*)[",]/g,
  java: /\$\{([A-Z][A-Z0-9_]*)(?::[^}\n]{0,100})?\}|\bgetenv\(\s*"([A-Z][A-Z0-9_]*)"/g,
  ruby: /\bENV(?:\[|\.fetch\(|\.fetch )\s*["']([A-Z][A-Z0-9_]*)["']/g,
};

/** Variables destructured out of `process.env`, by their names. */
const DESTRUCTURED = /\{([^{}]{1,500})\}\s*=\s*(?:process|Bun)\.env\b/g;

/** A port written into a call that listens, or into the configuration of one. */
const FIXED: Readonly<Record<Language, RegExp>> = {
  node: /\.listen\s*\(\s*(?:\{[^}]{0,300}?\bport\s*:\s*)?([0-9]{2,5})\b|\b(?:const|let|var)\s+(?:port|PORT)\s*=\s*([0-9]{2,5})\b|\b(?:serve|export default)\s*\(?\s*\{[^}]{0,300}?\bport\s*:\s*([0-9]{2,5})\b|^\s*["']?port["']?\s*:\s*([0-9]{4,5})\b/gm,
  python: /\bport\s*=\s*([0-9]{2,5})\b/g,
  rust: /"(?:[0-9.]+|localhost|\[::1?\]):([0-9]{2,5})"|\]\s*,\s*([0-9]{2,5})\s*\)|\(\s*"[0-9.]+"\s*,\s*([0-9]{2,5})\s*\)/g,
  go: /(?:ListenAndServe|\.Run|\.Listen|\.Start)\(\s*"[^"\n]{0,100}:([0-9]{2,5})"|\bAddr:\s*"[^"\n]{0,100}:([0-9]{2,5})"/g,
  java: /^\s*server\.port\s*=\s*([0-9]{2,5})\b/gm,
  ruby: /^\s*port\s+([0-9]{2,5})\b/gm,
};

/** What a service says of others: where it sends mail, where its database is. */
const OF_OTHERS =
  /(^|_)(DB|DATABASE|PG|POSTGRES(QL)?|MYSQL|MARIADB|MSSQL|ORACLE|MONGO(DB)?|REDIS|VALKEY|CACHE|SMTP|IMAP|POP3|MAIL(ER|HOG|PIT|GUN)?|EMAIL|FTP|SSH|LDAP|KAFKA|RABBIT(MQ)?|AMQP|MQTT|NATS|ELASTIC(SEARCH)?|ES|SEARCH|MEILI\w*|MINIO|S3|STATSD|GRAYLOG|SYSLOG|LOGSTASH|DEBUG(GER)?|INSPECT(OR)?|METRICS|PROMETHEUS|PROXY|CLIENT|FRONTEND|VITE|UI|HMR|JAEGER|ZIPKIN|OTEL\w*|MEMCACHED?|VAULT|CONSUL|TARGET|REMOTE|QUEUE|CLICKHOUSE|INFLUX\w*|NEO4J|QDRANT)_/;
const OWN =
  /^((NODE|APP|API|SERVER|HTTP|WEB|SERVICE|LISTEN|BACKEND|REST|BIND|FASTIFY|NEST|EXPRESS|GIN|ECHO|FLASK|UVICORN|[A-Z]+_(SERVER|HTTP|API))_?)PORT$/;

/** Every environment variable that the sources read, where they first do. */
export function variablesRead(snapshot: Snapshot, project: ProjectGuess): ReadonlyMap<string, Finding> {
  const sources = sourcesOf(snapshot, project.extensions);
  const reads = findAll(snapshot, sources, VARIABLES[project.language]).map(
    (finding) => [captured(finding), finding] as const,
  );
  const taken =
    project.language !== "node"
      ? []
      : findAll(snapshot, sources, DESTRUCTURED).flatMap((finding) =>
          [...finding.match[1]!.matchAll(/(?:^|,)\s*([A-Z][A-Z0-9_]*)\b/g)].map(
            (one) => [one[1]!, finding] as const,
          ),
        );
  const first = new Map<string, Finding>();
  for (const [name, finding] of [...reads, ...taken]) if (!first.has(name)) first.set(name, finding);
  return first;
}

export function guessPort(snapshot: Snapshot, project: ProjectGuess | null, start: Guess): PortGuess {
  if (/\{port\}|\$\{?PORT\b/.test(start.value)) return { kind: "told", from: "in the start command" };
  if (project === null) return { kind: "unknown" };
  if (project.portFrom !== null) return { kind: "told", from: project.portFrom };
  const read = variablesRead(snapshot, project);
  const port = read.get("PORT");
  if (port !== undefined) return { kind: "told", from: `${placeOf(port)} reads PORT` };
  const others = [...read].filter(([name]) => /PORT$/.test(name) && !OF_OTHERS.test(name));
  const other = others.find(([name]) => OWN.test(name)) ?? (others.length === 1 ? others[0]! : undefined);
  if (other !== undefined) {
    return { kind: "variable", name: other[0], from: placeOf(other[1]), sure: OWN.test(other[0]) };
  }
  if (project.language === "python") {
    const setting = settingsPort(snapshot, project);
    if (setting !== null) return setting;
  }
  const fixed = findAll(snapshot, sourcesOf(snapshot, project.extensions), FIXED[project.language]).find(
    (finding) => inRange(captured(finding)),
  );
  return fixed === undefined
    ? { kind: "unknown" }
    : { kind: "fixed", port: Number(captured(fixed)), from: placeOf(fixed) };
}

/** A field of a pydantic settings class is read from the variable of its name, behind the class's prefix. */
function settingsPort(snapshot: Snapshot, project: ProjectGuess): PortGuess | null {
  for (const path of sourcesOf(snapshot, project.extensions)) {
    const text = snapshot.texts.get(path) ?? "";
    if (!/\(BaseSettings\)/.test(text)) continue;
    const [field] = findAll(snapshot, [path], /^\s+((?:\w+_)?port)\s*:\s*int\b/gim);
    if (field === undefined || OF_OTHERS.test(field.match[1]!.toUpperCase())) continue;
    const prefix = /env_prefix\s*=\s*["'](\w{0,40})["']/.exec(text)?.[1] ?? "";
    const name = `${prefix}${field.match[1]!}`.toUpperCase();
    if (name === "PORT") return { kind: "told", from: `${placeOf(field)} reads PORT` };
    return { kind: "variable", name, from: placeOf(field), sure: OWN.test(name) };
  }
  return null;
}

function captured({ match }: Finding): string {
  const groups: readonly (string | undefined)[] = match.slice(1);
  return groups.find((group) => group !== undefined) ?? "";
}

function inRange(digits: string): boolean {
  const port = Number(digits);
  return port >= 1 && port <= 65535;
}
