import { readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { quoted } from "../../text/escape.js";
import { isNative } from "../describe-unseen.js";
import type { AttachedInstrument, Instrument, ProfileReading } from "../instrument.js";
import { describePerfRefusal } from "./describe-perf-refusal.js";
import { addressesOf, nativeReading, type KnownObject } from "./native-readings.js";
import { readObjectFile, type ObjectFile } from "./object-file.js";
import { readOwnCode } from "./own-code.js";
import { openPerfRecording, type CallGraph, type PerfRecording } from "./perf-recording.js";
import type { PerfStack } from "./perf-script.js";
import { readSourceLines } from "./source-lines.js";

/** One less than a round number, so that nothing periodic keeps in step with it. */
const SAMPLES_PER_SECOND = 3999;

/** A process that runs machine code of the service's own. */
interface NativeProcess {
  readonly pid: number;
  readonly program: string;
  readonly object: ObjectFile;
}

/**
 * Linux' `perf` on programs in machine code, such as those of Go, Rust, C and C++: it samples the CPU of all their threads.
 * Calls cannot be counted. It has to be asked after all other instruments, as it would take their runtimes for programs.
 */
export function nativeInstrument(open = openPerfRecording): Instrument {
  return {
    name: "native code",
    prepare({ looking, checkout, folder }) {
      const recordings: PerfRecording[] = [];
      return Promise.resolve({
        environment: {},
        async attach(pids) {
          const processes = await nativeProcesses(pids);
          if (processes.length === 0) return null;
          const names = [...new Set(processes.map(({ program }) => quoted(program)))].join(", ");
          const attached = (said: string, probe: AttachedInstrument["probe"]): AttachedInstrument => ({
            words: `${names}, native code: ${said}`,
            processes: processes.map(({ pid }) => pid),
            probe,
          });
          if (looking === "calls") return attached("calls cannot be counted", null);
          for (const [callGraph, group] of byCallGraph(processes)) {
            const recording = await open({
              processes: group.map(({ pid }) => pid),
              callGraph,
              samplesPerSecond: SAMPLES_PER_SECOND,
              file: join(folder, `perf-${callGraph}.data`),
            });
            if ("kind" in recording) return attached(await describePerfRefusal(recording), null);
            recordings.push(recording);
          }
          const nameless = processes.filter(({ object }) => !object.hasSymbols);
          const warning =
            nameless.length === 0
              ? ""
              : `; ${nameless.map(({ program }) => quoted(program)).join(", ")} has no names of functions: build it without -s and without strip`;
          return attached(`CPU sampled every ${Math.round(1e6 / SAMPLES_PER_SECOND)} us by perf${warning}`, {
            async start() {
              await Promise.all(recordings.map((one) => one.begin()));
              return async () => {
                const stacks = await Promise.all(recordings.map((one) => one.end()));
                return [await reading(stacks.flat(), checkout)];
              };
            },
          });
        },
        close() {
          for (const recording of recordings) recording.kill();
          return Promise.resolve();
        },
      });
    },
  };
}

/** Those that run a program of the format that this system runs, and no runtime that another instrument is for. */
async function nativeProcesses(pids: readonly number[]): Promise<NativeProcess[]> {
  const found = await Promise.all(
    pids.map(async (pid): Promise<NativeProcess[]> => {
      const path = await readlink(`/proc/${pid}/exe`).catch(() => null);
      const program = path === null ? "" : basename(path.replace(/ \(deleted\)$/, ""));
      if (path === null || !isNative(program)) return [];
      const object = await readObjectFile(`/proc/${pid}/exe`);
      return object === null ? [] : [{ pid, program, object }];
    }),
  );
  return found.flat();
}

function byCallGraph(processes: readonly NativeProcess[]): [CallGraph, NativeProcess[]][] {
  const groups: [CallGraph, NativeProcess[]][] = [
    ["fp", processes.filter(({ object }) => object.isGo)],
    ["dwarf", processes.filter(({ object }) => !object.isGo)],
  ];
  return groups.filter(([, group]) => group.length > 0);
}

async function reading(stacks: readonly PerfStack[], checkout: string): Promise<ProfileReading> {
  const paths = new Set(stacks.flatMap(({ frames }) => frames.map(({ object }) => object)));
  const objects = new Map<string, KnownObject>();
  for (const path of paths) {
    const object = path.startsWith("/") ? await readObjectFile(path) : null;
    if (object === null) continue;
    const lines = await readSourceLines(path, object, addressesOf(stacks, path, object));
    objects.set(path, { ...object, lines });
  }
  return nativeReading(stacks, objects, checkout, await readOwnCode(checkout));
}
