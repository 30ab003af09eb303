import { readFile, realpath } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor.js";
import { isInside } from "../../files/is-inside.js";
import { TailgateError } from "../../error.js";

/**
 * Reads a .proto file with all that it imports, or a descriptor set (`protoc --include_imports --descriptor_set_out`),
 * into one description that needs no other file.
 *
 * @param folder - nothing outside of it is read; imports count from it, or from a folder on the way to the file
 * @throws TailgateError "config" where it cannot be read, or an import is not there
 */
export async function describeProto(file: string, folder: string): Promise<Buffer> {
  const root =
    extname(file) === ".proto" ? await parseWithImports(file, folder) : await readDescriptorSet(file, folder);
  const description = root.toJSON();
  try {
    root.resolveAll();
    requireIdentifiers(description);
  } catch (error) {
    throw unreadable(relative(folder, file), error);
  }
  return Buffer.from(JSON.stringify(description));
}

const NAMED = ["nested", "fields", "oneofs", "values", "methods"];

/** protobufjs makes code of names, and those of a descriptor set are whatever its bytes say. */
function requireIdentifiers(description: unknown): void {
  if (typeof description !== "object" || description === null) return;
  for (const [key, part] of Object.entries(description)) {
    if (!NAMED.includes(key) || typeof part !== "object" || part === null) continue;
    for (const [name, inner] of Object.entries(part as Readonly<Record<string, unknown>>)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`${JSON.stringify(name)} is no name`);
      requireIdentifiers(inner);
    }
  }
}

async function readDescriptorSet(file: string, folder: string): Promise<protobuf.Root> {
  const bytes = await readFile(file);
  try {
    return protobuf.Root.fromDescriptor(bytes);
  } catch (error) {
    throw unreadable(relative(folder, file), error);
  }
}

async function parseWithImports(file: string, folder: string): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  const inside = await realpath(folder);
  const seen = new Set<string>();
  const read = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const name = relative(inside, path);
    const text = await readFile(path, "utf8");
    const { imports = [] } = parse(text, root, name);
    for (const wanted of imports) {
      const common = protobuf.common.get(wanted);
      if (common !== null) root.addJSON(common.nested!);
      else await read(await importedFile(wanted, path, inside));
    }
  };
  await read(await realpath(file));
  return root;
}

function parse(text: string, root: protobuf.Root, name: string): protobuf.IParserResult {
  try {
    return protobuf.parse(text, root);
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** Looked for from the folder of the importing file upwards, as far as `folder`. */
async function importedFile(wanted: string, from: string, folder: string): Promise<string> {
  for (let at = dirname(from); isInside(folder, at); at = dirname(at)) {
    const path = await realpath(join(at, wanted)).catch(() => null);
    if (path !== null && isInside(folder, path)) return path;
    if (at === dirname(at)) break;
  }
  throw new TailgateError(
    "config",
    `\`${relative(folder, from)}\` imports \`${wanted}\`, which is not there.`,
    "Imports count from the folder that Tailgate runs in, or from one on the way to the file. A descriptor set holds them all: `protoc --include_imports --descriptor_set_out=api.pb`.",
  );
}

function unreadable(name: string, error: unknown): TailgateError {
  return new TailgateError(
    "config",
    `\`${name}\` cannot be read: ${(error as Error).message}.`,
    "It must be a .proto file, or a descriptor set as `protoc --descriptor_set_out` writes it.",
    { cause: error },
  );
}
