import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  changesBetween,
  listTree,
  type TreeSnapshot,
  walkTree,
} from "../../src/service/integrity/tree-snapshot.js";

const FILES = 50_000;
const IN_A_FOLDER = 500;
const LOOKS = 5;

/** Processor time in ms of this process, and of its children that have ended. */
function cpuMs(): number {
  const fields = readFileSync("/proc/self/stat", "latin1").split(") ")[1]!.split(" ");
  // utime, stime, cutime, cstime: fields 14 to 17 of proc(5), in ticks of 10 ms.
  return 10 * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
}

/** What one look at a checkout of 50,000 files costs: whether base is still what it was. */
export async function measureTreeLook(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-tree-"));
  try {
    for (let n = 0; n < FILES; n++) {
      const within = join(folder, `package-${Math.floor(n / IN_A_FOLDER)}`);
      if (n % IN_A_FOLDER === 0) mkdirSync(within);
      writeFileSync(join(within, `file-${n}.js`), "");
    }
    await measureLooks("by GNU find", folder, listTree);
    await measureLooks("by our own walk", folder, walkTree);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureLooks(
  name: string,
  folder: string,
  look: (folder: string) => Promise<TreeSnapshot | null>,
): Promise<void> {
  const before = await look(folder);
  if (before === null) {
    console.log(`${name}: not available here`);
    return;
  }
  const [cpu, began] = [cpuMs(), performance.now()];
  for (let n = 0; n < LOOKS; n++) {
    const after = await look(folder);
    if (changesBetween(before, after!).length > 0) throw new Error("the tree changed");
  }
  const wall = (performance.now() - began) / LOOKS;
  console.log(
    `${name}: ${before.size.toLocaleString("en-US")} entries in ${((cpuMs() - cpu) / LOOKS).toFixed(0)} ms of CPU, ${wall.toFixed(0)} ms of time`,
  );
}
