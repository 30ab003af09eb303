import { openapiPaths } from "./paths/openapi.js";
import { guessRoutes, type RouteGuesses } from "./paths/routes.js";
import { sourcesOf, type Guess, type ProjectGuess, type Snapshot } from "./snapshot.js";

/** What the service may be asked. */
export interface RequestGuesses {
  /** What says that it is ready. */
  readonly ready: Guess | null;
  /** What may be measured; a health check only where nothing else is known. */
  readonly measured: readonly Guess[];
  readonly unknown: readonly string[];
}

export const HEALTH =
  /^(\/(api|v\d+|utils?|system))*\/(_?health(z|check|-check|_check)?|livez?|ready(z)?|readiness|ping|status|up|actuator\/health)(\/(live|ready))?\/?$/;
const NOT_THE_SERVICE =
  /^(\/(api|v\d+))*\/(docs|openapi(\.json|\.ya?ml)?|swagger|redoc|scalar|reference|metrics|favicon\.ico|robots\.txt|documentation|doc|admin|static|public|login|logout|oauth|auth\/\w+|graphiql|playground|socket\.io)(\/|$)/;

/** As many as a first file should have. */
export const MOST_PATHS = 3;

export function guessRequests(snapshot: Snapshot, project: ProjectGuess | null): RequestGuesses {
  const described = openapiPaths(snapshot);
  const declared: RouteGuesses =
    project === null ? { paths: [], guarded: [], mounted: [] } : routesOf(snapshot, project);
  const open = usable([...described.paths, ...declared.paths]);
  const guarded = usable([...described.guarded, ...declared.guarded]);
  const ready = open.find(({ value }) => HEALTH.test(value)) ?? null;
  const interesting = ordered(open.filter(({ value }) => !HEALTH.test(value)));
  const behindLogin = guarded.filter(({ value }) => !HEALTH.test(value));
  const measured = interesting.length > 0 ? interesting.slice(0, MOST_PATHS) : ready === null ? [] : [ready];
  return { ready, measured, unknown: unknownOf(interesting, behindLogin, declared.mounted, ready) };
}

function routesOf(snapshot: Snapshot, project: ProjectGuess): RouteGuesses {
  const autoload = /"@fastify\/autoload"/.test(snapshot.texts.get("package.json") ?? "");
  return guessRoutes(snapshot, sourcesOf(snapshot, project.extensions), autoload);
}

export function usable(guesses: readonly Guess[]): Guess[] {
  const first = new Map(guesses.toReversed().map((guess) => [guess.value, guess]));
  return [...first.values()]
    .toReversed()
    .filter(
      ({ value }) => /^\/[!-~]*$/.test(value) && !value.startsWith("//") && !NOT_THE_SERVICE.test(value),
    );
}

/** The root greets more often than it works. */
function ordered(guesses: readonly Guess[]): Guess[] {
  const roots = guesses.filter(({ value }) => value === "/");
  return [...guesses.filter(({ value }) => value !== "/"), ...roots];
}

function unknownOf(
  interesting: readonly Guess[],
  guarded: readonly Guess[],
  mounted: readonly Guess[],
  ready: Guess | null,
): string[] {
  const more = interesting.length - MOST_PATHS;
  const login =
    guarded.length === 0
      ? []
      : [
          `${guarded.length === 1 ? "A path seems" : `${guarded.length} paths seem`} to want a login (${guarded
            .slice(0, MOST_PATHS)
            .map(({ value }) => value)
            .join(", ")}): \`login\` in tailgate.yml sends one first.`,
        ];
  if (interesting.length > 0) {
    return [
      ...(more > 0 ? [`${more} more paths were found; the file starts with ${MOST_PATHS}.`] : []),
      ...login,
    ];
  }
  if (mounted.length > 0) {
    const one = mounted[0]!;
    return [
      `Under which prefix \`${one.value}\` is mounted (${one.from}): name the paths to measure.`,
      ...login,
    ];
  }
  return [
    ...login,
    ready === null
      ? "No path was found to measure; the file has `/`."
      : `Only ${ready.value} was found to measure, which seldom is the one that matters.`,
  ];
}
