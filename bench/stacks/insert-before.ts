import { readFileSync, writeFileSync } from "node:fs";

/** Puts text before a mark, which a file has once: an example that was rewritten must not be measured unchanged. */
export function insertBefore(file: string, mark: string, text: string): void {
  const [before, after, ...more] = readFileSync(file, "utf8").split(mark);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${file} does not have \`${mark.trim()}\` once`);
  }
  writeFileSync(file, `${before}${text}${mark}${after}`);
}
