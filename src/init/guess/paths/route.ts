/** A request without a body and without parameters that the sources declare. */
export interface Route {
  readonly path: string;
  /** "routes/users.js:12" */
  readonly from: string;
  /** Whether a part of its path is not known: it is declared on a router that is mounted elsewhere. */
  readonly mounted: boolean;
  /** Whether it seems to want a login. */
  readonly login: boolean;
}

/** One router mounted on another, below a path. */
export interface Mount {
  readonly file: string;
  /** Name of the router that the other is mounted on; `null`: some one of the file. */
  readonly object: string | null;
  /** `null` where it is no plain text. */
  readonly prefix: string | null;
  readonly target: { readonly file: string; readonly object: string | null };
  readonly login: boolean;
}

/** Where a router is to be found. */
export interface Place {
  readonly prefix: string;
  readonly known: boolean;
  readonly login: boolean;
}

const DEEPEST = 8;
const MOST = 4;

/** Which routers are mounted where, and what each puts before its own paths. */
export interface RouterGraph {
  readonly mounts: readonly Mount[];
  /** `null` where it is no plain text; empty where there is none. */
  ownPrefix(file: string, object: string | null): string | null;
}

/** Below which paths a router is mounted in the end, its own prefix left out; `null` where nothing mounts it. */
export function placesOf(
  graph: RouterGraph,
  file: string,
  object: string | null,
  depth = 0,
): readonly Place[] | null {
  const edges = graph.mounts.filter(
    ({ target }) =>
      target.file === file && (target.object === null || object === null || target.object === object),
  );
  // A router that is mounted on itself, by a name that is used again.
  const further = edges.filter((edge) => edge.file !== file || edge.object !== object);
  if (further.length === 0 || depth > DEEPEST) return null;
  return further
    .flatMap((edge) => {
      const parents = placesOf(graph, edge.file, edge.object, depth + 1) ?? [ROOT];
      const own = graph.ownPrefix(edge.file, edge.object);
      return parents.map((parent) => ({
        prefix: below(below(parent.prefix, own ?? ""), edge.prefix ?? ""),
        known: parent.known && own !== null && edge.prefix !== null,
        login: parent.login || edge.login,
      }));
    })
    .slice(0, MOST);
}

export const ROOT: Place = { prefix: "", known: true, login: false };

/** Two parts of a path with one slash between them. */
export function below(prefix: string, path: string): string {
  const start = prefix.replace(/\/$/, "");
  return path === "" || path.startsWith("/") ? `${start}${path}` : `${start}/${path}`;
}

/** Words of middleware, decorators and dependencies that let nobody in who has not logged in. */
const WANTS_LOGIN =
  /auth(?!or)|jwt|passport|logged_?in|login_?required|current_?user|protect|guard|verify_?token|require_?(user|login|session)|Security\(|permission|bearer/i;

/** Whether there is such a word; what is optional lets everybody in. */
export function wantsLogin(text: string): boolean {
  return WANTS_LOGIN.test(text.replace(/\w*optional\w*/gi, ""));
}
