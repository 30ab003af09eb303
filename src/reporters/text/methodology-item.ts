/** One line of "how it was measured": plain text, not escaped. */
export interface MethodologyItem {
  readonly label: string;
  readonly text: string;
}
