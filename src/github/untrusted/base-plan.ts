import { posix } from "node:path";
import { CONFIG_PATHS } from "../../config/defaults.js";
import type { Inputs } from "../../config/inputs.js";
import { makePlan } from "../../config/make-plan.js";
import type { Plan } from "../../model/plan.js";
import { readConfigFile, type ConfigSource } from "../../config/file/read-file.js";
import type { GithubClient } from "../api/client.js";
import { GithubFault } from "../api/fault.js";
import { OPERATIONS } from "../api/operation.js";
import type { Repository } from "../event/runner-environment.js";

/** The plan by which a claimed measurement is judged: the base branch's, and what the reporting job's inputs say. */
export interface BasePlan {
  readonly plan: Plan;
  /** Whether the base branch (or the input `path`) says which scenarios there are. */
  readonly namesScenarios: boolean;
  /** Whether it says what the seed is; where it does not, the seed followed from the commits that were measured. */
  readonly namesSeed: boolean;
}

/**
 * Reads tailgate.yml from the base branch through the API; nothing is checked out.
 *
 * @throws GithubFault, TailgateError "config"
 */
export async function readBasePlan(
  client: GithubClient,
  place: Repository,
  baseRef: string,
  inputs: Inputs,
): Promise<BasePlan> {
  const file = await readBaseFile(client, place, baseRef, inputs);
  // Nothing is started here, so a start command that only the measuring workflow has is not missed.
  const commits = file?.content.arms === undefined;
  const start = commits ? (inputs.start ?? file?.content.service?.start ?? "unused") : inputs.start;
  const plan = makePlan({ inputs: { ...inputs, start }, headFile: file, baseFile: file });
  return {
    plan,
    namesScenarios: inputs.path !== null || file?.content.scenarios !== undefined,
    namesSeed: inputs.seed !== null || file?.content.experiment?.seed !== undefined,
  };
}

async function readBaseFile(
  client: GithubClient,
  place: Repository,
  baseRef: string,
  inputs: Inputs,
): Promise<ConfigSource | null> {
  const folder = inputs.workingDirectory ?? "";
  const names = inputs.config === null ? CONFIG_PATHS : [inputs.config];
  const paths = names.flatMap((name) => [posix.join(folder, name), posix.normalize(name)]);
  for (const path of new Set(paths.map((one) => one.replace(/^\.?\/+/, "")))) {
    const bytes = await readFile(client, place, baseRef, path);
    if (bytes !== null) return readConfigFile(bytes, `${path} (${baseRef})`);
  }
  return null;
}

async function readFile(
  client: GithubClient,
  place: Repository,
  ref: string,
  path: string,
): Promise<Buffer | null> {
  try {
    const { data: file } = await client.call(OPERATIONS.readFile, (api, request) =>
      api.rest.repos.getContent({ owner: place.owner, repo: place.repository, path, ref, request }),
    );
    // A folder is a list; a symbolic link or a submodule has no content.
    if (Array.isArray(file) || file.type !== "file" || !("content" in file)) return null;
    return Buffer.from(file.content, "base64");
  } catch (fault) {
    if (fault instanceof GithubFault && fault.kind === "not-found") return null;
    throw fault;
  }
}
