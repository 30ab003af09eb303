import { nearestFile, type Snapshot, textAt, upOf } from "../snapshot.js";
import type { Manifest } from "./manifest.js";

/** How packages are installed, and how scripts and programs of them are run. */
export interface PackageManager {
  readonly install: string;
  readonly run: string;
  readonly from: string;
  /** What a fresh runner lacks. */
  readonly get: string | null;
  /** Builds the package and those of the workspace that it needs, in their order; `null`: it needs none. */
  readonly buildWithNeeded: string | null;
  /** A program of a package, as a path from here. */
  program(name: string): string;
}

const LOCKS = {
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
} as const;

/** By the lock file, which in a workspace lies at its root; else by what package.json names; else npm. */
export function packageManager(snapshot: Snapshot, manifest: Manifest): PackageManager {
  const lock = nearestFile(snapshot, ...Object.keys(LOCKS));
  const name =
    lock === null ? manifest.packageManager : LOCKS[lock.replace(/^.*\//, "") as keyof typeof LOCKS];
  const up = lock === null ? "" : upOf(lock);
  const from = lock ?? "package.json (no lock file)";
  const needed = needsOthers(manifest, up);
  // npm and Yarn put programs of a workspace beside its lock file, pnpm and Bun beside the package.
  const hoisted = (program: string): string => `${up}node_modules/.bin/${program}`;
  const own = (program: string): string => `node_modules/.bin/${program}`;
  const filter = manifest.name === null ? null : /^[@\w./-]+$/.exec(manifest.name)?.[0];
  const turbo =
    needed && filter !== null && nearestFile(snapshot, "turbo.json") !== null
      ? `${up}node_modules/.bin/turbo run build --filter=${filter}`
      : null;
  switch (name) {
    case "pnpm":
      return {
        install: lock === null ? "pnpm install" : "pnpm install --frozen-lockfile",
        run: "pnpm run",
        from,
        get: "corepack enable",
        buildWithNeeded: needed && filter !== null ? (turbo ?? `pnpm --filter ${filter}... run build`) : null,
        program: own,
      };
    case "yarn": {
      const head = textAt(snapshot, lock);
      const classic = head === null ? false : /yarn lockfile v1/.test(head);
      const flag = lock === null ? "" : classic ? " --frozen-lockfile" : " --immutable";
      return {
        install: `yarn install${flag}`,
        run: "yarn run",
        from,
        get: classic ? null : "corepack enable",
        buildWithNeeded: turbo,
        program: hoisted,
      };
    }
    case "bun":
      return {
        install: lock === null ? "bun install" : "bun install --frozen-lockfile",
        run: "bun run",
        from,
        get: "npm install --global bun",
        buildWithNeeded: turbo,
        program: own,
      };
    default: {
      const command = lock === null ? "npm install" : "npm ci";
      return {
        install: up === "" ? command : `(cd ${up.replace(/\/$/, "")} && ${command})`,
        run: "npm run",
        from,
        get: null,
        buildWithNeeded:
          needed && up !== ""
            ? (turbo ?? `(cd ${up.replace(/\/$/, "")} && npm run build --workspaces --if-present)`)
            : null,
        program: hoisted,
      };
    }
  }
}

/** Packages of a workspace name one another by `workspace:`, or with npm by `*` in the workspace's own scope. */
function needsOthers({ name, dependencies }: Manifest, up: string): boolean {
  if (up === "") return false;
  const scope = name !== null && name.startsWith("@") ? `${name.split("/")[0]!}/` : null;
  return [...dependencies].some(
    ([other, version]) =>
      version.startsWith("workspace:") || (version === "*" && scope !== null && other.startsWith(scope)),
  );
}
