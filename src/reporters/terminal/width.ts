import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns that a text takes in a terminal: wide characters and emoji take two, colour codes none. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** Text of at most `columns` columns, cut between characters as a reader sees them, with an ellipsis. */
export function clip(text: string, columns: number): string {
  if (columns < 1) return "";
  if (columnsOf(text) <= columns) return text;
  let result = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const width = columnsOf(segment);
    if (used + width > columns - 1) break;
    result += segment;
    used += width;
  }
  return `${result.trimEnd()}…`;
}

/** Text filled with spaces to `columns`; longer text is left as it is. */
export function pad(text: string, columns: number, side: "left" | "right" = "left"): string {
  const fill = " ".repeat(Math.max(0, columns - columnsOf(text)));
  return side === "left" ? text + fill : fill + text;
}

/** A paragraph broken at spaces; words longer than a line are cut into pieces. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of text.split(" ")) {
    while (columnsOf(word) > columns) {
      if (line !== "") lines.push(line);
      line = "";
      const head = clip(word, columns + 1).replace(/…$/u, "");
      if (head === "") break;
      lines.push(head);
      word = word.slice(head.length);
    }
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}
