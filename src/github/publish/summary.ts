import { appendFile, stat } from "node:fs/promises";
import type { Result } from "../../model/result.js";
import { REPORTERS } from "../../reporters/reporters.js";

/** GitHub drops a step's whole summary when it is larger. */
const LARGEST_SUMMARY_BYTES = 1024 * 1024;
/** Tried in turn where the whole does not fit, a character being up to three bytes. */
const LENGTHS = [500_000, 200_000, 60_000, 20_000] as const;

/** The report with its pictures, and in shorter forms without them. */
export function summaryTexts(result: Result): (() => string)[] {
  const { "job-summary": withPictures, markdown } = REPORTERS;
  const shorter = LENGTHS.map((maxCharacters) => () => markdown.render(result, { maxCharacters }));
  return [() => withPictures.render(result), ...shorter];
}

/**
 * Appends the first of these texts that fits to the job summary.
 *
 * @returns `null`, or in words why there is none; never throws for what the file system says
 */
export async function writeSummary(
  path: string | null,
  texts: readonly (() => string)[],
): Promise<string | null> {
  if (path === null) return "GITHUB_STEP_SUMMARY is not set, so there is no job summary.";
  try {
    // Steps of a composite action share one file.
    const taken = await stat(path).then(
      (file) => file.size,
      () => 0,
    );
    const room = LARGEST_SUMMARY_BYTES - taken - 1;
    for (const render of texts) {
      const text = `${render()}\n`;
      if (Buffer.byteLength(text) > room) continue;
      await appendFile(path, text);
      return null;
    }
    return "The job summary is full already, so the report is not in it.";
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return `The job summary could not be written (${error.code}).`;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
