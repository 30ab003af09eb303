import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { ServicePlan } from "../../model/plan.js";
import type { Checkout } from "../../git/revision.js";
import { runHook, type HookReport } from "./hook.js";
import type { SpawnedProcess } from "../lifecycle/running-service.js";

/** Keeps built checkouts from one job to the next. */
export interface BuildCache {
  /** Fills the folder and gives true, or gives false and leaves it alone. */
  restore(key: string, path: string): Promise<boolean>;
  save(key: string, path: string): Promise<void>;
}

export interface BuildOptions {
  readonly arm: string;
  readonly service: ServicePlan;
  readonly checkout: Checkout;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly runId: string;
  readonly logFile: string;
  /** `null`: build every time. */
  readonly cache: BuildCache | null;
  readonly signal?: AbortSignal;
  readonly onSpawn?: (process: SpawnedProcess) => void;
}

/** How an arm came to be built. */
export type BuildReport =
  | { readonly kind: "nothing-to-build" }
  | { readonly kind: "built"; readonly hook: HookReport }
  | { readonly kind: "from-cache"; readonly key: string };

/**
 * Builds a checkout and seals its tracked files as the build left them. Build base before head: head's code may write
 * anywhere.
 *
 * @throws TailgateError `service` with the end of the log when the build fails or takes too long.
 */
export async function build(options: BuildOptions): Promise<BuildReport> {
  const report = await fillOrBuild(options);
  await options.checkout.snapshotTrackedFiles();
  return report;
}

async function fillOrBuild(options: BuildOptions): Promise<BuildReport> {
  const { arm, service, checkout, cache } = options;
  if (service.build === null) return { kind: "nothing-to-build" };
  const key = buildKey(checkout.revision.sha, service);
  // Uncommitted files are in no key.
  const cached = checkout.revision.dirty ? null : cache;
  if (cached !== null && (await restore(cached, key, checkout.path))) return { kind: "from-cache", key };
  const hook = await runHook({
    ...options,
    kind: "build",
    arm,
    command: service.build,
    checkout: checkout.path,
    cwd: service.cwd,
    added: service.env,
    timeoutMs: service.buildTimeoutMs,
  });
  // A cache that cannot be written must not fail what was built.
  await cached?.save(key, checkout.path).catch(() => undefined);
  return { kind: "built", hook };
}

/** The same commit built by the same command for the same system is the same build. */
export function buildKey(sha: string, service: ServicePlan): string {
  const parts = [
    sha,
    service.build,
    service.cwd,
    Object.entries(service.env).sort(),
    process.platform,
    process.arch,
  ];
  return `tailgate-build-${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40)}`;
}

async function restore(cache: BuildCache, key: string, path: string): Promise<boolean> {
  // A worktree's own .git names its place in the repository: what comes out of the cache must not replace it.
  const link = join(path, ".git");
  const own = await readFile(link);
  try {
    return await cache.restore(key, path);
  } catch {
    return false;
  } finally {
    await writeFile(link, own);
  }
}
