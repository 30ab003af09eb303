import { findAll, placeOf, type Snapshot } from "../snapshot.js";
import { below, type Route } from "./route.js";

const CLASS =
  /@RequestMapping\(\s*(?:value\s*=\s*|path\s*=\s*)?\{?\s*"([^"{}*\n]{0,200})"|^(?:@Path)\("([^"{}*\n]{0,200})"\)/gm;
const HANDLER =
  /@GetMapping(?:\(\s*(?:value\s*=\s*|path\s*=\s*)?\{?\s*(?:"([^"{}*\n]{0,200})")?[^)\n]{0,200}\))?(?=\s)|@GET\s+(?:@Path\("([^"{}*\n]{0,200})"\))?/g;
const CONTEXT = /^\s*(?:server\.servlet\.context-path|quarkus\.http\.root-path)\s*=\s*(\/\S{1,100})/gm;

/** What annotations of Spring and JAX-RS declare. */
export function javaRoutes(snapshot: Snapshot, sources: readonly string[]): Route[] {
  const start = findAll(snapshot, sources, CONTEXT)[0]?.match[1] ?? "";
  const guarded = [...snapshot.texts].some(
    ([path, text]) =>
      /(pom\.xml|build\.gradle(\.kts)?)$/.test(path) && /spring-boot-starter-security/.test(text),
  );
  return sources.flatMap((file) => {
    const text = snapshot.texts.get(file) ?? "";
    if (!/@(Rest)?Controller\b|@Path\b/.test(text)) return [];
    const inside = text.search(/^\s*(?:public\s+|open\s+|final\s+)?class\s/m);
    const whole = findAll(snapshot, [file], CLASS).find(({ match }) => match.index < inside);
    const prefix = below(start, whole === undefined ? "" : slashed(whole.match[1] ?? whole.match[2] ?? ""));
    return findAll(snapshot, [file], HANDLER).flatMap((one) => {
      // A parameter stands in braces, which no match holds.
      if (/^@GetMapping\([^)]*[{*]/.test(text.slice(one.match.index, one.match.index + 200))) return [];
      const path = below(prefix, slashed(one.match[1] ?? one.match[2] ?? ""));
      return [{ path: path === "" ? "/" : path, from: placeOf(one), mounted: false, login: guarded }];
    });
  });
}

/** What config/routes.rb of Rails declares: `get` and `resources`, in their namespaces and scopes. */
export function railsRoutes({ texts }: Snapshot): Route[] {
  const file = "config/routes.rb";
  const open: string[] = [];
  return (texts.get(file) ?? "").split("\n").flatMap((line, index): Route[] => {
    const from = `${file}:${index + 1}`;
    const route = (path: string): Route => ({
      path: `${open.join("")}${slashed(path)}`,
      from,
      mounted: false,
      login: false,
    });
    const get = /^\s*get\s+["']([^"':*]{1,200})["']/.exec(line)?.[1];
    const root = /^\s*root\b/.test(line);
    const resources = /^\s*resources\s+:(\w+)/.exec(line)?.[1];
    const listed = resources !== undefined && !/except:.*index|only:(?!.*index)/.test(line);
    const block = /\bdo\b(?:\s*\|[^|]*\|)?\s*$/.test(line);
    const found = [
      ...(get === undefined ? [] : [route(get)]),
      ...(root ? [route("/")] : []),
      ...(listed ? [route(resources)] : []),
    ];
    if (block) {
      const space =
        /^\s*namespace\s+:(\w+)/.exec(line)?.[1] ?? /^\s*scope\s+["':]*\/?([\w/]+)/.exec(line)?.[1];
      // Below a member there is a parameter, which no path here has.
      open.push(resources !== undefined ? "/:" : space === undefined ? "" : `/${space}`);
    } else if (/^\s*end\b/.test(line)) open.pop();
    return found.filter(({ path }) => !path.includes(":"));
  });
}

function slashed(path: string): string {
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}
