import { join } from "node:path";
import { TailgateError } from "../../error.js";
import { type Given, propose } from "../../init/guess/propose.js";
import { servicesBelow } from "../../init/guess/services-below.js";
import type { Snapshot } from "../../init/guess/snapshot.js";
import { findPlace, type Place } from "../../init/place.js";
import { survey } from "../../init/survey.js";
import { printable } from "../../service/log/printable.js";

/** Asks one question and gives the answer; `null` where there is nobody to ask. */
export type Ask = ((question: string) => Promise<string>) | null;

/** Where the service lies, and what was read of it. */
export interface FoundService {
  readonly place: Place;
  readonly snapshot: Snapshot;
  /** What a person should know of how it was found. */
  readonly remarks: readonly string[];
}

/**
 * The service of a folder. A folder without one may have services below it, as the root of a workspace has: a single one
 * is taken, of several a person chooses.
 *
 * @throws TailgateError "config" that lists them where there is nobody to ask
 */
export async function findService(folder: string, given: Given, ask: Ask): Promise<FoundService> {
  const here = await lookAt(folder);
  if (given.start !== null || propose(here.snapshot, given).start !== null) {
    return { ...here, remarks: [] };
  }
  const below = servicesBelow(here.snapshot);
  if (below.length === 0) return { ...here, remarks: [] };
  const chosen = below.length === 1 ? below[0]! : await choose(below, ask);
  return {
    ...(await lookAt(join(folder, chosen))),
    remarks: [`This folder starts no service of its own; looking at ${printable(chosen)}.`, ""],
  };
}

async function lookAt(folder: string): Promise<Omit<FoundService, "remarks">> {
  const place = await findPlace(folder);
  return { place, snapshot: await survey(folder, place.git, place.root) };
}

async function choose(folders: readonly string[], ask: Ask): Promise<string> {
  const listed = folders.map(printable).join(", ");
  const answer = ask === null ? "" : (await ask(`Services lie in ${listed}. Which one? `)).trim();
  const folder = folders.find((one) => one === answer.replace(/^\.\/|\/$/g, ""));
  if (folder !== undefined) return folder;
  throw new TailgateError(
    "config",
    answer === ""
      ? `Nothing here says how a service is started, and several services lie below: ${listed}. Nothing was written.`
      : `\`${printable(answer).slice(0, 100)}\` is none of the folders with a service: ${listed}.`,
    `Look at one of them: cd ${JSON.stringify(folders[0]!)} && tailgate init.`,
  );
}
