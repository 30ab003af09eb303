import { z } from "zod";
import type { ProfiledFunction, ProfiledStack } from "../../model/profile.js";
import type { ProfileReading } from "../instrument.js";
import { FunctionTable, RUNTIME } from "../place-function.js";
import type { SourceFiles } from "./source-files.js";
import type { ThreadCpu } from "./thread-clocks.js";

/*
 * What `jfr print --json` tells of a recording. The recorded process is untrusted: a document of another form is refused
 * as a whole, and a sample without its thread or its stack is left out.
 */

/** So many calls deep a stack is printed, which is also how deep the Flight Recorder looks by default. */
export const STACK_DEPTH = 64;

const frame = z.object({
  method: z.object({
    type: z.object({
      name: z.string(),
      classLoader: z.object({ name: z.string().nullable() }).nullable(),
    }),
    name: z.string(),
  }),
});
const sample = z.object({
  values: z.object({
    startTime: z.string(),
    sampledThread: z.object({ osThreadId: z.int() }).nullable(),
    stackTrace: z.object({ frames: z.array(frame) }).nullable(),
  }),
});
const document = z.object({ recording: z.object({ events: z.array(sample) }) });
type Frame = z.output<typeof frame>;

/** When the load ran, in milliseconds of the wall clock; the recording began before it. */
export interface Watched {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Samples of the Flight Recorder as a profile. They say what a thread ran, and not for how long: how much CPU it had, its
 * own clock tells, and its samples share that out. Threads of the JVM itself stand for themselves.
 *
 * @param text - of `jfr print --json --events jdk.ExecutionSample`
 */
export function flightReading(
  text: string,
  { fromMs, untilMs }: Watched,
  threads: readonly ThreadCpu[],
  sources: SourceFiles,
): ProfileReading {
  const table = new FunctionTable();
  const stacksOf = new Map<number, (readonly number[])[]>();
  for (const { values } of document.parse(JSON.parse(text)).recording.events) {
    const { startTime, sampledThread, stackTrace } = values;
    const atMs = Date.parse(startTime);
    if (sampledThread === null || stackTrace === null || atMs < fromMs || atMs > untilMs) continue;
    const frames = stackTrace.frames.map((one) => table.placeOf(placeMethod(one, sources))).reverse();
    const thread = sampledThread.osThreadId;
    const known = stacksOf.get(thread);
    if (known === undefined) stacksOf.set(thread, [frames]);
    else known.push(frames);
  }
  const stacks = threads.flatMap(({ thread, part, cpuUs }): ProfiledStack[] => {
    if (cpuUs === 0) return [];
    if (part !== null) {
      return [{ frames: [table.placeOf({ name: part, line: null, ...RUNTIME })], cpuUs }];
    }
    const own = stacksOf.get(thread) ?? [];
    return own.map((frames) => ({ frames, cpuUs: cpuUs / own.length }));
  });
  return { functions: table.functions, calls: null, stacks };
}

const LOADERS_OF_THE_RUNTIME = new Set(["bootstrap", "platform"]);

function placeMethod({ method: { type, name } }: Frame, sources: SourceFiles): ProfiledFunction {
  // What is made at run time has a number or an address in its name, which is another at every start.
  const className = type.name.replace(/\$\$Lambda.*$/s, "$$$$Lambda").replace(/[/+]0x[0-9a-f]+.*$/s, "");
  const shown = { name: `${className.replaceAll("/", ".")}.${name}`, line: null };
  const loader = type.classLoader === null ? "bootstrap" : type.classLoader.name;
  if (loader !== null && LOADERS_OF_THE_RUNTIME.has(loader)) return { ...shown, ...RUNTIME };
  const file = sources.fileOf(className);
  // The name of a package's function says the package.
  return file === null
    ? { ...shown, file: null, origin: "dependency" }
    : { ...shown, file, origin: "repository" };
}
