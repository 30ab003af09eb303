import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** What GitHub's own editor support says of a workflow or an action.yml, one line a finding. */
export type Validate = (text: string, path: string) => Promise<string[]>;

interface Finding {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

/**
 * Loads @actions/languageservice. Node.js cannot load it as it is published (it imports JSON without saying so), so it
 * is bundled first.
 *
 * @param actions - inputs of actions by `owner/name`, for which `with:` is checked
 */
export async function loadLanguageService(
  actions: Readonly<Record<string, readonly string[]>>,
): Promise<{ validate: Validate; dispose: () => Promise<void> }> {
  const here = createRequire(import.meta.url)
    .resolve("esbuild/package.json")
    .replace(/esbuild.package\.json$/, "");
  const folder = await mkdtemp(join(here, ".tailgate-language-service-"));
  const outfile = join(folder, "service.mjs");
  await build({
    stdin: {
      contents: `
        export { validate } from "@actions/languageservice";
        export { TextDocument } from "vscode-languageserver-textdocument";
      `,
      resolveDir: here,
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
  const service = (await import(pathToFileURL(outfile).href)) as {
    validate(document: unknown, config: unknown): Promise<Finding[]>;
    TextDocument: { create(uri: string, language: string, version: number, text: string): unknown };
  };
  let version = 0;
  const actionsMetadataProvider = {
    fetchActionMetadata: ({ owner, name }: { owner: string; name: string }) => {
      const inputs = actions[`${owner}/${name}`];
      if (inputs === undefined) return Promise.resolve(undefined);
      const described = inputs.map((input) => [input, { description: "", required: false }]);
      return Promise.resolve({ name, description: "", inputs: Object.fromEntries(described) as object });
    },
  };
  return {
    validate: async (text, path) => {
      // A document of its own each time: the service remembers by address.
      const document = service.TextDocument.create(`file:///${++version}/${path}`, "yaml", version, text);
      const findings = await service.validate(document, { actionsMetadataProvider });
      return findings.map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`);
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}
