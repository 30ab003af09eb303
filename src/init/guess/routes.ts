import { findAll, placeOf, type Finding, type Guess, type Snapshot } from "./snapshot.js";

/** Requests without a body and without parameters that the sources declare: path, and where. */
export interface RouteGuesses {
  readonly paths: readonly Guess[];
  /** Declared on a router that is mounted elsewhere, so that a part of their path is not known. */
  readonly mounted: readonly Guess[];
}

/* What may stand between two parts of a match is bounded: a file may be long, and made to be slow. */

const QUOTED = `["'\`](/[^"'\`\\s{}:*<>$]{0,300})["'\`]`;

const NODE = new RegExp(`\\b(\\w+)\\.get\\(\\s*${QUOTED}`, "g");
const NODE_ROUTE =
  /\.route\(\s*\{[^}]{0,300}?\bmethod:\s*["']GET["'][^}]{0,300}?\b(?:url|path):\s*["'](\/[^"'\s{}:*]*)["']/g;
const PYTHON = new RegExp(
  `^\\s*@(\\w+)\\.(?:get|route)\\(\\s*${QUOTED}(?![^)\\n]{0,200}methods=\\[(?!.{0,200}GET))`,
  "gm",
);
const PYTHON_PREFIX =
  /(\w+)\s*=\s*(?:APIRouter|Blueprint)\([^)]{0,300}?\b(?:url_)?prefix\s*=\s*["'](\/[^"']*)["']/g;
const RUST_ROUTE = /\.route\(\s*"(\/[^"{}:*<>]*)"\s*,\s*(?:\w+::)*get\(/g;
const RUST_ATTRIBUTE = /#\[get\("(\/[^"{}:*<>]*)"/g;
const GO =
  /\.HandleFunc\(\s*"(?:GET )?(\/[^"{}:*\s]*)"|\.Handle\(\s*"GET (\/[^"{}:*\s]*)"|\.(?:GET|Get)\(\s*"(\/[^"{}:*\s]*)"/g;

/** Names by which a whole application goes, whose routes have no prefix. */
const WHOLE = /^(app|application|server|fastify|instance|api|web|hono|f|e|r|mux|engine)$/;

export function guessRoutes(snapshot: Snapshot, sources: readonly string[], autoload: boolean): RouteGuesses {
  const js = sources.filter((path) => /\.[cm]?[jt]s$/.test(path));
  const py = sources.filter((path) => path.endsWith(".py"));
  const prefixes = new Map(
    findAll(snapshot, py, PYTHON_PREFIX).map((one) => [`${one.path} ${one.match[1]!}`, one.match[2]!]),
  );
  const paths: Guess[] = [];
  const mounted: Guess[] = [];
  const take = (finding: Finding, object: string | null, path: string): void => {
    const prefix = prefixes.get(`${finding.path} ${object}`);
    const folder = autoload ? autoloadPrefix(finding.path) : null;
    const guess = { value: joined(folder ?? prefix ?? "", path), from: placeOf(finding) };
    if (object === null || folder !== null || prefix !== undefined || WHOLE.test(object)) paths.push(guess);
    else mounted.push(guess);
  };
  for (const one of findAll(snapshot, js, NODE)) take(one, one.match[1]!, one.match[2]!);
  for (const one of findAll(snapshot, js, NODE_ROUTE)) take(one, null, one.match[1]!);
  for (const one of findAll(snapshot, py, PYTHON)) take(one, one.match[1]!, one.match[2]!);
  for (const one of findAll(snapshot, sources, RUST_ROUTE)) take(one, null, one.match[1]!);
  for (const one of findAll(snapshot, sources, RUST_ATTRIBUTE)) take(one, null, one.match[1]!);
  const go = sources.filter((path) => path.endsWith(".go"));
  for (const one of findAll(snapshot, go, GO)) {
    const groups: readonly (string | undefined)[] = one.match.slice(1);
    take(
      one,
      null,
      groups.find((path) => path !== undefined)!,
    );
  }
  return { paths: unique(paths), mounted: unique(mounted) };
}

/** @fastify/autoload mounts a file of routes/ under the folders that it lies in. */
function autoloadPrefix(path: string): string | null {
  const match = /(?:^|\/)routes\/(?:(.*)\/)?[^/]+$/.exec(path);
  return match === null ? null : match[1] === undefined ? "" : `/${match[1]}`;
}

function joined(prefix: string, path: string): string {
  return prefix === "" ? path : path === "/" ? prefix : `${prefix}${path}`;
}

function unique(guesses: readonly Guess[]): Guess[] {
  return [...new Map(guesses.toReversed().map((guess) => [guess.value, guess])).values()].toReversed();
}
