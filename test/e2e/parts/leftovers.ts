import { readFileSync, readdirSync } from "node:fs";

/** Command lines of processes that carry the mark of a Tailgate run in this folder: services, builds, hooks. */
export function markedProcesses(workspace: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
        const marked = environment.includes("TAILGATE_MARK=") && environment.includes(workspace);
        return marked ? [readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ")] : [];
      } catch {
        return []; // It ended, or is another user's.
      }
    });
}

/** Folders of runs below a temporary folder, which hold worktrees and traces. */
export function runFolders(parent: string): string[] {
  return readdirSync(parent).filter((name) => /^tailgate-(?!results-|postgres-|dist-)/.test(name));
}
