import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TailgateError } from "../../error.js";
import type { ShardPart } from "../../model/shard.js";
import { shardFileName } from "../../shards/shard-name.js";

/** Files to keep with the run. */
export interface ArtifactFiles {
  /** Every file is inside this folder, and the artifact keeps the paths below it. */
  readonly root: string;
  /** Absolute paths. */
  readonly files: readonly string[];
}

export interface UploadedArtifact {
  readonly name: string;
  readonly id: number;
  readonly bytes: number;
}

const UPLOAD_TIMEOUT_MS = 120_000;

/** Default of `report.key`, for which names stay short. */
const PLAIN = "tailgate";

/**
 * Name of the artifact of a suite. The service takes no `" : < > | * ? \ /` and no line ends in it; keys that differ
 * only there still get names of their own.
 */
export function artifactName(key: string): string {
  if (key === "" || key === "default" || key === PLAIN) return PLAIN;
  const safe = key.replace(/[^A-Za-z0-9._ -]/gu, (c) => `%${c.codePointAt(0)!.toString(16)}`);
  return `${PLAIN}-${safe.slice(0, 120)}`;
}

/** Name of the artifact of one part of a divided run: `tailgate-shard-3-of-8`. */
export function shardArtifactName(key: string, part: Pick<ShardPart, "part" | "of">): string {
  return `${artifactName(key)}-${shardFileName(part)}`;
}

/**
 * The suite whose artifact has this name, or `null` if it is none of this suite's: its own, or that of one leg of a job
 * matrix.
 *
 * @param key of the suite, without a leg
 */
export function keyOfArtifact(name: string, key: string): string | null {
  if (name === artifactName(key)) return key;
  const legs = `${PLAIN}-${key}.`;
  const found = name.startsWith(legs) ? name.slice(PLAIN.length + 1) : "";
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(found) ? found : null;
}

/** Everything in the folder of a result: reports, raw observations, logs. */
export async function artifactFilesOf(resultJson: string): Promise<ArtifactFiles> {
  const root = dirname(resultJson);
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return { root, files: files.sort() };
}

/**
 * Uploads the files as one artifact of this name. Loads @actions/artifact only here: it is 2.5 MB of code that most of a
 * run does not need.
 *
 * @throws TailgateError "artifact"
 */
export async function uploadArtifact(
  name: string,
  { root, files }: ArtifactFiles,
): Promise<UploadedArtifact> {
  try {
    const { DefaultArtifactClient } = await import("@actions/artifact");
    const uploaded = await withinTime(new DefaultArtifactClient().uploadArtifact(name, [...files], root));
    return { name, id: uploaded.id ?? 0, bytes: uploaded.size ?? 0 };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message.split("\n", 1)[0]!.slice(0, 200) : String(cause);
    throw new TailgateError(
      "artifact",
      `The artifact ${name} was not stored: ${said}`,
      "The files are still in the job's folder (outputs `result-json`, `report-markdown`, `report-html`): store them with " +
        "another step. GitHub Enterprise Server does not offer this service to actions.",
      { cause },
    );
  }
}

/** A service that never responds must not hold the job until the job's own time limit. */
async function withinTime<T>(upload: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no response within ${UPLOAD_TIMEOUT_MS / 1000} s`));
    }, UPLOAD_TIMEOUT_MS);
  });
  try {
    return await Promise.race([upload, late]);
  } finally {
    clearTimeout(timer);
  }
}
