import { readFile } from "node:fs/promises";
import { TailgateError } from "../error.js";
import type { DocumentKind } from "./store.js";

/**
 * Text -> document.
 *
 * @param where - for the error, such as "Line 2 of blocks.ndjson"
 * @throws TailgateError `artifact`
 */
export function readDocument<T>(text: string, where: string, kind: DocumentKind<T>): T {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (cause) {
    throw notOfKind(where, kind, cause);
  }
  const { data, error } = kind.schema.safeParse(written);
  if (error !== undefined) throw notOfKind(where, kind, error);
  return data;
}

function notOfKind<T>(where: string, { name, hint }: DocumentKind<T>, cause: unknown): TailgateError {
  return new TailgateError("artifact", `${where} is not ${name} that this version of Tailgate wrote.`, hint, {
    cause,
  });
}

/**
 * A file's text; `null` where there is no such file.
 *
 * @throws TailgateError `artifact` when it cannot be read
 */
export async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new TailgateError(
      "artifact",
      `${file} cannot be read: ${(error as Error).message}.`,
      "Check that it lies in a folder that you may read and write.",
      { cause: error },
    );
  }
}
