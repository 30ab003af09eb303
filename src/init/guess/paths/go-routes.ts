import { findAll, placeOf, type Finding, type Snapshot } from "../snapshot.js";
import { below, type Route, wantsLogin } from "./route.js";

const GROUP =
  /\b(\w+)\s*:?=\s*(\w+)\.(?:Group\(\s*"(\/?[^"{}:*\n]{0,200})"([^\n)]{0,200})|PathPrefix\(\s*"(\/[^"{}:*\n]{0,200})"\s*\)\.Subrouter\()/g;
const USE = /\b(\w+)\.Use\(([^\n]{1,200})/g;
const METHOD = /(?:\b([\w.]+)|\))\.(?:GET|Get)\(\s*"(\/?[^"{}:*\s]{0,200})"\s*,([^\n]{0,200})/g;
const HANDLE = /\b(\w+)\.(?:HandleFunc|Handle)\(\s*"(?:GET )?(\/[^"{}:*\s]{0,200})"([^\n]{0,200})/g;
const NESTED = /\.Route\(\s*"(\/[^"\n]{0,200})"\s*,\s*func\(/g;
const MOUNTED = /\.Mount\(\s*"(\/[^"{}:*\n]{0,200})"\s*,\s*(?:\w+\.)?(\w+)\(/g;

const LONGEST_BLOCK = 8000;
const MOST_BLOCKS = 12;

interface Group {
  readonly parent: string;
  readonly prefix: string;
  readonly login: boolean;
}

/** What routers of Go declare: net/http, gin, echo, fiber, chi, gorilla. */
export function goRoutes(snapshot: Snapshot, sources: readonly string[]): Route[] {
  const guarded = new Set(
    findAll(snapshot, sources, USE).flatMap(({ path, match }) =>
      wantsLogin(match[2]!) ? [`${path} ${match[1]!}`] : [],
    ),
  );
  const groups = new Map<string, Group>();
  for (const { path, match } of findAll(snapshot, sources, GROUP)) {
    const [, name, parent, prefix, rest, other] = match;
    const group: Group = {
      parent: parent!,
      prefix: prefix ?? other ?? "",
      login: wantsLogin(rest ?? "") || guarded.has(`${path} ${name!}`),
    };
    groups.set(`${path} ${name!}`, group);
    // A function that is given a group calls it as whoever made it does.
    if (!groups.has(` ${name!}`)) groups.set(` ${name!}`, group);
  }
  const groupOf = (path: string, object: string, depth = 0): { prefix: string; login: boolean } => {
    const group = groups.get(`${path} ${object}`) ?? groups.get(` ${object}`);
    if (group === undefined || depth > 5 || group.parent === object) return { prefix: "", login: false };
    const outer = groupOf(path, group.parent, depth + 1);
    return { prefix: below(outer.prefix, group.prefix), login: outer.login || group.login };
  };
  const mounted = findAll(snapshot, sources, MOUNTED);
  const routeOf = (finding: Finding, object: string, path: string, rest: string): Route[] => {
    if (/\.Methods\(\s*(?!"GET"|http\.MethodGet)/.test(rest)) return [];
    const group = groupOf(finding.path, object);
    const text = snapshot.texts.get(finding.path) ?? "";
    const nested = blocksAround(text, finding.match.index, mounted);
    // Below a parameter every path has one.
    if (/[{:*]/.test(nested)) return [];
    const full = below(`${nested}${group.prefix}`, path);
    return [
      {
        // chi takes the path of a block for `/` in it.
        path: nested !== "" && path === "/" ? nested : full === "" ? "/" : full,
        from: placeOf(finding),
        mounted: false,
        login: group.login || wantsLogin(rest),
      },
    ];
  };
  return [
    ...findAll(snapshot, sources, METHOD).flatMap((one) =>
      // http.Get asks another service.
      one.match[1] === "http"
        ? []
        : routeOf(one, one.match[1]?.split(".").at(-1) ?? "", one.match[2]!, one.match[3]!),
    ),
    ...findAll(snapshot, sources, HANDLE).flatMap((one) =>
      routeOf(one, one.match[1]!, one.match[2]!, one.match[3]!),
    ),
  ];
}

/** Paths of the blocks of chi that a place of a text lies in, and of the function that is mounted. */
function blocksAround(text: string, index: number, mounted: readonly Finding[]): string {
  // A block that holds more than this is no block of routes that somebody wrote.
  const before = text.slice(Math.max(0, index - LONGEST_BLOCK), index);
  const prefix = [...before.matchAll(NESTED)]
    .slice(-MOST_BLOCKS)
    .filter((match) => isOpen(before.slice(match.index + match[0].length)))
    .map((match) => match[1]!)
    .join("");
  const inside = [...before.matchAll(/^func (?:\([^)\n]{0,80}\) )?(\w+)\(/gm)].at(-1)?.[1];
  const mount = mounted.find(({ match }) => match[2] === inside);
  return `${(mount?.match[1] ?? "").replace(/\/$/, "")}${prefix}`;
}

/** Whether the braces of a text are not all closed. */
function isOpen(text: string): boolean {
  let depth = 0;
  let opened = false;
  for (const character of text) {
    if (character === "{") {
      depth++;
      opened = true;
    } else if (character === "}") {
      depth--;
      if (opened && depth <= 0) return false;
    }
  }
  return depth > 0;
}
