// Whole workflows that are there to be copied: in Markdown files, and in the examples.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FENCE = /^```ya?ml[^\n]*\n(.*?)^```$/gms;

/** @returns {{ file: string, line: number, text: string }[]} YAML blocks with both `on:` and `jobs:`, and workflow.yml of each example */
export function documentedWorkflows(root) {
  const blocks = yamlBlocks(root).filter(({ text }) => /^on:/m.test(text) && /^jobs:/m.test(text));
  const ofExamples = exampleFolders(root)
    .map((folder) => join(folder, "workflow.yml"))
    .filter((file) => existsSync(join(root, file)))
    .map((file) => ({ file, line: 1, text: readFileSync(join(root, file), "utf8") }));
  return [...blocks, ...ofExamples];
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
  return ["", "docs", ...exampleFolders(root)].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.endsWith(".md"))
          .map((name) => join(folder, name))
      : [],
  );
}

function exampleFolders(root) {
  const examples = join(root, "examples");
  return existsSync(examples) ? readdirSync(examples).map((name) => join("examples", name)) : [];
}
