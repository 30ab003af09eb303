/** Of an error that may hold a log. */
export function firstLine(text: string): string {
  return text.split(/[\r\n]/, 1)[0]!.trim();
}

/** The last line that says something; `null` where none does. */
export function lastLine(text: string): string | null {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.findLast((line) => line !== "") ?? null;
}
