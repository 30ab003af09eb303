import { shellWord } from "../../text/shell-word.js";
import {
  findFirst,
  placeOf,
  sourcesOf,
  type Guess,
  type ProjectGuess,
  type Snapshot,
  type WorkflowStep,
} from "./snapshot.js";

const EXTENSIONS = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"];
const RUNS_AS_IT_IS = [".js", ".mjs", ".cjs"];
/** Scripts that make what a service finds in its database. */
const PREPARES_DATA =
  /^(db|database|prisma|knex|drizzle):?(create|setup|init|migrate|push|deploy|reset)|^migrat(e|ions?)$/;
const LISTENS = /\.listen\s*\(|\bserve\s*\(|createServer\s*\(/g;

/** The parts of package.json that tell something. */
interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: ReadonlySet<string>;
  readonly main: string | null;
  readonly hasEngine: boolean;
}

/** A Node.js project; `null` without a package.json that can be read. */
export function guessNode(snapshot: Snapshot): ProjectGuess | null {
  const text = snapshot.texts.get("package.json");
  if (text === undefined) return null;
  const manifest = readManifest(text);
  if (manifest === null) {
    return {
      ...EMPTY,
      unknown: ["package.json is not valid JSON, so nothing was taken from it."],
    };
  }
  const manager = packageManager(snapshot);
  const start = guessStart(snapshot, manifest, manager);
  return {
    ...EMPTY,
    build: guessBuild(manifest, manager),
    start,
    steps: stepsFor(snapshot, manifest, manager),
    unknown: unknownOf(snapshot, manifest, start),
    portFrom:
      start !== null && /\bfastify start\b|\bnext start\b/.test(start.value)
        ? `\`${start.value.includes("next") ? "next" : "fastify"} start\` reads PORT`
        : null,
  };
}

const EMPTY: ProjectGuess = {
  language: "node",
  build: null,
  start: null,
  extensions: EXTENSIONS,
  steps: [],
  unknown: [],
  portFrom: null,
};

function readManifest(text: string): Manifest | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null) return null;
  const { scripts, dependencies, devDependencies, main, engines } = parsed as Record<string, unknown>;
  return {
    scripts: strings(scripts),
    dependencies: new Set([...Object.keys(strings(dependencies)), ...Object.keys(strings(devDependencies))]),
    main: typeof main === "string" ? main.replace(/^\.\//, "") : null,
    hasEngine: strings(engines)["node"] !== undefined,
  };
}

function strings(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

interface PackageManager {
  readonly install: string;
  readonly run: string;
  readonly from: string;
  /** What a fresh runner lacks. */
  readonly get: string | null;
}

function packageManager({ paths, texts }: Snapshot): PackageManager {
  const has = (path: string): boolean => paths.includes(path);
  const lock = ["package-lock.json", "npm-shrinkwrap.json"].find(has);
  if (lock !== undefined) return { install: "npm ci", run: "npm run", from: lock, get: null };
  if (has("pnpm-lock.yaml")) {
    return {
      install: "pnpm install --frozen-lockfile",
      run: "pnpm run",
      from: "pnpm-lock.yaml",
      get: "corepack enable",
    };
  }
  if (has("yarn.lock")) {
    const classic = texts.get("yarn.lock")?.includes("yarn lockfile v1") ?? false;
    const flag = classic ? "--frozen-lockfile" : "--immutable";
    return {
      install: `yarn install ${flag}`,
      run: "yarn run",
      from: "yarn.lock",
      get: classic ? null : "corepack enable",
    };
  }
  const bun = ["bun.lock", "bun.lockb"].find(has);
  if (bun !== undefined) {
    return {
      install: "bun install --frozen-lockfile",
      run: "bun run",
      from: bun,
      get: "npm install --global bun",
    };
  }
  return { install: "npm install", run: "npm run", from: "package.json (no lock file)", get: null };
}

function guessBuild({ scripts, dependencies }: Manifest, manager: PackageManager): Guess | null {
  const steps = [
    ...(dependencies.size > 0 ? [manager.install] : []),
    ...(scripts["build"] === undefined ? [] : [`${manager.run} build`]),
  ];
  if (steps.length === 0) return null;
  const from = [
    ...(dependencies.size > 0 ? [manager.from] : []),
    ...(scripts["build"] === undefined ? [] : ['the script "build"']),
  ];
  return { value: steps.join(" && "), from: from.join(", ") };
}

function guessStart(snapshot: Snapshot, manifest: Manifest, manager: PackageManager): Guess | null {
  const script = manifest.scripts["start"];
  if (script !== undefined) {
    const plain = withoutPackageManager(script, manifest);
    return plain === null
      ? { value: `${manager.run.replace(/ run$/, "")} start`, from: 'the script "start" in package.json' }
      : { value: plain, from: 'the script "start" in package.json' };
  }
  const { main } = manifest;
  const sources = sourcesOf(snapshot, RUNS_AS_IT_IS);
  if (main !== null && (sources.includes(main) || manifest.scripts["build"] !== undefined)) {
    return { value: `node ${shellWord(main)}`, from: '"main" in package.json' };
  }
  const listening = findFirst(snapshot, byLikelihood(sources), LISTENS);
  return listening === null
    ? null
    : { value: `node ${shellWord(listening.path)}`, from: `${placeOf(listening)} listens` };
}

/**
 * The script's own command. A package manager in between would be a process of its own, whose memory and start-up
 * count as the service's. `null` where the script is more than one plain command.
 */
function withoutPackageManager(script: string, { scripts, dependencies }: Manifest): string | null {
  if (scripts["prestart"] !== undefined || scripts["poststart"] !== undefined) return null;
  if (/[&|;<>`$()\n]|^\s*(npm|yarn|pnpm|npx|bunx|cross-env|dotenv)\b/.test(script)) return null;
  const match = /^((?:[A-Za-z_]\w*=\S* +)*)(\S+)(.*)$/.exec(script.trim());
  if (match === null) return null;
  const [, variables = "", program = "", rest = ""] = match;
  switch (program) {
    case "node":
      // Watching for changes is for development.
      return `${variables}node${rest.replace(/ --watch(-\S+)?/g, "")}`;
    case "nodemon":
      return /^ [^-]/.test(rest) ? `${variables}node${rest}` : null;
    case "bun":
    case "deno":
      return script.trim();
    case "fastify":
      return dependencies.has("fastify-cli")
        ? `${variables}node_modules/.bin/fastify${rest.replace(/ (-w|--watch)\b/g, "")}`
        : null;
    case "next":
    case "tsx":
      return dependencies.has(program) ? `${variables}node_modules/.bin/${program}${rest}` : null;
    default:
      return null;
  }
}

/** server.js before a helper that also happens to listen. */
function byLikelihood(paths: readonly string[]): string[] {
  const rank = (path: string): number => {
    const name = path.replace(/^src\//, "").replace(/\.[a-z]+$/, "");
    const place = ["server", "app", "index", "main"].indexOf(name);
    return place === -1 ? 10 + path.split("/").length : place;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b));
}

function stepsFor({ paths }: Snapshot, manifest: Manifest, manager: PackageManager): WorkflowStep[] {
  const file =
    [".nvmrc", ".node-version"].find((path) => paths.includes(path)) ??
    (manifest.hasEngine ? "package.json" : null);
  return [
    ...(file === null ? [] : [{ uses: "actions/setup-node@v6", with: { "node-version-file": file } }]),
    ...(manager.get === null ? [] : [{ run: manager.get }]),
  ];
}

function unknownOf(snapshot: Snapshot, manifest: Manifest, start: Guess | null): string[] {
  const data = Object.keys(manifest.scripts).find((name) => PREPARES_DATA.test(name));
  const prepared =
    data === undefined
      ? []
      : [`The script "${data}" in package.json: if the service needs it, write it as \`service.setup\`.`];
  if (start !== null) return prepared;
  const typescript = sourcesOf(snapshot, [".ts", ".mts"]);
  if (typescript.length > 0 && findFirst(snapshot, typescript, LISTENS) !== null) {
    const built = manifest.scripts["build"] !== undefined;
    return [
      ...prepared,
      `The service is TypeScript and package.json has no script "start": which file is run${built ? " after the build" : ""}?`,
    ];
  }
  return prepared;
}
