import { realpath, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";

import { TailgateError } from "../error.js";
import { isInside } from "./is-inside.js";

/**
 * Absolute path of a folder of a checkout. Refuses what leads out of it, through `..` or a symbolic link, and what is
 * not there.
 */
export async function folderInside(root: string, folder: string): Promise<string> {
  const refusal = (reason: string): TailgateError =>
    new TailgateError(
      "service",
      `the working directory ${JSON.stringify(folder)} ${reason}`,
      "service.cwd is a folder inside the repository, such as `services/api`.",
    );
  if (isAbsolute(folder)) throw refusal("is absolute");
  const wanted = resolve(root, folder);
  if (!isInside(root, wanted)) throw refusal("leads out of the checkout");
  const [realRoot, real] = await Promise.all([realpath(root), realpath(wanted).catch(() => null)]);
  if (real === null) throw refusal("does not exist in this revision");
  if (!isInside(realRoot, real)) throw refusal("is a symbolic link that leads out of the checkout");
  if (!(await stat(real)).isDirectory()) throw refusal("is not a folder");
  return wanted;
}
