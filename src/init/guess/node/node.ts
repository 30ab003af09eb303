import { shellWord } from "../../../text/shell-word.js";
import { fillsTables, preparesData } from "../commands.js";
import {
  findFirst,
  nearestFile,
  placeOf,
  sourcesOf,
  startOnly,
  withoutProjectsBelow,
  type Guess,
  type ProjectGuess,
  type Snapshot,
  type StartCommand,
  type WorkflowStep,
} from "../snapshot.js";
import { type Manifest, readManifest } from "./manifest.js";
import { packageManager, type PackageManager } from "./package-manager.js";
import { START_SCRIPTS, takeApart, type ScriptContext } from "./start-script.js";
import { typescriptOutput } from "./typescript-output.js";

const EXTENSIONS = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"];
const RUNS_AS_IT_IS = [".js", ".mjs", ".cjs"];
const LISTENS = /\.listen\s*\(|\bserve\s*\(|createServer\s*\(/g;
const FRAMEWORKS =
  /^(express|fastify|koa|hono|@hapi\/hapi|@nestjs\/core|restify|polka|elysia|h3|micro|sails|@feathersjs\/(express|koa)|@adonisjs\/core|@strapi\/strapi|apollo-server.*|@apollo\/server|graphql-yoga|moleculer-web|@tsed\/common|next|nuxt|@trpc\/server)$/;

/** A start command, and what it was taken out of. */
interface Started extends StartCommand {
  readonly from: string;
}

/** A Node.js project; `null` without a package.json that can be read. */
export function guessNode(whole: Snapshot): ProjectGuess | null {
  const snapshot = withoutProjectsBelow(whole, /^package\.json$/);
  const text = snapshot.texts.get("package.json");
  if (text === undefined) return null;
  const manifest = readManifest(text);
  if (manifest === null) {
    return {
      ...EMPTY,
      unknown: ["package.json is not valid JSON, so nothing was taken from it."],
    };
  }
  const manager = packageManager(snapshot, manifest);
  const context: ScriptContext = {
    manifest,
    manager,
    output: typescriptOutput(snapshot),
    hasFile: (path) => snapshot.paths.includes(path),
  };
  const start = guessStart(snapshot, context);
  return {
    ...EMPTY,
    build: guessBuild(snapshot, context, start),
    start: start === null ? null : { value: start.start, from: start.from },
    setup: guessSetup(context, start),
    envFile: start === null || start.envFile === null ? null : { value: start.envFile, from: start.from },
    serves:
      [...manifest.dependencies.keys()].some((name) => FRAMEWORKS.test(name)) ||
      findFirst(snapshot, sourcesOf(snapshot, EXTENSIONS), LISTENS) !== null,
    deployed: (command) => takeApart(command, context),
    steps: stepsFor(snapshot, manifest, manager),
    unknown: start === null ? unknownStart(snapshot, manifest) : [],
    portFrom:
      start !== null && /\bfastify start\b|\bnext start\b/.test(start.start)
        ? `\`${start.start.includes("next") ? "next" : "fastify"} start\` reads PORT`
        : null,
  };
}

const EMPTY: ProjectGuess = {
  language: "node",
  build: null,
  start: null,
  setup: [],
  envFile: null,
  serves: false,
  deployed: () => null,
  extensions: EXTENSIONS,
  steps: [],
  unknown: [],
  portFrom: null,
};

function guessBuild(snapshot: Snapshot, context: ScriptContext, start: Started | null): Guess | null {
  const { manifest, manager } = context;
  const { scripts, dependencies } = manifest;
  const installs = dependencies.size > 0 || nearestFile(snapshot, "pnpm-lock.yaml") !== null;
  const own = `${manager.run} build`;
  const built = scripts["build"] === undefined ? null : (manager.buildWithNeeded ?? own);
  const further = [
    ...(scripts["prestart"] === undefined || preparesData(scripts["prestart"]) || start === null
      ? []
      : [`${manager.run} prestart`]),
    ...(start?.build ?? []),
  ].filter((step) => !builds(step, scripts));
  const steps = [...(installs ? [manager.install] : []), ...(built === null ? [] : [built]), ...further];
  if (steps.length === 0) return null;
  const from = [
    ...(installs ? [manager.from] : []),
    ...(built === null ? [] : ['the script "build"']),
    ...(further.length > 0 ? [start!.from] : []),
  ];
  return { value: steps.join(" && "), from: from.join(", ") };
}

/** Whether a step is the script "build", by whatever package manager, which is run anyway. */
function builds(step: string, scripts: Manifest["scripts"]): boolean {
  return scripts["build"] !== undefined && /^(npm|pnpm|yarn|bun)( run)?( -s| --silent)? build$/.test(step);
}

/** Scripts that make tables, before those that fill them. */
function guessSetup({ manifest, manager }: ScriptContext, start: Started | null): Guess[] {
  const named = Object.keys(manifest.scripts).filter((name) => SETUP_SCRIPT.test(name));
  const makes = named.filter((name) => !fillsTables(name));
  const scripts = [
    makes.find((name) => /deploy|up$|run$|prod/.test(name)) ??
      makes.find((name) => /migrat|push/.test(name)) ??
      makes[0],
    named.find((name) => fillsTables(name)),
  ];
  const found = scripts.flatMap((name) =>
    name === undefined
      ? []
      : [{ value: `${manager.run} ${name}`, from: `the script "${name}" in package.json` }],
  );
  const started = (start?.setup ?? []).map((value) => ({ value, from: start!.from }));
  return started.length > 0 ? started : found;
}

const SETUP_SCRIPT =
  /^((db|database|prisma|knex|drizzle|typeorm|sequelize|migrations?|migrate|schema)[:-])?(create|setup|init|migrat(e|ions?)|push|prepare|seed|populate)([:-](create|up|run|deploy|latest|all|prod))?$/;

function guessStart(snapshot: Snapshot, context: ScriptContext): Started | null {
  const { manifest, manager } = context;
  const { scripts, main } = manifest;
  for (const name of START_SCRIPTS) {
    if (scripts[name] === undefined) continue;
    const apart = takeApart(scripts[name], context);
    if (apart !== null) return { ...apart, from: `the script "${name}" in package.json` };
  }
  if (scripts["start"] !== undefined && !STARTS_OTHERS.test(scripts["start"])) {
    const start = `${manager.run.replace(/ run$/, "")} start`;
    return { ...startOnly(start), from: 'the script "start" in package.json' };
  }
  const sources = sourcesOf(snapshot, RUNS_AS_IT_IS);
  if (
    main !== null &&
    !manifest.hasWorkspaces &&
    (sources.includes(main) || scripts["build"] !== undefined)
  ) {
    return { ...startOnly(`node ${shellWord(main)}`), from: '"main" in package.json' };
  }
  const listening = findFirst(snapshot, byLikelihood(sources), LISTENS);
  if (listening !== null) {
    return { ...startOnly(`node ${shellWord(listening.path)}`), from: `${placeOf(listening)} listens` };
  }
  for (const name of ["dev", "develop", "start:dev"]) {
    const apart = takeApart(scripts[name] ?? "", context);
    if (apart !== null && /\bnode\b|\btsx\b|\bbun\b/.test(apart.start)) {
      return { ...apart, from: `the script "${name}" in package.json` };
    }
  }
  return null;
}

/** Scripts that start several things, or those of other folders, or a page for browsers. */
const STARTS_OTHERS =
  /\b(turbo|lerna|concurrently|docker(-compose)?|vite|react-scripts|ng|vue-cli-service|serve|http-server|storybook)\b|\bnpm-run-all\b|\brun-p\b|--workspaces?\b| -w |--prefix|--filter|--cwd|\bpnpm -(r|C|F)\b|\byarn workspaces?\b|\bcd \S/;

/** server.js before a helper that also happens to listen. */
function byLikelihood(paths: readonly string[]): string[] {
  const rank = (path: string): number => {
    const name = path.replace(/^src\//, "").replace(/\.[a-z]+$/, "");
    const place = ["server", "app", "index", "main"].indexOf(name);
    return place === -1 ? 10 + path.split("/").length : place;
  };
  return [...paths].sort((a, b) => rank(a) - rank(b));
}

function stepsFor(snapshot: Snapshot, manifest: Manifest, manager: PackageManager): WorkflowStep[] {
  const file =
    nearestFile(snapshot, ".nvmrc", ".node-version") ?? (manifest.hasEngine ? "package.json" : null);
  return [
    ...(file === null ? [] : [{ uses: "actions/setup-node@v6", with: { "node-version-file": file } }]),
    ...(manager.get === null ? [] : [{ run: manager.get }]),
  ];
}

function unknownStart(snapshot: Snapshot, manifest: Manifest): string[] {
  const typescript = sourcesOf(snapshot, [".ts", ".mts"]);
  if (typescript.length === 0 || findFirst(snapshot, typescript, LISTENS) === null) return [];
  const built = manifest.scripts["build"] !== undefined;
  return [
    `The service is TypeScript and package.json has no script "start": which file is run${built ? " after the build" : ""}?`,
  ];
}
