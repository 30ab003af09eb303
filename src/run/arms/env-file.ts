import { join } from "node:path";
import { parse } from "dotenv";
import { TailgateError } from "../../error.js";
import { folderInside } from "../../files/folder-inside.js";
import { readFileBounded } from "../../files/read-file.js";
import type { ArmPlan } from "../../model/plan.js";

const LARGEST_BYTES = 1024 * 1024;
/** Tailgate chooses the port. */
const CHOSEN = new Set(["PORT", "SOCKET"]);

/**
 * The arm with the variables of its `env-file`, from its own code. What the job's environment has already stays, as with
 * `node --env-file`; what `env` says comes before both.
 *
 * @param folder - of the checkout; `cwd` counts from it, and the file from there
 * @throws TailgateError "service" where the file is missing or has lines that set nothing
 */
export async function withEnvFile(
  arm: ArmPlan,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ArmPlan> {
  const { envFile, cwd, env } = arm.service;
  if (envFile === undefined) return arm;
  const place = await folderInside(folder, cwd);
  const read = readFileBounded(join(place, envFile), { mostBytes: LARGEST_BYTES, shared: false });
  if (read.kind !== "read") {
    throw new TailgateError(
      "service",
      `${arm.name}: service.env-file is \`${envFile}\`, which ${read.kind === "absent" ? "its code does not have" : read.why}.`,
      "Commit a file with values for tests; its path counts from `cwd`. A .env that is ignored by git is in no checkout.",
    );
  }
  const text = read.bytes.toString("utf8").replace(/^\uFEFF/, "");
  const wrong = lineWithoutVariable(text);
  if (wrong !== null) {
    throw new TailgateError(
      "service",
      `${arm.name}: line ${wrong} of \`${envFile}\` sets no variable.`,
      "Each line is NAME=value, a comment or empty; a value of several lines stands in quotes.",
    );
  }
  const values = Object.entries(parse(text)).filter(
    ([name]) => !CHOSEN.has(name) && environment[name] === undefined,
  );
  return { ...arm, service: { ...arm.service, env: { ...Object.fromEntries(values), ...env } } };
}

/** As dotenv reads them, and leaves out what it does not know: blanks around, `export`, quotes over several lines. */
const VARIABLE =
  /^[ \t]*(?:export[ \t]+)?[\w.-]+(?:[ \t]*=[ \t]*?|:[ \t]+?)(?:[ \t]*'(?:\\'|[^'])*'|[ \t]*"(?:\\"|[^"])*"|[ \t]*`(?:\\`|[^`])*`|[^#\n]+)?[ \t]*(?:#[^\n]*)?$/gm;

function lineWithoutVariable(text: string): number | null {
  const rest = text.replace(/\r\n?/g, "\n").replace(VARIABLE, (lines) => lines.replace(/[^\n]/g, ""));
  const index = rest.split("\n").findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return index === -1 ? null : index + 1;
}
