import { commandsIn, plainCommand, preparesData } from "../commands.js";
import { startOnly, type StartCommand } from "../snapshot.js";
import type { Manifest } from "./manifest.js";
import type { PackageManager } from "./package-manager.js";
import type { TypescriptOutput } from "./typescript-output.js";

/** What taking apart depends on. */
export interface ScriptContext {
  readonly manifest: Manifest;
  readonly manager: PackageManager;
  readonly output: TypescriptOutput | null;
  readonly hasFile: (path: string) => boolean;
}

const DEEPEST = 5;

/** The scripts that may start a service, and which is meant for production. */
export const START_SCRIPTS = ["start:prod", "start:production", "serve:prod", "start", "serve"];

/** `null` where the script does not start a service of this folder, or more than one thing. */
export function takeApart(script: string, context: ScriptContext, depth = 0): StartCommand | null {
  const commands = commandsIn(script);
  const last = commands.at(-1);
  if (last === undefined || depth > DEEPEST) return null;
  const served = serving(last, context, depth);
  if (served === null) return null;
  const before = commands.slice(0, -1).map((command) => inEnvironment(command, context));
  // A script that goes into another folder first speaks of that folder.
  if (before.some((command) => /^cd\s/.test(command))) return null;
  return {
    ...served,
    build: [...before.filter((command) => !preparesData(command)), ...served.build],
    setup: [...before.filter(preparesData), ...served.setup],
  };
}

/** A command of a script as one that a shell without the package manager's path understands. */
function inEnvironment(command: string, { manifest, manager }: ScriptContext): string {
  const plain = plainCommand(command);
  if (plain === null || !/^[\w-]+$/.test(plain.program)) return command;
  const { program } = plain;
  const known = PROGRAMS[program] ?? program;
  return manifest.dependencies.has(known)
    ? `${plain.variables}${manager.program(program)}${plain.rest}`
    : command;
}

/** Programs whose packages are called otherwise. */
const PROGRAMS: Readonly<Record<string, string>> = {
  tsc: "typescript",
  nest: "@nestjs/cli",
  fastify: "fastify-cli",
  remix: "@remix-run/dev",
  "remix-serve": "@remix-run/serve",
  "react-router-serve": "@react-router/serve",
  strapi: "@strapi/strapi",
};

function serving(command: string, context: ScriptContext, depth: number): StartCommand | null {
  const plain = plainCommand(command);
  if (plain === null) return null;
  const { manifest, manager, output } = context;
  const { program, variables } = plain;
  // Watching for changes is for development.
  const rest = plain.rest.replace(
    / (--watch(-\S+)?|-w|--inspect(=\S+)?|--respawn|--transpile-only|-T)(?= |$)/g,
    "",
  );
  const again = (text: string): StartCommand | null =>
    withVariables(serving(text.trim(), context, depth), variables);
  switch (program) {
    case "node":
      return fromNode(variables, rest, context);
    case "npm":
    case "pnpm":
    case "yarn":
    case "bun": {
      const named = /^ (?:run |run-script )?(?:--silent |-s )?([\w:.-]+)$/.exec(rest)?.[1];
      const script = named === undefined ? undefined : manifest.scripts[named];
      if (script !== undefined) return withVariables(takeApart(script, context, depth + 1), variables);
      return program === "bun" && /\.[cm]?[jt]sx?$/.test(rest) ? startOnly(command.trim()) : null;
    }
    case "deno":
      return startOnly(command.trim());
    case "npx":
    case "bunx":
    case "cross-env":
    case "cross-env-shell":
      return again(rest);
    case "dotenv":
    case "env-cmd": {
      const match = /^((?: -\w+ \S+)*?)(?: --)? ([^-].*)$/.exec(rest);
      if (match === null) return null;
      const file = / (?:-e|-f) (\S+)/.exec(match[1]!)?.[1] ?? ".env";
      const inner = again(match[2]!);
      return inner === null ? null : { ...inner, envFile: file };
    }
    case "nodemon":
    case "pm2-runtime":
      return again(
        / --exec (?:"([^"]+)"|'([^']+)'|(.+))$/.exec(rest)?.slice(1).find(Boolean) ??
          `node${rest.replace(/^ start(?= )/, "")}`,
      );
    case "pm2":
      return / start \S+\.[cm]?js/.test(rest) ? again(`node${rest.replace(/ start/, "")}`) : null;
    case "ts-node":
    case "ts-node-dev":
    case "ts-node-esm":
    case "tsx":
    case "babel-node":
      return fromTypescript(program, variables, rest.replace(/^ watch(?= )/, ""), context);
    case "nest": {
      const built = manifest.scripts["build"] === undefined ? [inEnvironment("nest build", context)] : [];
      const name = /^ start ([\w-]+)/.exec(rest)?.[1];
      const main =
        name === undefined ? (output?.of("src/main.ts") ?? "dist/main.js") : `dist/apps/${name}/main.js`;
      return { ...startOnly(`${variables}node ${main.replace(/\.js$/, "")}`), build: built };
    }
    case "nx": {
      const name = /^ (?:serve|run) ([\w-]+)/.exec(rest)?.[1] ?? manifest.name;
      if (name === null) return null;
      const built = `${manager.program("nx")} build ${name}`;
      const folder = context.hasFile(`apps/${name}/project.json`) ? `dist/apps/${name}` : "dist";
      return { ...startOnly(`${variables}node ${folder}/main.js`), build: [built] };
    }
    case "turbo":
    case "lerna":
    case "concurrently":
    case "docker":
    case "docker-compose":
    case "vite":
    case "react-scripts":
    case "ng":
    case "vue-cli-service":
    case "serve":
    case "http-server":
      return null;
    default: {
      const known = inEnvironment(`${program}${rest}`, context);
      return known === `${program}${rest}` ? null : startOnly(`${variables}${known}`);
    }
  }
}

