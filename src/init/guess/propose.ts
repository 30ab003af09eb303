import { composeImages, dockerfileStart, procfileStart } from "./deployment.js";
import { guessGo } from "./go.js";
import { guessNode } from "./node.js";
import { openapiPaths } from "./openapi.js";
import { guessPort, variablesRead, type PortGuess } from "./port.js";
import { guessPython } from "./python.js";
import { guessRoutes } from "./routes.js";
import { guessRust } from "./rust.js";
import {
  placeOf,
  sourcesOf,
  type Guess,
  type ProjectGuess,
  type Snapshot,
  type WorkflowStep,
} from "./snapshot.js";

/** What the user has said, which needs no guess. */
export interface Given {
  readonly build: string | null;
  readonly start: string | null;
  readonly path: string | null;
}

/** What is going to be written, each part with where it comes from. */
export interface Proposal {
  readonly build: Guess | null;
  /** `null`: nothing says how the service is started. */
  readonly start: Guess | null;
  readonly port: PortGuess;
  readonly ready: Guess | null;
  /** Requests to measure; empty: none is known, then `/` is all that can be said. */
  readonly paths: readonly Guess[];
  readonly steps: readonly WorkflowStep[];
  /** Variables that lead to other services, such as DATABASE_URL. */
  readonly needs: readonly Guess[];
  /** What a person has to look at, in sentences. */
  readonly unknown: readonly string[];
}

const HEALTH =
  /^(\/(api|v\d+))*\/(_?health(z|check|-check)?|livez?|ready(z)?|readiness|ping|status|up)(\/(live|ready))?$/;
const NOT_THE_SERVICE = /^\/(docs|openapi\.json|swagger|metrics|favicon\.ico|documentation)/;
const NEEDS =
  /^(DATABASE_URL|DATABASE_DSN|DB_(URL|HOST|DSN)|PG(HOST|DATABASE)|POSTGRES_(URL|HOST)|REDIS_(URL|HOST)|MONGO(DB)?_UR[IL]|MYSQL_(URL|HOST)|AMQP_URL|KAFKA_BROKERS)$/;
const MOST_PATHS = 3;

/** Looks at what was read, and proposes what to write. */
export function propose(snapshot: Snapshot, given: Given): Proposal {
  const projects = [guessNode, guessPython, guessRust, guessGo].flatMap((guess) => guess(snapshot) ?? []);
  const project = projects.find((one) => one.start !== null) ?? projects[0] ?? null;
  const start = said(given.start) ?? procfileStart(snapshot) ?? project?.start ?? dockerfileStart(snapshot);
  const port: PortGuess = start === null ? { kind: "unknown" } : guessPort(snapshot, project, start);
  const requests = guessRequests(snapshot, project);
  const ready = requests.find(({ value }) => HEALTH.test(value)) ?? null;
  const measured = requests.filter(({ value }) => !HEALTH.test(value)).slice(0, MOST_PATHS);
  const needs = project === null ? [] : needsOf(snapshot, project);
  return {
    build: said(given.build) ?? project?.build ?? null,
    start,
    port,
    ready,
    paths:
      given.path !== null
        ? [said(given.path)!]
        : measured.length > 0
          ? measured
          : ready === null
            ? []
            : [ready],
    steps: project?.steps ?? [],
    needs,
    unknown: [
      ...(given.start === null ? (project?.unknown ?? []) : []),
      ...othersIn(projects, project),
      ...portUnknown(port, start, project),
      ...pathsUnknown(snapshot, project, given, requests),
      ...needsUnknown(snapshot, needs),
    ],
  };
}

function said(value: string | null): Guess | null {
  return value === null ? null : { value, from: "as you said" };
}

