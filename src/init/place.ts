import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { CONFIG_PATHS } from "../config/defaults.js";
import { TailgateError } from "../error.js";
import { gitIn, type Git } from "../git/git.js";
import { openRepository } from "../git/repository.js";

/** Where the service lies and where its files go. */
export interface Place {
  /** Root of the repository; without one, the folder itself. Everything is written below it. */
  readonly root: string;
  /** Folder of the service from the root; empty for the root. */
  readonly subfolder: string;
  /** Git in the service's folder; `null` where there is no repository. */
  readonly git: Git | null;
  /** Paths from the root: the configuration, whichever of its names it has already, and the workflows. */
  readonly config: string;
  readonly workflow: string;
  readonly reportWorkflow: string;
  /** The workflow that compares with the last release. */
  readonly releaseWorkflow: string;
}

/** Finds the place. A folder outside of any repository is one too, as it may become one. */
export async function findPlace(folder: string): Promise<Place> {
  const repository = await openRepository(folder).catch((error: unknown) => {
    if (error instanceof TailgateError) return null;
    throw error;
  });
  const root = repository?.root ?? folder;
  const subfolder = (repository?.subfolder ?? "").replaceAll("\\", "/");
  const workflow = subfolder === "" ? "tailgate" : `tailgate-${slug(basename(subfolder))}`;
  return {
    root,
    subfolder,
    git: repository === null ? null : gitIn(folder),
    config: await configPath(root, subfolder),
    workflow: `.github/workflows/${workflow}.yml`,
    reportWorkflow: `.github/workflows/${workflow}-report.yml`,
    releaseWorkflow: `.github/workflows/${workflow}-release.yml`,
  };
}

/** The file that Tailgate would read from here; beside the service of a monorepo, else with GitHub's other files. */
async function configPath(root: string, subfolder: string): Promise<string> {
  const inside = (path: string): string => (subfolder === "" ? path : `${subfolder}/${path}`);
  for (const path of CONFIG_PATHS) {
    const there = await stat(join(root, inside(path))).catch(() => null);
    if (there !== null) return inside(path);
  }
  return inside(subfolder === "" ? ".github/tailgate.yml" : "tailgate.yml");
}

function slug(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, "-") || "service";
}
