import { fillIn, type CapturedValues } from "./capture-values.js";

/**
 * Text of a body with values in place of their names, written as its type asks for: a quote in a value must not end the
 * text of a JSON body that it stands in, nor "&" a field of a form.
 *
 * @param type - of the Content-Type header; `null`: there is none
 */
export function fillBodyText(text: string, type: string | null, values: CapturedValues): string {
  if (type !== null && /^application\/([\w.-]+\+)?json\b/i.test(type)) return fillJson(text, values);
  if (type !== null && /^application\/x-www-form-urlencoded\b/i.test(type)) {
    return fillIn(text, values, encodeURIComponent);
  }
  return fillIn(text, values, String);
}

/** Inside of the texts of a JSON document values are escaped; elsewhere they stand for numbers, lists or mappings. */
export function fillJson(json: string, values: CapturedValues): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|\{[^{}"]+\}/g, (part) =>
    fillIn(part, values, part.startsWith('"') ? (value) => JSON.stringify(value).slice(1, -1) : String),
  );
}
