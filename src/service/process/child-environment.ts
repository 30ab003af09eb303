/** The variable that every process of a launch carries, so that those that leave its tree are found again. */
export const MARK_VARIABLE = "TAILGATE_MARK";

/** Value of the mark: the run, what is running (an arm, or a hook of one), and which start of it. */
export function markOf(runId: string, what: string, launch: number): string {
  return `${runId}:${what}:${launch}`;
}

/** How the marks of all processes of a run begin. */
export function markPrefix(runId: string): string {
  return `${MARK_VARIABLE}=${runId}:`;
}

const REMOVED_PREFIXES = ["INPUT_", "ACTIONS_", "STATE_", "TAILGATE_"];

/** Tokens, and the files through which a step speaks to the runner. */
const REMOVED_NAMES = new Set([
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "GITHUB_ENV",
  "GITHUB_OUTPUT",
  "GITHUB_PATH",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY",
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "NODE_UNIQUE_ID",
]);

/** Whether a variable is the runner's or the action's own, and kept from what Tailgate starts. */
export function belongsToRunner(name: string): boolean {
  const upper = name.toUpperCase();
  return REMOVED_NAMES.has(upper) || REMOVED_PREFIXES.some((prefix) => upper.startsWith(prefix));
}

/** What the environment of a service, a build or a hook is made from. */
export interface ChildEnvironmentOptions {
  /** The job's own. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `service.env`; it may bring back a name that is taken out of the job's. */
  readonly added: Readonly<Record<string, string>>;
  readonly mark: string;
  /** Where a service is to listen, replaced in the added values as well. `null` for builds and hooks. */
  readonly place: ToldPlace | null;
}

/** Becomes `PORT` and `{port}`, or `SOCKET` and `{socket}`. */
export interface ToldPlace {
  readonly port: number;
  readonly socketPath: string | null;
}

/**
 * The job's environment less what belongs to the runner and the action. This alone protects nothing: a process
 * of the same user can read its parent's environment.
 */
export function childEnvironment(options: ChildEnvironmentOptions): Record<string, string> {
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.environment)) {
    if (value !== undefined && !belongsToRunner(name)) child[name] = value;
  }
  for (const [name, value] of Object.entries(options.added)) {
    child[name] = options.place === null ? value : withPlace(value, options.place);
  }
  if (options.place !== null) {
    const { port, socketPath } = options.place;
    if (socketPath === null) child["PORT"] = String(port);
    else child["SOCKET"] = socketPath;
  }
  child[MARK_VARIABLE] = options.mark;
  return child;
}

/** Replaces every `{port}`, or every `{socket}` where it is a socket file. */
export function withPlace(text: string, { port, socketPath }: ToldPlace): string {
  return socketPath === null
    ? text.replaceAll("{port}", String(port))
    : text.replaceAll("{socket}", socketPath);
}

/** Replaces every `{arm}`. */
export function withArm(text: string, arm: string): string {
  return text.replaceAll("{arm}", arm);
}
