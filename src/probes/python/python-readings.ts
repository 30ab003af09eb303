import { z } from "zod";
import type { ProfiledFunction } from "../../model/profile.js";
import type { ProfileReading } from "../instrument.js";
import type { Looking } from "../looking.js";
import { FunctionTable, placeOfFile, RUNTIME } from "../place-function.js";

/*
 * What the instrument in a Python process replies. The process is untrusted: what does not look like this is refused as a
 * whole.
 */

/** Name, file and first line; no file: not written in Python. */
const place = z.tuple([z.string(), z.string(), z.int().min(0)]);
const paths = z.object({ standard: z.array(z.string()).max(10) });
const callsReply = z.object({
  functions: z.array(place),
  calls: z.array(z.int().min(0).max(1e12)),
  paths,
});
const cpuReply = z.object({
  functions: z.array(place),
  stacks: z.array(z.tuple([z.array(z.int().min(0)), z.number().min(0).max(1e12)])),
  paths,
});

/**
 * @param reply - of a Python process, unchecked
 * @param checkout - absolute, without links
 */
export function pythonReading(reply: unknown, looking: Looking, checkout: string): ProfileReading {
  if (looking === "calls") {
    const { functions, calls, paths: standard } = callsReply.parse(reply);
    const { table, places } = placed(functions, standard, checkout);
    const counts: number[] = table.functions.map(() => 0);
    places.forEach((at, index) => (counts[at]! += calls[index] ?? 0));
    return { functions: table.functions, calls: counts, stacks: null };
  }
  const { functions, stacks, paths: standard } = cpuReply.parse(reply);
  const { table, places } = placed(functions, standard, checkout);
  return {
    functions: table.functions,
    calls: null,
    stacks: stacks.map(([frames, cpuUs]) => ({
      frames: frames.flatMap((frame) => places[frame] ?? []),
      cpuUs,
    })),
  };
}

function placed(
  functions: readonly z.output<typeof place>[],
  { standard }: z.output<typeof paths>,
  checkout: string,
): { readonly table: FunctionTable; readonly places: readonly number[] } {
  const table = new FunctionTable();
  const places = functions.map(([name, path, line]) =>
    table.placeOf(placedFunction(name, path, line, standard, checkout)),
  );
  return { table, places };
}

/** Where packages of a Python stand, which may be below its standard library. */
const PACKAGES = /\/(?:site|dist)-packages\//;

function placedFunction(
  name: string,
  path: string,
  line: number,
  standard: readonly string[],
  checkout: string,
): ProfiledFunction {
  const isStandard = standard.some((folder) => path.startsWith(`${folder}/`)) && !PACKAGES.test(path);
  if (path === "" || path.startsWith("<") || isStandard)
    return { name, line: line === 0 ? null : line, ...RUNTIME };
  // A program that is started by a relative path calls its own file so.
  const absolute = path.startsWith("/") ? path : `${checkout}/${path}`;
  return { name, line, ...placeOfFile(absolute, checkout) };
}
