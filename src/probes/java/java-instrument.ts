import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { installLine } from "../install-line.js";
import type { AttachedInstrument, Instrument, ProfileReading } from "../instrument.js";
import { lastLine } from "../../text/lines.js";
import { runTool } from "../run-tool.js";
import { flightReading, STACK_DEPTH } from "./flight-samples.js";
import { javaProcesses, type JavaProcess } from "./java-tools.js";
import { readSourceFiles } from "./source-files.js";
import { watchThreads } from "./thread-clocks.js";

/** Between two looks of the Flight Recorder at the threads that run Java code. */
const SAMPLE_EVERY_MS = 1;
const RECORDING = "tailgate";
const WITHIN_MS = 60_000;

/** Nothing but samples, as a settings file of the Flight Recorder. */
const SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<configuration version="2.0" label="Tailgate">
  <event name="jdk.ExecutionSample">
    <setting name="enabled">true</setting>
    <setting name="period">${SAMPLE_EVERY_MS} ms</setting>
  </event>
</configuration>
`;

/**
 * The JVM's own Flight Recorder, switched on by `jcmd` in the running service: no variable has to be set, so that a service
 * whose JVM does not have it starts all the same. Calls cannot be counted.
 */
export function javaInstrument(): Instrument {
  return {
    name: "Java",
    prepare({ looking, environment, checkout, folder }) {
      return Promise.resolve({
        environment: {},
        async attach(pids) {
          const processes = await javaProcesses(pids, environment);
          if (processes.length === 0) return null;
          const versions = [...new Set(processes.flatMap(({ version }) => version ?? []))].join(", ");
          const attached = (said: string, probe: AttachedInstrument["probe"]): AttachedInstrument => ({
            words: `Java${versions === "" ? "" : ` ${versions}`}: ${said}`,
            processes: processes.map(({ pid }) => pid),
            probe,
          });
          if (looking === "calls") return attached("calls cannot be counted", null);
          const settings = join(folder, "tailgate.jfc");
          await writeFile(settings, SETTINGS);
          for (const one of processes) {
            const refusal = await startRecording(one, settings);
            if (refusal !== null) return attached(refusal, null);
          }
          return attached(
            `CPU clocks of its threads, sampled every ${SAMPLE_EVERY_MS} ms by its Flight Recorder`,
            {
              start() {
                const stops = processes.map((one) => watchProcess(one, folder, checkout));
                return Promise.resolve(() => Promise.all(stops.map((stop) => stop())));
              },
            },
          );
        },
        close: () => Promise.resolve(),
      });
    },
  };
}

/** @returns why it does not record, and what would make it work; `null`: it does */
async function startRecording(
  { pid, tools, version }: JavaProcess,
  settings: string,
): Promise<string | null> {
  if (tools === null)
    return `its CPU is sampled by jcmd and jfr, which only a JDK has: ${await jdkLine(version)}`;
  const flags = [String(pid), "JFR.start", `name=${RECORDING}`, `settings="${settings}"`];
  const run = await runTool(tools.jcmd, flags, { withinMs: WITHIN_MS });
  if (run.kind === "done" && run.output.includes("Started recording")) return null;
  const why = run.kind === "done" ? lastLine(run.output) : run.kind === "failed" ? run.why : null;
  return (
    `its Flight Recorder does not start (${(why ?? "jcmd is gone").slice(0, 300)}): it takes OpenJDK 8u262 or 11 and newer, with the ` +
    "module jdk.jfr and without -XX:+DisableAttachMechanism"
  );
}

/** Begins with the load. The recording began before it and is cut to it. */
function watchProcess(
  { pid, tools }: JavaProcess,
  folder: string,
  checkout: string,
): () => Promise<ProfileReading> {
  const { jcmd, jfr } = tools!;
  const threadsUntilNow = watchThreads(pid);
  const fromMs = Date.now();
  return async () => {
    const threads = threadsUntilNow();
    const untilMs = Date.now();
    const file = join(folder, `${pid}.jfr`);
    await output(jcmd, [String(pid), "JFR.stop", `name=${RECORDING}`, `filename="${file}"`]);
    const text = await output(jfr, [
      ...["print", "--json", "--stack-depth", String(STACK_DEPTH), "--events", "jdk.ExecutionSample", file],
    ]);
    return flightReading(text, { fromMs, untilMs }, threads, await readSourceFiles(checkout));
  };
}

async function output(tool: string, flags: readonly string[]): Promise<string> {
  const run = await runTool(tool, flags, { withinMs: WITHIN_MS });
  if (run.kind === "done") return run.output;
  throw new Error(`${tool} ${run.kind === "failed" ? `failed: ${run.why}` : "is missing"}`);
}

/** A JDK as old as the JVM; any newer one does as well. */
function jdkLine(version: string | null): Promise<string> {
  const [first = "17", second = "8"] = (version ?? "17").split(".");
  const debian = `openjdk-${first === "1" ? second : first}-jdk-headless`;
  return installLine({ debian, ubuntu: debian }, "install one, or set JAVA_HOME to one");
}
