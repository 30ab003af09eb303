/**
 * Text from outside (names, messages, logs) on its way into a page. Names come from pull requests, so nothing
 * in them may become markup, a mention, a link, a table border or a change of writing direction.
 */

/**
 * Characters that a reader cannot see or that reorder what is seen: controls, format characters (bidirectional
 * and zero-width marks, soft hyphen, tags), surrogates, private use, and blanks and selectors that Unicode files
 * under letters and marks. The zero-width joiner goes too: a composed emoji then falls into its parts, which is
 * harmless, while two names that differ in it alone would look the same.
 */
const INVISIBLE =
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\u034f|[\u115f\u1160\u2800\u3164\uffa0]|\u17b4|\u17b5|[\u180b-\u180f]|[\ufe00-\ufe0e]|[\u{e0100}-\u{e01ef}]/gu;

/** Marks piled on one letter climb over the lines around it; three are enough for every living script. */
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** ECMA-48 control sequences, with their parameters. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const ANSI = /[\u001b\u009b][[\]()#;?]*(?:[0-9]{1,4}(?:;[0-9]{0,4})*)?[0-9A-ORZcf-nqry=><~]/gu;

const LINE_BREAK = /\r\n|[\n\u0085\u2028\u2029]/u;

/** One line of visible text: breaks and runs of spaces become one space, what cannot be seen goes. */
export function visible(text: string): string {
  return text
    .replace(ANSI, "")
    .replaceAll("\ufeff", "")
    .replace(/[\s\u0085]+/gu, " ")
    .replace(INVISIBLE, "")
    .replace(PILED_MARKS, "$1")
    .replace(/ {2,}/gu, " ")
    .trim();
}

/** Several lines of visible text, for logs: line breaks stay, a tab becomes two spaces, colour codes vanish. */
export function visibleLines(text: string): string {
  return text
    .replace(ANSI, "")
    .split(LINE_BREAK)
    .map((line) => line.replace(/\t/gu, "  ").replace(INVISIBLE, "").replace(PILED_MARKS, "$1").trimEnd())
    .join("\n");
}

/** Text of at most `length` code points; what is cut is shown as an ellipsis. */
export function shortened(text: string, length: number): string {
  const points = Array.from(text);
  return points.length <= length ? text : `${points.slice(0, length - 1).join("")}…`;
}

/** What means something to Markdown, to GitHub's extensions of it, or to HTML, inside a line. */
const ACTIVE = /[\\`*_{}[\]<>&|~^$!@#"]/gu;

/**
 * Text inside a Markdown line or table cell. Active characters become numeric entities rather than backslash
 * escapes: those hold in table cells and in HTML alike. GitHub looks for mentions, issue numbers and links in
 * the finished text, where an entity no longer protects; there a zero-width space parts what it would join.
 */
export function markdownText(text: string): string {
  return visible(text)
    .replace(ACTIVE, entity)
    .replace(/&#64;|&#35;/gu, "$&&#8203;")
    .replace(/:(?=\/\/)/gu, "&#58;&#8203;")
    .replace(/\bwww(?=\.)|\bgh(?=-\d)/giu, "$&&#8203;")
    .replace(/^(?:[-+=]|\d(?=\d{0,8}[.)](?: |$)))/u, entity);
}

/** A sentence of ours with names of others between backticks, which become code. */
export function markdownProse(text: string): string {
  const parts = visible(text).split("`");
  if (parts.length % 2 === 0) return markdownText(text);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part.trim() === "" ? "" : markdownName(part);
      // What stands between two names keeps the spaces around it.
      const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/su.exec(part)!;
      return `${before!}${markdownText(inner!)}${after!}`;
    })
    .join("");
}

/** A name in a Markdown line or table cell, set apart as code. */
export function markdownName(name: string): string {
  return `<code>${markdownText(name)}</code>`;
}

/** A fenced code block that its content cannot end: the fence is longer than any run of backticks inside. */
export function codeBlock(text: string, language = ""): string {
  const lines = visibleLines(text);
  const longest = Math.max(0, ...Array.from(lines.matchAll(/`+/gu), (run) => run[0].length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** Text inside HTML, in an element or a quoted attribute. */
export function htmlText(text: string): string {
  return visible(text).replace(/[&<>"'`]/gu, entity);
}

/** A sentence of ours with names of others between backticks, which become code. */
export function htmlProse(text: string): string {
  const parts = visible(text).split("`");
  if (parts.length % 2 === 0) return htmlText(text);
  return parts
    .map((part, index) => {
      const safe = part.replace(/[&<>"']/gu, entity);
      return index % 2 === 1 ? `<code>${safe}</code>` : safe;
    })
    .join("");
}

/** Several lines inside `<pre>`. */
export function htmlLines(text: string): string {
  return visibleLines(text).replace(/[&<>"'`]/gu, entity);
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)!};`;
}

/** A name from outside as a code span: one line, nothing that ends the span. */
export function quoted(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").replaceAll("`", "'");
  return `\`${line}\``;
}
