import { execFileSync } from "node:child_process";
import { mkdtempSync, openSync, closeSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of a few MiB that a test may fill. */
export interface SmallDisk {
  readonly path: string;
  /** Leaves no room for another byte. */
  fill(): void;
  /** Takes what `fill` wrote away again. */
  free(): void;
  unmount(): void;
}

/** Mounts one; where that is not allowed, as for an ordinary user, gives the reason. */
export function mountSmallDisk(options: string): SmallDisk | { readonly notAllowed: string } {
  if (process.platform !== "linux") return { notAllowed: "a disk of a few MiB is mounted on Linux only" };
  const path = mkdtempSync(join(tmpdir(), "tailgate-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    rmSync(path, { recursive: true });
    return { notAllowed: `mounting is not allowed here: ${String(error).split("\n").join(" ")}` };
  }
  const filling = join(path, "filling");
  return {
    path,
    fill() {
      const descriptor = openSync(filling, "a");
      try {
        for (;;) writeSync(descriptor, Buffer.alloc(4096));
      } catch {
        // Full, which was wanted.
      } finally {
        closeSync(descriptor);
      }
    },
    free() {
      rmSync(filling, { force: true });
    },
    unmount() {
      execFileSync("umount", ["--lazy", path]);
      rmSync(path, { recursive: true });
    },
  };
}
