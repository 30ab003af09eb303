import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { TailgateError } from "../../error.js";
import { readFileBounded } from "../../files/read-file.js";
import { SHARD_SCHEMA, shardDocument, type ShardDocument } from "../../model/shard.js";
import type { ReadPart } from "../../shards/check-parts.js";
import { isShardFile } from "../../shards/shard-name.js";
import { parseUntrustedJson } from "../../store/untrusted-json.js";
import { shortened, visible } from "../../text/escape.js";
import { planHash } from "./plan-hash.js";

/** A shard holds a few blocks: one of 200 scenarios in 20 blocks is 15 MB long. */
const LARGEST_PART_BYTES = 32_000_000;
/** More files of parts than any run has. */
const MOST_FILES = 200;

/**
 * All parts of a run that lie below a folder, however deep. They may be a stranger's: each is bounded in size and depth,
 * links are not followed, and fields that are not known are dropped.
 *
 * @throws TailgateError "artifact" for a folder or a part that cannot be read; the message names it
 */
export async function readParts(folder: string): Promise<ReadPart[]> {
  const files = await filesBelow(folder);
  return files.map((path) => ({
    file: relative(folder, path),
    document: readPart(path, relative(folder, path)),
  }));
}

async function filesBelow(folder: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true, recursive: true });
  } catch (cause) {
    throw new TailgateError(
      "artifact",
      `The folder ${visible(folder)} cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"}).`,
      "Name the folder into which the artifacts of the shards were downloaded.",
      { cause },
    );
  }
  const files = entries.filter((entry) => entry.isFile() && isShardFile(entry.name));
  if (files.length > MOST_FILES) {
    throw new TailgateError(
      "artifact",
      `The folder ${visible(folder)} holds ${files.length} files of shards.`,
      "Put the shards of one run there, and nothing else.",
    );
  }
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function readPart(path: string, file: string): ShardDocument {
  const name = shortened(visible(file), 200);
  const read = readFileBounded(path, { mostBytes: LARGEST_PART_BYTES, shared: false });
  if (read.kind !== "read") {
    throw damaged(name, read.kind === "absent" ? "is gone" : read.why);
  }
  const written = parseUntrustedJson(read.bytes, name);
  if ((Object(written) as { readonly schema?: unknown }).schema !== SHARD_SCHEMA)
    throw damaged(name, `is no ${SHARD_SCHEMA}`);
  const { data, error } = shardDocument.safeParse(written);
  if (error !== undefined) {
    const place = error.issues[0]!.path.map(String).join(".");
    throw damaged(name, `is damaged at ${shortened(visible(place), 200)}`);
  }
  if (data.planHash !== planHash(data)) throw damaged(name, "holds a plan that its hash does not fit");
  return data;
}

function damaged(name: string, why: string): TailgateError {
  return new TailgateError(
    "artifact",
    `${name} ${why}.`,
    "Use the file as the same version of Tailgate wrote it. Without it, the rest can be judged.",
  );
}
