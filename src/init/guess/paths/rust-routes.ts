import { findAll, placeOf, type Finding, type Snapshot } from "../snapshot.js";
import { below, type Route } from "./route.js";

const ROUTE = /\.route\(\s*"(\/[^"{}:*<>]{0,200})"\s*,\s*(?:\w+::)*get\(/g;
const ATTRIBUTE = /#\[get\("(\/?[^"{}:*<>]{0,200})"[^\]\n]{0,100}\)\]\s*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)/g;
const NEST = /\.nest\(\s*"(\/[^"{}:*<>]{0,200})"\s*,\s*(?:(?:\w+::){0,5}?(\w+)::)?(\w+)\(/g;
const SCOPE = /\bscope\("(\/[^"{}:*<>]{0,200})"\)/g;
const MOUNT = /\.mount\(\s*"(\/[^"{}:*<>]{0,200})"\s*,\s*routes!\[([^\]]{0,500})\]/g;

/** What axum, actix-web and Rocket declare. */
export function rustRoutes(snapshot: Snapshot, sources: readonly string[]): Route[] {
  const nests = findAll(snapshot, sources, NEST);
  const scopes = findAll(snapshot, sources, SCOPE).map(({ path, match }) => ({
    prefix: match[1]!,
    // The services of a scope follow it, up to the next one.
    services: (snapshot.texts.get(path) ?? "")
      .slice(match.index + match[0].length, match.index + 1000)
      .split(/scope\(/)[0]!,
  }));
  const mounts = findAll(snapshot, sources, MOUNT).map(({ match }) => ({
    prefix: match[1]!,
    services: match[2]!,
  }));
  const inFunction = ({ path, match }: Finding): string => {
    const before = (snapshot.texts.get(path) ?? "").slice(0, match.index);
    const name = [...before.matchAll(/\bfn (\w+)\s*[(<]/g)].at(-1)?.[1];
    if (name === undefined) return "";
    const nest = nests.find(
      ({ match }) =>
        match[3] === name && (match[2] === undefined || new RegExp(`(^|/)${match[2]}(/|\\.rs$)`).test(path)),
    );
    return nest?.match[1] ?? "";
  };
  const listed = (name: string): string =>
    [...scopes, ...mounts].find(({ services }) => new RegExp(`\\b${name}\\b`).test(services))?.prefix ?? "";
  const route = (finding: Finding, path: string): Route => ({
    path: path === "" ? "/" : path,
    from: placeOf(finding),
    mounted: false,
    login: false,
  });
  return [
    ...findAll(snapshot, sources, ROUTE).map((one) => {
      const prefix = inFunction(one);
      return route(one, prefix !== "" && one.match[1] === "/" ? prefix : below(prefix, one.match[1]!));
    }),
    ...findAll(snapshot, sources, ATTRIBUTE).map((one) =>
      route(one, below(listed(one.match[2]!), one.match[1]!)),
    ),
  ];
}
