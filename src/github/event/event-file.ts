import { readFile } from "node:fs/promises";
import { TailgateError } from "../../error.js";
import type { RunnerEnvironment } from "./runner-environment.js";
import { parseEvent, type GithubEvent } from "./event.js";

/** GitHub caps payloads at 25 MB; a larger file is not an event. */
const LARGEST_EVENT_BYTES = 26_000_000;

/** Reads and parses the event file of this job. @throws TailgateError "github" */
export async function readEvent(runner: RunnerEnvironment): Promise<GithubEvent> {
  return parseEvent(runner.eventName, await readPayload(runner.eventPath));
}

async function readPayload(path: string): Promise<unknown> {
  if (path === "") return {};
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_EVENT_BYTES) throw new Error(`it has ${bytes.length} bytes`);
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch (cause) {
    throw new TailgateError(
      "github",
      `The event file ${path} could not be read as JSON.`,
      "GITHUB_EVENT_PATH must name the file that the runner wrote; no earlier step may change it.",
      { cause },
    );
  }
}
