import { createHash } from "node:crypto";

import type { ServicePlan } from "../../model/service-plan.js";
import { runHook, type HookReport } from "./hook.js";
import type { SpawnedProcess } from "../lifecycle/running-service.js";

/** Keeps built checkouts from one job to the next. */
export interface BuildCache {
  /** Fills the folder and gives true, or gives false and leaves it alone. */
  restore(key: string, path: string): Promise<boolean>;
  save(key: string, path: string): Promise<void>;
  /** Where a build is kept; absolute. */
  entry(key: string): string;
}

export interface BuildOptions {
  readonly arm: string;
  readonly service: ServicePlan;
  /** Absolute path of the checkout. */
  readonly checkout: string;
  /** The commit that is checked out; `null` where uncommitted files lie in it, which no key of a cache names. */
  readonly commit: string | null;
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
 * Builds a checkout, or takes its build from the cache. Build base before head: head's code may write anywhere.
 *
 * @throws TailgateError `service` with the end of the log when the build fails or takes too long.
 */
export async function build(options: BuildOptions): Promise<BuildReport> {
  const { arm, service, checkout, commit, cache } = options;
  if (service.build === null) return { kind: "nothing-to-build" };
  const key = commit === null ? null : buildKey(commit, service);
  // A cache that cannot be read or written costs a build and nothing else.
  const cached = key !== null && (await cache?.restore(key, checkout).catch(() => false));
  if (cached === true) return { kind: "from-cache", key };
  const hook = await runHook({
    ...options,
    kind: "build",
    arm,
    command: service.build,
    checkout,
    cwd: service.cwd,
    added: service.env,
    timeoutMs: service.buildTimeoutMs,
  });
  if (key !== null) await cache?.save(key, checkout).catch(() => undefined);
  return { kind: "built", hook };
}

/** The same commit built by the same command for the same system is the same build. */
export function buildKey(commit: string, service: ServicePlan): string {
  const parts = [
    commit,
    service.build,
    service.cwd,
    Object.entries(service.env).sort(),
    process.platform,
    process.arch,
  ];
  return `tailgate-build-${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40)}`;
}
