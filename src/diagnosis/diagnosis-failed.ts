/** Why a diagnosis block brought nothing, as a clause: "head did not start". It is told; the verdict stands. */
export class DiagnosisFailed extends Error {
  override readonly name = "DiagnosisFailed";
}
