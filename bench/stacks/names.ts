/** The names of a flag's value, with commas between. */
export function namesIn(value: string | undefined): string[] {
  return (value ?? "").split(",").filter((name) => name !== "");
}