function guessRequests(snapshot: Snapshot, project: ProjectGuess | null): Guess[] {
  const described = openapiPaths(snapshot);
  const declared = project === null ? [] : routesOf(snapshot, project).paths;
  const seen = new Set(described.map(({ value }) => value));
  return [...described, ...declared.filter(({ value }) => !seen.has(value))].filter(
    ({ value }) => /^\/[!-~]*$/.test(value) && !value.startsWith("//") && !NOT_THE_SERVICE.test(value),
  );
}

function routesOf(snapshot: Snapshot, project: ProjectGuess) {
  const autoload = /"@fastify\/autoload"/.test(snapshot.texts.get("package.json") ?? "");
  return guessRoutes(snapshot, sourcesOf(snapshot, project.extensions), autoload);
}

function needsOf(snapshot: Snapshot, project: ProjectGuess): Guess[] {
  return [...variablesRead(snapshot, project)]
    .filter(([name]) => NEEDS.test(name))
    .map(([name, where]) => ({ value: name, from: placeOf(where) }));
}

function othersIn(projects: readonly ProjectGuess[], chosen: ProjectGuess | null): string[] {
  const names = { node: "Node.js", python: "Python", rust: "Rust", go: "Go" };
  const others = projects.filter((one) => one !== chosen && one.start !== null);
  return others.map(
    (one) => `There is a ${names[one.language]} service too (${one.start!.from}); it is left out.`,
  );
}

/** How each language says "the port I am given, or the one that stands here". */
const FROM_PORT: Readonly<Record<ProjectGuess["language"], (port: number) => string>> = {
  node: (port) => `\`Number(process.env.PORT ?? ${port})\``,
  python: (port) => `\`int(os.environ.get("PORT", ${port}))\``,
  rust: (port) => `\`std::env::var("PORT").unwrap_or("${port}".into())\``,
  go: (port) => `\`os.Getenv("PORT")\`, and ${port} where that is empty`,
};

function portUnknown(port: PortGuess, start: Guess | null, project: ProjectGuess | null): string[] {
  switch (port.kind) {
    case "told":
    case "variable":
      return [];
    case "fixed":
      return [
        `The service listens on port ${port.port} whatever PORT says (${port.from}): base and head then run one after the other, which is less precise. Better, in a change of its own: let it listen on ${FROM_PORT[project?.language ?? "node"](port.port)}, and remove \`port\` from the file.`,
      ];
    case "unknown":
      return start === null
        ? []
        : [
            "How the service learns its port: it has to listen on the one in the variable PORT, or take it from the start command, where `{port}` is replaced.",
          ];
  }
}

function pathsUnknown(
  snapshot: Snapshot,
  project: ProjectGuess | null,
  given: Given,
  requests: readonly Guess[],
): string[] {
  if (given.path !== null) return [];
  const mounted = project === null ? [] : routesOf(snapshot, project).mounted;
  const measured = requests.filter(({ value }) => !HEALTH.test(value));
  if (measured.length > MOST_PATHS) {
    return [`${measured.length - MOST_PATHS} more paths were found; the file starts with ${MOST_PATHS}.`];
  }
  if (measured.length > 0) return [];
  if (mounted.length > 0) {
    const one = mounted[0]!;
    return [`Under which prefix \`${one.value}\` is mounted (${one.from}): name the paths to measure.`];
  }
  return requests.length > 0
    ? [`Only ${requests[0]!.value} was found to measure, which seldom is the one that matters.`]
    : ["No path was found to measure; the file has `/`."];
}

function needsUnknown(snapshot: Snapshot, needs: readonly Guess[]): string[] {
  const images = composeImages(snapshot);
  const beside = images === null ? "" : ` ${images.from} starts ${images.value.join(", ")} beside it.`;
  if (needs.length > 0) {
    const names = needs.map(({ value, from }) => `${value} (${from})`).join(", ");
    return [
      `The service reads ${names}: set it in the workflow and give the job what it leads to, with data that nobody else needs.${beside}`,
    ];
  }
  return images === null ? [] : [`What the service needs beside itself:${beside}`];
}
