import { describeProcess, listPids, readSocketInodes } from "./proc.js";

/** Who holds one of these sockets, in words. @param inodes as /proc names them */
export function describeSocketHolder(inodes: ReadonlySet<string>): string {
  if (process.platform !== "linux") return "another process";
  for (const pid of listPids()) {
    for (const inode of readSocketInodes(pid) ?? []) {
      if (inodes.has(inode)) return describeProcess(pid);
    }
  }
  return "a process of another user";
}
