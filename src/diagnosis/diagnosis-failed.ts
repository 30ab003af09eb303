/** Of an error that may hold a log. */
export function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}

/** Why a diagnosis block brought nothing, as a clause: "head did not start". It is told; the verdict stands. */
export class DiagnosisFailed extends Error {
  override readonly name = "DiagnosisFailed";
}
