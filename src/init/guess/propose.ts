import { guessGo } from "./go.js";
import { guessJava } from "./java.js";
import { fillsTables } from "./commands.js";
import type { NeededService } from "./deployment/services.js";
import { guessNeeds, type NeededVariable } from "./needs.js";
import { guessNode } from "./node/node.js";
import { guessPort, type PortGuess } from "./port.js";
import { guessPython } from "./python/python.js";
import { guessRequests } from "./requests.js";
import { guessRuby } from "./ruby.js";
import { guessRust } from "./rust.js";
import type { Guess, Language, ProjectGuess, Snapshot, WorkflowStep } from "./snapshot.js";
import { guessStart } from "./start.js";

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
  /** What makes tables and data: once for the run, and in each arm. */
  readonly setupOnce: Guess | null;
  readonly setup: Guess | null;
  readonly port: PortGuess;
  readonly envFile: Guess | null;
  readonly ready: Guess | null;
  /** Requests to measure; empty: none is known, then `/` is all that can be said. */
  readonly paths: readonly Guess[];
  readonly steps: readonly WorkflowStep[];
  /** Variables that lead to other services, such as DATABASE_URL. */
  readonly needs: readonly NeededVariable[];
  /** Databases and the like that the workflow starts. */
  readonly services: readonly NeededService[];
  /** What a person has to look at, in sentences. */
  readonly unknown: readonly string[];
}

/** Looks at what was read, and proposes what to write. */
export function propose(snapshot: Snapshot, given: Given): Proposal {
  const projects = projectsIn(snapshot);
  const project = chosen(projects);
  const guessed = guessStart(snapshot, project);
  const start = said(given.start) ?? guessed.start;
  const port: PortGuess = start === null ? { kind: "unknown" } : guessPort(snapshot, project, start);
  const requests = guessRequests(snapshot, project);
  const needs = guessNeeds(snapshot, project, guessed.envFile);
  const prepares = guessed.setup.length > 0 && (needs.services.length > 0 || needs.variables.length > 0);
  return {
    build: said(given.build) ?? guessed.build,
    start,
    ...(prepares ? preparations(guessed.setup) : { setup: null, setupOnce: null }),
    port,
    envFile: needs.envFile,
    ready: requests.ready,
    paths: given.path !== null ? [said(given.path)!] : requests.measured,
    steps: project?.steps ?? [],
    needs: needs.variables,
    services: needs.services,
    unknown: [
      ...(given.start === null ? guessed.unknown : []),
      ...othersIn(projects, project),
      ...portUnknown(port, start, project),
      ...(given.path === null ? requests.unknown : []),
      ...needs.unknown,
      ...(prepares ? [] : guessed.setup.map(mayBeSetup)),
    ],
  };
}

export function projectsIn(snapshot: Snapshot): ProjectGuess[] {
  const guesses = [guessNode, guessPython, guessRust, guessGo, guessJava, guessRuby];
  return guesses.flatMap((guess) => guess(snapshot) ?? []);
}

/** What serves and can be started, before what only can be started: pages for browsers have a start script too. */
function chosen(projects: readonly ProjectGuess[]): ProjectGuess | null {
  const startable = projects.filter(({ start }) => start !== null);
  return startable.find(({ serves }) => serves) ?? startable[0] ?? projects[0] ?? null;
}

/** Tables are made by each arm's own code; what stands in them, once for both. */
function preparations(setup: readonly Guess[]): Pick<Proposal, "setup" | "setupOnce"> {
  const joined = (guesses: readonly Guess[]): Guess | null =>
    guesses.length === 0
      ? null
      : {
          value: guesses.map(({ value }) => value).join(" && "),
          from: [...new Set(guesses.map(({ from }) => from))].join(", "),
        };
  const fills = setup.some(({ value }) => fillsTables(value));
  return {
    setupOnce: fills ? joined(setup) : null,
    setup: joined(setup.filter(({ value }) => !fillsTables(value))),
  };
}

function mayBeSetup({ value, from }: Guess): string {
  return `\`${value}\` (${from}): if the service needs it, write it as \`service.setup\`.`;
}

function said(value: string | null): Guess | null {
  return value === null ? null : { value, from: "as you said" };
}

function othersIn(projects: readonly ProjectGuess[], chosen: ProjectGuess | null): string[] {
  const names: Readonly<Record<Language, string>> = {
    node: "Node.js",
    python: "Python",
    rust: "Rust",
    go: "Go",
    java: "Java",
    ruby: "Ruby",
  };
  const others = projects.filter((one) => one !== chosen && one.start !== null && one.serves);
  return others.map(
    (one) => `There is a ${names[one.language]} service too (${one.start!.from}); it is left out.`,
  );
}

/** How each language says "the port I am given, or the one that stands here". */
const FROM_PORT: Readonly<Record<Language, (port: number) => string>> = {
  node: (port) => `\`Number(process.env.PORT ?? ${port})\``,
  python: (port) => `\`int(os.environ.get("PORT", ${port}))\``,
  rust: (port) => `\`std::env::var("PORT").unwrap_or("${port}".into())\``,
  go: (port) => `\`os.Getenv("PORT")\`, and ${port} where that is empty`,
  java: (port) => `\`server.port=\${PORT:${port}}\``,
  ruby: (port) => `\`ENV.fetch("PORT", ${port})\``,
};

function portUnknown(port: PortGuess, start: Guess | null, project: ProjectGuess | null): string[] {
  switch (port.kind) {
    case "told":
      return [];
    case "variable":
      return port.sure
        ? []
        : [
            `Whether ${port.name} (${port.from}) is the port that the service listens on: nothing else looks like it.`,
          ];
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
