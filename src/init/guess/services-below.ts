import { projectsIn } from "./propose.js";
import { snapshotOf, type Snapshot } from "./snapshot.js";

/** Manifests that make a folder a project. */
const MANIFEST =
  /^(package\.json|pyproject\.toml|requirements\.txt|Pipfile|Cargo\.toml|go\.mod|pom\.xml|build\.gradle(\.kts)?|Gemfile)$/;
const DEEPEST = 3;
const MOST = 40;

/** Folders below that hold a service that can be started, outer ones first; no folder within another that is one. */
export function servicesBelow(snapshot: Snapshot): string[] {
  const folders = snapshot.paths.flatMap((path) => {
    const parts = path.split("/");
    return parts.length > 1 && parts.length - 1 <= DEEPEST && MANIFEST.test(parts.at(-1)!)
      ? [parts.slice(0, -1).join("/")]
      : [];
  });
  const found: string[] = [];
  for (const folder of [...new Set(folders)].slice(0, MOST)) {
    if (/(^|\/)(examples?|docs?|tests?|fixtures|e2e|bench\w*|templates?)(\/|$)/.test(folder)) continue;
    if (found.some((outer) => folder.startsWith(`${outer}/`))) continue;
    if (projectsIn(snapshotOf(snapshot, folder)).some(({ start, serves }) => start !== null && serves))
      found.push(folder);
  }
  return found;
}
