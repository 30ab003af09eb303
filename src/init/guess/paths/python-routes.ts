import { fileOfModule } from "../python/modules.js";
import { findAll, placeOf, type Finding, type Snapshot } from "../snapshot.js";
import { below, type Mount, placesOf, ROOT, type Route, wantsLogin } from "./route.js";

const QUOTED = `["']((?:/[^"'\\s{}:*<>$]{0,300})?)["']`;

const DECORATED = new RegExp(
  `^[ \\t]*@(\\w+)\\.(?:get|route)\\(\\s*${QUOTED}(?![^)\\n]{0,200}methods=\\[(?!.{0,200}GET))`,
  "gm",
);
const RESOURCE = /\.add_resource\(\s*\w+\s*,\s*["'](\/[^"'<\n]{0,200})["']/g;
const ROUTER =
  /^[ \t]*(\w+)\s*(?::[^=\n]{0,60})?=\s*(?:\w+\.)?(?:APIRouter|Blueprint|APIBlueprint)\(([^)]{0,400})/gm;
const INCLUDE =
  /\b(\w+)\.(?:include_router|register_blueprint)\(\s*([\w.]{1,120})((?:[^()]|\([^()]{0,100}\)){0,300}?)\)/g;
const PREFIX = /\b(?:url_)?prefix\s*=\s*([^,)\n]{1,120})/;
const IMPORT =
  /^[ \t]*from\s+(\.*[\w.]*)\s+import\s+(?:\(([^)]{1,1000})\)|([^\n]{1,300}))|^[ \t]*import\s+([\w.]{1,200})(?:\s+as\s+(\w+))?/gm;

const WHOLE = /^(app|application|server|api|web)$/;

/** What FastAPI, Starlette and Flask declare. */
export function pythonRoutes(snapshot: Snapshot, sources: readonly string[]): Route[] {
  const own = new Map(
    findAll(snapshot, sources, ROUTER).map(({ path, match }) => [
      `${path} ${match[1]!}`,
      { prefix: prefixIn(match[2]!, snapshot), login: wantsLogin(match[2]!) },
    ]),
  );
  const graph = {
    mounts: mountsIn(snapshot, sources),
    ownPrefix: (file: string, object: string | null) => {
      const router = own.get(`${file} ${object}`);
      return router === undefined ? "" : router.prefix;
    },
  };
  const declared = (finding: Finding, object: string, path: string): Route[] => {
    const router = own.get(`${finding.path} ${object}`);
    const places = placesOf(graph, finding.path, object) ?? [
      { ...ROOT, known: WHOLE.test(object) || (router !== undefined && router.prefix !== "") },
    ];
    const login = wantsLogin(headOf(snapshot, finding)) || router?.login === true;
    return places.map((place) => ({
      path: below(below(place.prefix, router?.prefix ?? ""), path) || "/",
      from: placeOf(finding),
      mounted: !place.known || router?.prefix === null,
      login: login || place.login,
    }));
  };
  return [
    ...findAll(snapshot, sources, DECORATED).flatMap((one) => declared(one, one.match[1]!, one.match[2]!)),
    ...findAll(snapshot, sources, RESOURCE).flatMap((one) => declared(one, "api", one.match[1]!)),
  ];
}

/** Decorators and parameters of a handler. */
function headOf(snapshot: Snapshot, { path, match }: Finding): string {
  const text = snapshot.texts.get(path) ?? "";
  const after = text.slice(match.index + match[0].length, match.index + match[0].length + 500);
  return after.split(/:\s*\n\s{4}|\n\s*\n/)[0]!;
}

function mountsIn(snapshot: Snapshot, sources: readonly string[]): Mount[] {
  const known = importedIn(snapshot, sources);
  return findAll(snapshot, sources, INCLUDE).flatMap(({ path, match }) => {
    const [, object, name, rest] = match;
    const [first, second] = name!.split(".");
    const imported = known.get(`${path} ${first!}`);
    const target =
      imported === undefined
        ? { file: path, object: first! }
        : { file: imported.file, object: second ?? imported.name };
    return [
      { file: path, object: object!, prefix: prefixIn(rest!, snapshot), target, login: wantsLogin(rest!) },
    ];
  });
}

/** File and own name of what the source files import. */
function importedIn(
  snapshot: Snapshot,
  sources: readonly string[],
): ReadonlyMap<string, { readonly file: string; readonly name: string | null }> {
  const known = new Map<string, { file: string; name: string | null }>();
  for (const { path, match } of findAll(snapshot, sources, IMPORT)) {
    const [, written, many, few, whole, alias] = match;
    if (whole !== undefined) {
      const file = fileOfModule(whole, snapshot);
      if (file !== null) known.set(`${path} ${alias ?? whole.split(".")[0]!}`, { file, name: null });
      continue;
    }
    const module = absolute(path, written!);
    for (const one of (many ?? few!).replace(/#[^\n]*/g, "").split(",")) {
      const [, name, as] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(one) ?? [];
      if (name === undefined) continue;
      const submodule = fileOfModule(module === "" ? name : `${module}.${name}`, snapshot);
      const file = submodule ?? fileOfModule(module, snapshot);
      if (file !== null) known.set(`${path} ${as ?? name}`, { file, name: submodule === null ? name : null });
    }
  }
  return known;
}

/** `.routes` in app/api/main.py -> app.api.routes */
function absolute(path: string, written: string): string {
  const dots = /^\.*/.exec(written)![0].length;
  if (dots === 0) return written;
  const folders = path.split("/").slice(0, -dots);
  return [...folders, ...written.slice(dots).split(".")].filter((part) => part !== "").join(".");
}

/** Text of a prefix, or of the setting that it names; empty where there is none, `null` where it cannot be told. */
function prefixIn(given: string, snapshot: Snapshot): string | null {
  const written = PREFIX.exec(given)?.[1]?.trim();
  if (written === undefined) return "";
  const quoted = /^f?["'](\/?[^"'{}]*)["']$/.exec(written)?.[1];
  if (quoted !== undefined) return quoted;
  const name = /^(?:f["']\{)?(?:[\w.]+\.)?(\w+)(?:\}(\/[^"'{}]*)?["'])?$/.exec(written);
  if (name === null) return null;
  const setting = new RegExp(`\\b${name[1]!}\\s*(?::\\s*\\w+)?\\s*=\\s*["'](/[^"'\\s]{0,100})["']`);
  for (const text of snapshot.texts.values()) {
    const found = setting.exec(text);
    if (found !== null) return `${found[1]!}${name[2] ?? ""}`;
  }
  return null;
}
