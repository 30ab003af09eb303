import { readlink } from "node:fs/promises";
import { basename } from "node:path";
import type { Programs } from "./describe-unseen.js";

/** The programs of these processes; those that ended, or that may not be looked at, are left out. */
export async function programsOf(pids: readonly number[]): Promise<Programs> {
  const links = await Promise.allSettled(pids.map((pid) => readlink(`/proc/${pid}/exe`)));
  return links.flatMap((link) =>
    link.status === "fulfilled" ? [basename(link.value.replace(/ \(deleted\)$/, ""))] : [],
  );
}
