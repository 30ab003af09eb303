import { fileOfModule } from "../python/modules.js";
import { findAll, placeOf, type Snapshot } from "../snapshot.js";
import { below, type Mount, placesOf, ROOT, type Route } from "./route.js";

const INCLUDE =
  /\bpath\(\s*["']([^"'<\n]{0,200})["']\s*,\s*include\(\s*\(?\s*(?:["']([\w.]{1,200})["']|(\w+)\.urls)/g;
const VIEW = /\bpath\(\s*["']([^"'<\n]{0,200})["']\s*,\s*(?!include\b|admin\b)([\w.]{1,120})/g;
const REGISTER = /\b(\w+)\.register\(\s*r?["']([\w/-]{1,100})["']/g;

/** What Django's urls.py and the routers of its REST framework declare. */
export function djangoRoutes(snapshot: Snapshot, sources: readonly string[]): Route[] {
  const files = sources.filter((path) => /\bpath\(|\.register\(/.test(snapshot.texts.get(path) ?? ""));
  if (!files.some((path) => /(^|\/)urls\.py$/.test(path))) return [];
  const mounts = findAll(snapshot, files, INCLUDE).flatMap(({ path, match }): Mount[] => {
    const file = match[2] === undefined ? path : fileOfModule(match[2], snapshot);
    if (file === null) return [];
    const target = { file, object: match[3] ?? "urlpatterns" };
    return [{ file: path, object: "urlpatterns", prefix: slashed(match[1]!), target, login: false }];
  });
  // What all views of the REST framework want where they say nothing themselves.
  const login = [...snapshot.texts].some(
    ([path, text]) =>
      /settings/.test(path) && /DEFAULT_PERMISSION_CLASSES[\s\S]{0,100}IsAuthenticated\b/.test(text),
  );
  const at = (file: string, object: string, path: string, from: string, wants: boolean): Route[] =>
    (
      placesOf({ mounts, ownPrefix: () => "" }, file, object) ?? [
        { ...ROOT, known: object === "urlpatterns" },
      ]
    ).map((place) => ({
      path: below(place.prefix, path),
      from,
      mounted: !place.known,
      login: wants,
    }));
  return [
    ...findAll(snapshot, files, REGISTER).flatMap((one) =>
      at(one.path, one.match[1]!, `/${one.match[2]!.replace(/\/$/, "")}/`, placeOf(one), login),
    ),
    ...findAll(snapshot, files, VIEW).flatMap((one) =>
      at(
        one.path,
        "urlpatterns",
        slashed(one.match[1]!),
        placeOf(one),
        /login|token|auth/i.test(one.match[2]!),
      ),
    ),
  ];
}

function slashed(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
