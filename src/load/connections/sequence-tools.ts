import { createHash } from "node:crypto";
import { TableRows } from "../data/table-rows.js";
import type { Client } from "../driver.js";
import type { Numbering, RequestProfile, RequestSet, Target } from "../phase.js";
import type { SequenceTools } from "../requests/request-sequence.js";
import { NO_SESSION } from "../requests/session.js";
import type { Rows } from "../requests/varied-values.js";
import { decompress } from "./content-encoding.js";
import { requestFiles } from "./request-files.js";

/** What the requests of a set need of the system and of their target. */
export function sequenceTools<Message>(
  set: RequestSet,
  profile: Pick<RequestProfile, "files" | "tables" | "connection">,
  { seed }: Pick<Numbering, "seed">,
  { client, target }: { readonly client: Client<Message>; readonly target: Target },
): Omit<SequenceTools<Message>, "keepBodies"> {
  return {
    encode: (request, closes) => client.encode(request, closes),
    files: requestFiles(profile.files ?? {}),
    decompress,
    rows: set.data === undefined ? null : rowsOf(profile.tables![set.data]!, seed),
    uuid: (number) => uuidOf(seed, number),
    origin: { ...target, host: target.name ?? target.host },
    session: target.session ?? NO_SESSION,
    closes: profile.connection === "new",
    nowMs: () => Date.now(),
  };
}

/** Every phase of a run sends rows of the same files. */
const known = new Map<string, Rows>();

function rowsOf(path: string, seed: number): Rows {
  const key = `${seed} ${path}`;
  const rows = known.get(key) ?? new TableRows(path, seed);
  known.set(key, rows);
  return rows;
}

/** Of version 4 by its looks (RFC 9562, section 5.4), from a hash, so that no two numbers of a run share one. */
function uuidOf(seed: number, number: number): string {
  const bytes = createHash("sha256").update(`${seed}:${number}`).digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
