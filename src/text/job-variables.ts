const REFERENCE = /(\$?)\$\{([A-Za-z_]\w*)\}/g;

/** Names of the job's variables that a text refers to, as `${NAME}`; `$${NAME}` is none. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, escape, name]) => (escape === "" ? [name!] : []));
}

/**
 * Replaces every `${NAME}` by its value, and every `$${NAME}` by `${NAME}`. A name without a value stays as it is.
 *
 * @param encode - a value as the text can hold it
 */
export function fillVariables(
  text: string,
  values: ReadonlyMap<string, string>,
  encode: (value: string) => string = String,
): string {
  return text.replace(REFERENCE, (whole, escape: string, name: string) => {
    if (escape !== "") return whole.slice(1);
    const value = values.get(name);
    return value === undefined ? whole : encode(value);
  });
}
