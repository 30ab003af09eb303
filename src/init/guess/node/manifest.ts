/** The parts of package.json that tell something. */
export interface Manifest {
  readonly name: string | null;
  readonly scripts: Readonly<Record<string, string>>;
  /** Name -> version that is asked for, those for development too. */
  readonly dependencies: ReadonlyMap<string, string>;
  readonly main: string | null;
  readonly hasEngine: boolean;
  /** Whether it is the root of a workspace. */
  readonly hasWorkspaces: boolean;
  /** "pnpm" of `"packageManager": "pnpm@9.1.0"`. */
  readonly packageManager: string | null;
}

/** package.json as text -> what it tells; `null` where it is not valid. */
export function readManifest(text: string): Manifest | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null) return null;
  const about = parsed as Record<string, unknown>;
  const { name, scripts, dependencies, devDependencies, main, engines, workspaces, packageManager } = about;
  return {
    name: typeof name === "string" ? name : null,
    scripts: strings(scripts),
    dependencies: new Map([
      ...Object.entries(strings(devDependencies)),
      ...Object.entries(strings(dependencies)),
    ]),
    main: typeof main === "string" ? main.replace(/^\.\//, "") : null,
    hasEngine: strings(engines)["node"] !== undefined,
    hasWorkspaces: typeof workspaces === "object" && workspaces !== null,
    packageManager:
      typeof packageManager === "string" ? (/^(npm|pnpm|yarn|bun)@/.exec(packageManager)?.[1] ?? null) : null,
  };
}

function strings(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
