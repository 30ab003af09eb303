import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { cpuProfileText } from "../../explanation/cpu-profile.js";
import { foldedStacks } from "../../explanation/folded-stacks.js";
import { pprofBytes } from "../../explanation/pprof.js";
import { replaceFile } from "../../files/atomic-write.js";
import { makeFolder } from "../../files/make-folder.js";
import type { ArmProfile } from "../../model/profile.js";
import { FunctionTable } from "../../probes/place-function.js";
import { safeName } from "../../service/clean-up/run-folder.js";

/** Beside result.json. */
export const PROFILES_FOLDER = "profiles";

/** Of each file, in characters or bytes. */
const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_STACKS = 20_000;

/**
 * Writes what was sampled of each arm, all blocks together: as `.cpuprofile` for DevTools, as folded stacks, which
 * speedscope reads as well, and as compressed pprof for `go tool pprof`.
 *
 * @returns paths from beside result.json; of arms that nothing was sampled of, none
 */
export async function writeProfiles(profiles: readonly ArmProfile[], folder: string): Promise<string[]> {
  const written: string[] = [];
  for (const arm of new Set(profiles.map((profile) => profile.arm))) {
    const sampled = profiles.filter((profile) => profile.arm === arm && profile.cpu !== null);
    if (sampled.length === 0) continue;
    makeFolder(folder);
    const all = summed(sampled);
    for (const [extension, content] of [
      ["cpuprofile", cpuProfileText(all) ?? ""],
      ["folded", foldedStacks(all)],
      ["pb.gz", gzipSync(pprofBytes(all) ?? "")],
    ] as const) {
      if (content.length === 0 || content.length > LARGEST_FILE) continue;
      const name = `${safeName(arm)}.${extension}`;
      await replaceFile(join(folder, name), content);
      written.push(`${PROFILES_FOLDER}/${name}`);
    }
  }
  return written;
}

/** Blocks of one arm as one profile. */
function summed(profiles: readonly ArmProfile[]): ArmProfile {
  const table = new FunctionTable();
  const usOf = new Map<string, number>();
  let requests = 0;
  for (const { functions, cpu } of profiles) {
    const places = functions.map((one) => table.placeOf(one));
    requests += cpu!.requests;
    for (const { frames, cpuUs } of cpu!.stacks) {
      const path = frames.map((frame) => places[frame]!).join(" ");
      usOf.set(path, (usOf.get(path) ?? 0) + cpuUs);
    }
  }
  const stacks = [...usOf]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_STACKS)
    .map(([path, cpuUs]) => ({ cpuUs, frames: path === "" ? [] : path.split(" ").map(Number) }));
  return { ...profiles[0]!, functions: table.functions, calls: null, cpu: { stacks, requests } };
}