function withVariables(script: StartCommand | null, variables: string): StartCommand | null {
  return script === null ? null : { ...script, start: `${variables}${script.start}` };
}

function fromNode(variables: string, rest: string, context: ScriptContext): StartCommand | null {
  const loader =
    / (?:-r|--require|--import|--loader) (ts-node\S*|tsx\S*|@swc\S*|esbuild-register|dotenv\/config)/g;
  const loaders = [...rest.matchAll(loader)].map((match) => match[1]!);
  const compiler = loaders.find((one) => one !== "dotenv/config");
  const named = / --env-file(?:-if-exists)?[= ](\S+)/.exec(rest)?.[1] ?? null;
  // A file that is not committed is in no checkout, and Node ends where it is missing.
  const plain = named === null ? rest : rest.replace(/ --env-file(?:-if-exists)?[= ]\S+/, "");
  const script =
    compiler === undefined
      ? startOnly(`${variables}node${plain}`)
      : fromTypescript(
          "node",
          variables,
          plain.replaceAll(loader, ""),
          context,
          startOnly(`${variables}node${plain}`),
        );
  return script === null ? null : { ...script, envFile: named };
}

/** What compiles as it starts is compiled once instead, where it is known what comes of it. */
function fromTypescript(
  program: string,
  variables: string,
  rest: string,
  context: ScriptContext,
  asItIs?: StartCommand,
): StartCommand | null {
  const { manifest, output } = context;
  const match =
    /^(?: -\S+)* (?:\.\/)?([\w./-]+\.[cm]?tsx?)(.*)$/.exec(rest) ??
    /^(?: -\S+)* (?:\.\/)?([\w./-]+)(.*)$/.exec(rest);
  if (match === null) return null;
  const source = /\.[cm]?tsx?$/.test(match[1]!) ? match[1]! : `${match[1]!}.ts`;
  const built = manifest.scripts["build"];
  const compiles =
    built === undefined ? manifest.dependencies.has("typescript") : /\b(tsc|tsc-alias|swc)\b/.test(built);
  if (output !== null && compiles) {
    const build = built === undefined ? [inEnvironment("tsc", context)] : [];
    return { ...startOnly(`${variables}node ${output.of(source)}${match[2]!}`), build };
  }
  const known = inEnvironment(`${program}${rest}`, context);
  return asItIs ?? startOnly(`${variables}${known}`);
}
