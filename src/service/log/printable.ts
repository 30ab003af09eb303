// eslint-disable-next-line no-control-regex -- taking control characters out is the purpose
const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// eslint-disable-next-line no-control-regex -- see above
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Zero-width and bidirectional formatting: text that reads otherwise than it is. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Longest line that is printed; what follows is cut with its length named. */
const LONGEST_LINE = 2000;

/** Takes out terminal escapes, control, bidi and zero-width characters; keeps newlines and tabs. */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(ESCAPE_SEQUENCES, "")
    .replace(CONTROL, "")
    .replace(INVISIBLE, "")
    .split("\n")
    .map(shortened)
    .join("\n");
}

function shortened(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  return `${line.slice(0, LONGEST_LINE)} [... ${line.length - LONGEST_LINE} more characters]`;
}
