import { basename } from "node:path";

import { isInside } from "../../files/is-inside.js";
import type { ContainerImage } from "../container/container.js";
import type { LoadedProgram } from "./loaded-program.js";

/** What an arm has loaded, and where its checkout lies. */
export interface ArmProgram {
  /** Absolute. */
  readonly folder: string;
  readonly loaded: LoadedProgram;
}

/** Runtimes whose scripts come from elsewhere: that both arms run the same one says nothing. */
const RUNTIME =
  /^(node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby|irb|perl|php[\d.]*|php-fpm[\d.]*|java|dotnet|beam\.smp|erl|sh|bash|dash|busybox|env|npm|npx|taskset|Rscript|julia|lua[\d.]*|luajit)$/;
/** Runtimes that neither hold their scripts open nor tell us which they are. */
const SILENT =
  /^(ruby|irb|perl|php[\d.]*|php-fpm[\d.]*|dotnet|beam\.smp|bun|deno|lua[\d.]*|luajit|Rscript|julia)$/;
/** Libraries of the system or a runtime are shared by everything on a machine. */
const LIBRARY = /\.so(\.[\d.]+)?$|\/locale-archive$|\.mo$|\.cache$|\.jsa$|\/modules$/;

/**
 * The program that both arms run although their commits differ: each loads nothing from its own checkout, and the head's
 * executable or script is the very file that base runs, or its containers are made from base's images.
 *
 * @returns its path, or the image's id; `null` where they differ, or where it cannot be told
 */
export function sharedProgram(base: ArmProgram, head: ArmProgram): string | null {
  const [of, other] = [base.loaded.images, head.loaded.images];
  if (of === null || other === null) return null;
  if (of.length > 0 || other.length > 0) return sharedImage(base.folder, of, head.folder, other);
  for (const { folder, loaded } of [base, head]) {
    const paths = [...loaded.files.keys()];
    if (paths.some((path) => isInside(folder, path) || SILENT.test(basename(path)))) return null;
  }
  for (const [path, stamp] of head.loaded.files) {
    if (RUNTIME.test(basename(path)) || LIBRARY.test(path)) continue;
    if (base.loaded.files.get(path) === stamp) return path;
  }
  return null;
}

/** A database beside the service comes from one image in both arms; the service must not, unless its code is mounted. */
function sharedImage(
  baseFolder: string,
  base: readonly ContainerImage[],
  headFolder: string,
  head: readonly ContainerImage[],
): string | null {
  const mounts = (folder: string, images: readonly ContainerImage[]): boolean =>
    images.some(({ mounted }) => mounted.some((path) => isInside(folder, path)));
  if (mounts(baseFolder, base) || mounts(headFolder, head)) return null;
  const known = new Set(base.map(({ id }) => id));
  return head.length > 0 && head.every(({ id }) => known.has(id)) ? head[0]!.id : null;
}
