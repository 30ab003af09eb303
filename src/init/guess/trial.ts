import { pathsIn } from "./paths/openapi.js";
import type { Proposal } from "./propose.js";
import { HEALTH, MOST_PATHS, usable } from "./requests.js";
import type { Guess } from "./snapshot.js";

/** What came of starting the service once. */
export type Trial =
  | {
      readonly kind: "served";
      /** The port that it was told, and those on which it listened. */
      readonly told: number;
      readonly listens: readonly number[];
      /** Path -> status of its response; `null`: none came. */
      readonly statuses: ReadonlyMap<string, number | null>;
      /** An OpenAPI document that it gave, and under which path. */
      readonly openapi: { readonly path: string; readonly text: string } | null;
    }
  /** It did not start to listen: why, and the end of what it printed. */
  | { readonly kind: "failed"; readonly why: string; readonly lastLine: string };

/** Where services describe themselves. */
export const OPENAPI_PLACES = [
  "/openapi.json",
  "/api/openapi.json",
  "/swagger.json",
  "/api-json",
  "/v3/api-docs",
  "/docs/json",
];

/** Further paths that a service has told of itself, to be asked as well. */
export function toldPaths(
  openapi: { readonly path: string; readonly text: string } | null,
): readonly Guess[] {
  if (openapi === null) return [];
  return usable(pathsIn(openapi.text, `${openapi.path} of the service`).paths).slice(0, 10);
}

/** The proposal after its service was started once: what it listens on, and only paths that it serves. */
export function afterTrial(proposal: Proposal, trial: Trial): Proposal {
  if (trial.kind === "failed") {
    const line = trial.lastLine === "" ? "" : `, and printed last: ${trial.lastLine}`;
    return {
      ...proposal,
      unknown: [`The service was started once, and ${trial.why}${line}.`, ...proposal.unknown],
    };
  }
  const { statuses } = trial;
  const serves = ({ value }: Guess): boolean => {
    const status = statuses.get(value);
    return typeof status === "number" && status >= 200 && status < 300;
  };
  const told = toldPaths(trial.openapi).filter(serves);
  const known = new Set(proposal.paths.map(({ value }) => value));
  const served = [
    ...proposal.paths.filter(serves),
    ...told.filter(({ value }) => !known.has(value) && !HEALTH.test(value)),
  ];
  const refused = proposal.paths.filter((path) => !serves(path));
  return {
    ...proposal,
    port: portAfter(proposal, trial),
    ready: proposal.ready !== null && serves(proposal.ready) ? proposal.ready : null,
    // A file with a path that fails says at least where to begin.
    paths: served.length > 0 ? served.slice(0, MOST_PATHS) : proposal.paths,
    unknown: [
      ...refused.map(({ value }) => refusedInWords(value, statuses.get(value) ?? null)),
      ...portInWords(proposal, trial),
      ...proposal.unknown.filter(
        (sentence) => !PORT_QUESTION.test(sentence) && !(served.length > 0 && PATH_QUESTION.test(sentence)),
      ),
    ],
  };
}

const PORT_QUESTION = /learns its port|is the port that the service listens on|whatever PORT says/;
const PATH_QUESTION = /^(No path was found|Only \S+ was found|Under which prefix)/;

type Served = Extract<Trial, { kind: "served" }>;

function portAfter({ port, start }: Proposal, { told, listens }: Served): Proposal["port"] {
  if (listens.includes(told)) {
    return port.kind === "variable" || port.kind === "told"
      ? port
      : { kind: "told", from: "it listened on PORT when it was tried" };
  }
  return listens[0] === undefined || start === null
    ? port
    : { kind: "fixed", port: listens[0], from: "it listened there when it was tried, whatever PORT says" };
}

function portInWords({ port }: Proposal, { told, listens }: Served): string[] {
  if (listens.includes(told) || listens[0] === undefined) return [];
  const guessed = port.kind === "told" || port.kind === "variable" ? ` although ${port.from}` : "";
  return [
    `The service listens on port ${listens[0]}${guessed}, whatever PORT says: base and head then run one after the other, which is less precise. Better: let it listen on the port in PORT, and remove \`port\` from the file.`,
  ];
}

function refusedInWords(path: string, status: number | null): string {
  if (status === null) return `GET ${path} got no response within 5 s when it was tried.`;
  if (status === 401 || status === 403)
    return `GET ${path} responds with ${status}: it wants a login, which \`login\` in tailgate.yml sends first.`;
  if (status === 404) return `GET ${path} responds with 404: it is served elsewhere, or by another name.`;
  if (status >= 500)
    return `GET ${path} responds with ${status}: does it miss a database, or what stands in it?`;
  return `GET ${path} responds with ${status}.`;
}
