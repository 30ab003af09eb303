import { findAll, placeOf, type Finding, type Snapshot } from "../snapshot.js";
import { imports } from "./node-imports.js";
import { below, type Mount, type Place, placesOf, ROOT, type Route, wantsLogin } from "./route.js";

/* What may stand between two parts of a match is bounded: a file may be long, and made to be slow. */

const QUOTED = `["'\`](/[^"'\`\\s{}:*<>$]{0,300})["'\`]`;

const GET = new RegExp(`(?:\\b(\\w+)|\\))\\s*\\.get(?:<[^()\\n]{0,200}>)?\\(\\s*${QUOTED}`, "g");
const ROUTE_CHAIN = new RegExp(`\\b(\\w+)\\.route\\(\\s*${QUOTED}\\s*\\)\\s*\\.get\\(`, "g");
const ROUTE_OBJECT =
  /\b(?:route|createRoute)\(\s*\{(?=[^}]{0,300}?\bmethod:\s*["']get["'])[^}]{0,300}?\b(?:url|path):\s*["'](\/[^"'\s{}:*]*)["']/gi;
const CONTROLLER =
  /@Controller\(\s*(?:["'`]([^"'`\n]*)["'`]|\{[^}]{0,200}?\bpath:\s*["'`]([^"'`\n]*)["'`])?/g;
const HANDLER = /@Get\(\s*(?:["'`]([^"'`\n]*)["'`])?\s*\)/g;
const GLOBAL_PREFIX = /\bsetGlobalPrefix\(\s*["'`]\/?([\w/-]{1,100})["'`]/g;
const OWN_PREFIX =
  /\b(\w+)\s*=\s*new\s+\w*(?:Router|Elysia|Hono)(?:<[^()\n]{0,100}>)?\(\s*\{[^}]{0,200}?\bprefix:\s*["'`](\/[^"'`\n]*)["'`]|\b(\w+)\s*=[^;\n]{0,100}\.basePath\(\s*["'`](\/[^"'`\n]*)["'`]|\b(\w+)\.prefix\(\s*["'`](\/[^"'`\n]*)["'`]/g;

const MOUNT =
  /(?:\b(\w+)|\))\s*\.(?:use|route|mount)\(\s*(?:["'`]([^"'`\n]{0,200})["'`]\s*,)?\s*((?:[\w.]{1,80}(?:\([^()]{0,100}\))?\s*,\s*){0,5})(?:require\(\s*["']([^"'\n]{1,200})["']\s*\)|([\w.]{1,80}?)(?:\.(?:routes|middleware)\(\)|\(\))?)\s*[,)]/g;
const REGISTER =
  /\b(\w+)\s*\.register\(\s*(?:(?:require|import)\(\s*["']([^"'\n]{1,200})["']\s*\)|([\w.]{1,80}))\s*(?:,\s*\{[^}]{0,200}?\bprefix:\s*["'`]([^"'`\n]{0,200})["'`])?/g;

/** Names by which a whole application goes, whose routes have no prefix. */
const WHOLE = /^(app|application|server|fastify|instance|api|web|hono)$/;
/** What has a `get` and is no router. */
const NO_ROUTER =
  /^(axios|https?|fetch|client|request|supertest|agent|cache|redis|map|config|got|ky|nock|cy|params|headers|storage)$/i;

/** What Node.js frameworks declare: Express, Fastify, Koa, Hono, Elysia, Nest. */
export function nodeRoutes(snapshot: Snapshot, sources: readonly string[], autoload: boolean): Route[] {
  const guarded = new Set(
    sources.filter((path) =>
      /\.use\(\s*[\w.]*(auth(?!or)|jwt|protect)/i.test(snapshot.texts.get(path) ?? ""),
    ),
  );
  const own = new Map(
    findAll(snapshot, sources, OWN_PREFIX).map(({ path, match }) => [
      `${path} ${match[1] ?? match[3] ?? match[5]!}`,
      match[2] ?? match[4] ?? match[6]!,
    ]),
  );
  const graph = {
    mounts: mountsIn(snapshot, sources),
    ownPrefix: (file: string, object: string | null) => own.get(`${file} ${object}`) ?? "",
  };
  const declared = (finding: Finding, object: string | null, path: string): Route[] => {
    if (object !== null && NO_ROUTER.test(object)) return [];
    const login = guarded.has(finding.path) || wantsLogin(argumentsOf(snapshot, finding));
    const folder = autoload ? autoloadPrefix(finding.path) : null;
    const prefix = own.get(`${finding.path} ${object}`);
    const places: readonly Place[] =
      folder !== null
        ? [{ ...ROOT, prefix: folder }]
        : (placesOf(graph, finding.path, object) ?? [
            { ...ROOT, known: object === null || prefix !== undefined || WHOLE.test(object) },
          ]);
    return places.map((place) => ({
      path: joined(below(place.prefix, prefix ?? ""), path),
      from: placeOf(finding),
      mounted: !place.known,
      login: login || place.login,
    }));
  };
  return [
    ...findAll(snapshot, sources, GET).flatMap((one) => declared(one, one.match[1] ?? null, one.match[2]!)),
    ...findAll(snapshot, sources, ROUTE_CHAIN).flatMap((one) => declared(one, one.match[1]!, one.match[2]!)),
    ...findAll(snapshot, sources, ROUTE_OBJECT).flatMap((one) => declared(one, null, one.match[1]!)),
    ...nestRoutes(snapshot, sources),
    ...nextRoutes(snapshot),
  ];
}

function mountsIn(snapshot: Snapshot, sources: readonly string[]): Mount[] {
  const known = imports(snapshot, sources);
  const edge = (
    { path }: Finding,
    object: string | null,
    prefix: string | undefined,
    required: string | undefined,
    name: string | undefined,
    between: string,
  ): Mount[] => {
    const first = name?.split(".")[0];
    const file = required === undefined ? known.file(path, first ?? "") : known.resolve(path, required);
    const local = file === null && first !== undefined ? { file: path, object: first } : null;
    const target = file === null ? local : { file, object: null };
    if (target === null) return [];
    const login = wantsLogin(between);
    return [{ file: path, object, prefix: prefix ?? "", target, login }];
  };
  return [
    ...findAll(snapshot, sources, MOUNT).flatMap((one) => {
      const [, object, prefix, between, required, name] = one.match;
      return edge(one, object ?? null, prefix, required, name, between ?? "");
    }),
    ...findAll(snapshot, sources, REGISTER).flatMap((one) => {
      const [, object, required, name, prefix] = one.match;
      return edge(one, object ?? null, prefix, required, name, "");
    }),
  ];
}

/** The arguments before the handler: middleware and options. */
function argumentsOf(snapshot: Snapshot, { path, match }: Finding): string {
  const after = (snapshot.texts.get(path) ?? "").slice(
    match.index + match[0].length,
    match.index + match[0].length + 250,
  );
  return after.split(/=>|\bfunction\b|\basync\b|\n\s*\n|[;)]\s*\n/)[0]!;
}

function nestRoutes(snapshot: Snapshot, sources: readonly string[]): Route[] {
  const global = findAll(snapshot, sources, GLOBAL_PREFIX)[0]?.match[1];
  const start = global === undefined ? "" : `/${global.replace(/\/$/, "")}`;
  return sources.flatMap((file) => {
    const text = snapshot.texts.get(file) ?? "";
    const controllers = findAll(snapshot, [file], CONTROLLER);
    return findAll(snapshot, [file], HANDLER).flatMap((one) => {
      const controller = controllers.findLast(({ match }) => match.index < one.match.index);
      const handled = one.match[1] ?? "";
      const named = controller?.match[1] ?? controller?.match[2] ?? "";
      const path = joined(joined(start, slashed(named)), slashed(handled));
      if (controller === undefined || /[:*]/.test(path)) return [];
      const around = text.slice(Math.max(0, controller.match.index - 200), controller.match.index);
      const handler = text.slice(one.match.index, one.match.index + 200).split("{")[0]!;
      const login = /@UseGuards/.test(around) || /@UseGuards/.test(handler);
      return [{ path: path === "" ? "/" : path, from: placeOf(one), mounted: false, login }];
    });
  });
}

/** Handlers of Next.js by the place of their files. */
function nextRoutes({ paths, texts }: Snapshot): Route[] {
  if (!/"next"\s*:/.test(texts.get("package.json") ?? "")) return [];
  return paths.flatMap((file) => {
    const match = /^(?:src\/)?(?:app\/(.+)\/route|pages\/(api\/.+?)(?:\/index)?)\.[jt]sx?$/.exec(file);
    const path = (match?.[1] ?? match?.[2] ?? "").replace(/\([^)]*\)\/?/g, "");
    return path === "" || path.includes("[")
      ? []
      : [{ path: `/${path}`, from: file, mounted: false, login: false }];
  });
}

/** @fastify/autoload mounts a file of routes/ under the folders that it lies in. */
function autoloadPrefix(path: string): string | null {
  const match = /(?:^|\/)routes\/(?:(.*)\/)?[^/]+$/.exec(path);
  return match === null ? null : match[1] === undefined ? "" : `/${match[1]}`;
}

function slashed(path: string): string {
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}

/** Node.js frameworks take `/users` for `/` below `/users`. */
function joined(prefix: string, path: string): string {
  const start = prefix.replace(/\/$/, "");
  return path === "/" && start !== "" ? start : `${start}${path}`;
}
