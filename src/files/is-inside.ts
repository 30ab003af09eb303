import { isAbsolute, relative, sep } from "node:path";

/** Whether a path is a folder, or something below it; both absolute. A name such as `..data` leads nowhere. */
export function isInside(folder: string, path: string): boolean {
  const step = relative(folder, path);
  return step !== ".." && !step.startsWith(`..${sep}`) && !isAbsolute(step);
}
