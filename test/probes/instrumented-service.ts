import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { dirname, join } from "node:path";
import { mkdirSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { ProfiledFunction } from "../../src/model/profile.js";
import type { Instrument, ProfileReading } from "../../src/probes/instrument.js";
import type { Looking } from "../../src/probes/looking.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

/** A folder with these files, by their paths. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(temporaryFolder());
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

interface Looked {
  readonly readings: readonly ProfileReading[];
  readonly words: string;
  /** Everything that the service printed. */
  readonly output: string;
}

/**
 * Starts a service that prints its port as its first line, looks into it while it answers `requests`, and stops it.
 *
 * @param command - program and arguments, run in `folder`
 */
export async function lookInto(
  instrument: Instrument,
  command: readonly string[],
  {
    folder,
    looking,
    requests,
    environment = {},
  }: {
    readonly folder: string;
    readonly looking: Looking;
    readonly requests: number;
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<Looked> {
  const job = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment };
  const prepared = await instrument.prepare({
    looking,
    environment: job,
    checkout: folder,
    folder: temporaryFolder(),
  });
  onTestFinished(() => prepared.close());
  const child = spawn(command[0]!, command.slice(1), {
    cwd: folder,
    env: { ...job, ...prepared.environment },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let output = "";
  const port = await new Promise<number>((resolve, reject) => {
    const take = (text: Buffer): void => {
      output += text.toString();
      const found = /port (\d+)/.exec(output);
      if (found) resolve(Number(found[1]));
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("exit", (code) => {
      reject(new Error(`it ended with ${code}: ${output}`));
    });
  });
  const ask = async (): Promise<void> => {
    await (await fetch(`http://127.0.0.1:${port}/`)).text();
  };
  await ask();
  await sleep(200);
  const attached = await prepared.attach([child.pid!]);
  if (attached === null) throw new Error(`nothing of this runtime runs: ${output}`);
  if (attached.probe === null) throw new Error(attached.words);
  const stop = await attached.probe.start();
  for (let request = 0; request < requests; request++) await ask();
  const readings = await stop();
  await prepared.close();
  child.kill("SIGTERM");
  await once(child, "exit");
  return { readings, words: attached.words, output };
}

/** Calls of every function that matches, over all processes. */
export function callsOf(readings: readonly ProfileReading[], wanted: Partial<ProfiledFunction>): number {
  return sumOf(readings, wanted, ({ calls }, place) => calls?.[place] ?? 0);
}

/** CPU of every function that matches, its own, in microseconds. */
export function cpuOf(readings: readonly ProfileReading[], wanted: Partial<ProfiledFunction>): number {
  return sumOf(readings, wanted, ({ stacks }, place) =>
    (stacks ?? []).reduce((sum, { frames, cpuUs }) => sum + (frames.at(-1) === place ? cpuUs : 0), 0),
  );
}

function sumOf(
  readings: readonly ProfileReading[],
  wanted: Partial<ProfiledFunction>,
  value: (reading: ProfileReading, place: number) => number,
): number {
  let sum = 0;
  for (const reading of readings) {
    reading.functions.forEach((found, place) => {
      const keys = Object.keys(wanted) as (keyof ProfiledFunction)[];
      if (keys.every((key) => found[key] === wanted[key])) sum += value(reading, place);
    });
  }
  return sum;
}
