// Whole workflows that stand in Markdown files, ready to copy.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FENCE = /^```ya?ml[^\n]*\n(.*?)^```$/gms;

/** @returns {{ file: string, line: number, text: string }[]} every YAML block that has both `on:` and `jobs:` */
export function documentedWorkflows(root) {
  return yamlBlocks(root).filter(({ text }) => /^on:/m.test(text) && /^jobs:/m.test(text));
}

/** @returns {{ file: string, line: number, text: string }[]} every YAML block of README.md and docs/ */
export function yamlBlocks(root) {
  return markdownFiles(root).flatMap((file) => {
    const content = readFileSync(join(root, file), "utf8");
    return [...content.matchAll(FENCE)].map((found) => ({
      file,
      line: content.slice(0, found.index).split("\n").length + 1,
      text: found[1],
    }));
  });
}

/** @returns {string[]} paths below the root: its own, and those of docs/ and of the examples */
export function markdownFiles(root) {
  const examples = join(root, "examples");
  const folders = [
    "",
    "docs",
    ...(existsSync(examples) ? readdirSync(examples).map((name) => join("examples", name)) : []),
  ];
  return folders.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.endsWith(".md"))
          .map((name) => join(folder, name))
      : [],
  );
}
