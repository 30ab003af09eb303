/** A fenced block of YAML in a Markdown file; `line` is that of its first line of content. */
export interface YamlBlock {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export function documentedWorkflows(root: string): YamlBlock[];
export function yamlBlocks(root: string): YamlBlock[];
export function markdownFiles(root: string): string[];
