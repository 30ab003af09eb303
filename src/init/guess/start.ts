import { preparesData } from "./commands.js";
import {
  dockerfileStart,
  procfileProcesses,
  procfileRelease,
  procfileStart,
} from "./deployment/start-commands.js";
import { type Guess, type ProjectGuess, type Snapshot, startOnly, type StartCommand } from "./snapshot.js";

/** How the service is built, prepared and started, each with where it comes from. */
export interface StartGuess {
  readonly build: Guess | null;
  /** `null`: nothing says how it is started. */
  readonly start: Guess | null;
  readonly setup: readonly Guess[];
  readonly envFile: Guess | null;
  readonly unknown: readonly string[];
}

/**
 * The start command of a Procfile, else the project's own, else that of a Dockerfile. In Python a Dockerfile comes
 * before the project, whose sources name an application and no server.
 */
export function guessStart(snapshot: Snapshot, project: ProjectGuess | null): StartGuess {
  const release = procfileRelease(snapshot);
  const released = release === null ? null : (project?.deployed(release.value)?.start ?? release.value);
  const setup =
    released !== null && preparesData(released)
      ? [{ value: released, from: release!.from }]
      : (project?.setup ?? []);
  const own = {
    build: project?.build ?? null,
    start: project?.start ?? null,
    setup,
    envFile: project?.envFile ?? null,
  };
  const processes = procfileProcesses(snapshot).map(([name]) => name);
  const procfile = procfileStart(snapshot);
  const unknown = [
    ...(procfile === null && processes.length > 1 && !processes.includes("web")
      ? [`Procfile starts ${processes.join(", ")}: which of them is the service?`]
      : []),
    ...(project?.unknown ?? []),
  ];
  const dockerfile = dockerfileStart(snapshot);
  const isPython = project?.language === "python";
  for (const said of [procfile, isPython ? dockerfile : null]) {
    const deployed = said === null ? null : inProject(said.value, project);
    // What the project does not know it may still be started by, where nothing else is known.
    if (deployed !== null)
      return { ...merged(own, deployed, said!.from), unknown: withoutDevelopment(unknown) };
  }
  if (own.start !== null) return { ...own, unknown };
  for (const said of [procfile, dockerfile]) {
    if (said === null) continue;
    const deployed = inProject(said.value, project) ?? startOnly(said.value);
    return { ...merged(own, deployed, said.from), unknown };
  }
  return { ...own, unknown };
}

function inProject(command: string, project: ProjectGuess | null): StartCommand | null {
  return project === null ? startOnly(command) : project.deployed(command);
}

function merged(
  own: Omit<StartGuess, "unknown">,
  deployed: StartCommand,
  from: string,
): Omit<StartGuess, "unknown"> {
  const steps = [
    ...(own.build === null ? [] : [own.build.value]),
    ...deployed.build.filter((step) => own.build?.value.includes(step) !== true),
  ];
  const build =
    deployed.build.length === 0
      ? own.build
      : {
          value: steps.join(" && "),
          from: [own.build?.from, from].filter((one) => one !== undefined).join(", "),
        };
  return {
    build,
    start: { value: deployed.start, from },
    setup: deployed.setup.length > 0 ? deployed.setup.map((value) => ({ value, from })) : own.setup,
    envFile: deployed.envFile === null ? own.envFile : { value: deployed.envFile, from },
  };
}

/** Whoever deploys it has said which server is used. */
function withoutDevelopment(unknown: readonly string[]): string[] {
  return unknown.filter((sentence) => !/server for development|uvicorn is not among/.test(sentence));
}
