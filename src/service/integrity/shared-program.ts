import { basename, relative } from "node:path";

import type { LoadedFiles } from "./loaded-files.js";

/** What an arm has loaded, and where its checkout lies. */
export interface ArmProgram {
  /** Absolute. */
  readonly folder: string;
  readonly loaded: LoadedFiles;
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
 * executable or script is the very file that base runs.
 *
 * @returns its path; `null` where they differ, or where it cannot be told
 */
export function sharedProgram(base: ArmProgram, head: ArmProgram): string | null {
  for (const { folder, loaded } of [base, head]) {
    if ([...loaded.keys()].some((path) => isInside(folder, path))) return null;
    if ([...loaded.keys()].some((path) => SILENT.test(basename(path)))) return null;
  }
  for (const [path, stamp] of head.loaded) {
    if (RUNTIME.test(basename(path)) || LIBRARY.test(path)) continue;
    if (base.loaded.get(path) === stamp) return path;
  }
  return null;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..");
}
