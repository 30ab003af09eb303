/** What was read of a repository. Paths have `/` and are relative to the folder that was looked at. */
export interface Snapshot {
  /** Every file, whether read or not; sorted, those near the top first. */
  readonly paths: readonly string[];
  /** Contents of manifests and of source files, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /**
   * Files of the folders above, up to the repository's root: those that say something of a workspace. Path from here
   * ("../../pnpm-lock.yaml"), nearest first -> content, empty where only its being there counts.
   */
  readonly above: ReadonlyMap<string, string>;
}

/** Files of a folder that count for the projects below it. */
export const COUNTS_BELOW =
  /^(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|turbo\.json|nx\.json|uv\.lock|poetry\.lock|pyproject\.toml|Cargo\.(toml|lock)|go\.work|\.nvmrc|\.node-version|\.python-version|(docker-)?compose\.ya?ml|\.env\.[\w.-]+)$|^\.github\/workflows\/[^/]+\.ya?ml$/;

/** Path of the nearest file of one of these names, here or above; of two in one folder the one named first. */
export function nearestFile(snapshot: Snapshot, ...names: readonly string[]): string | null {
  const here = names.find((name) => snapshot.paths.includes(name));
  if (here !== undefined) return here;
  const above = [...snapshot.above.keys()].map((path) => ({ up: upOf(path).length, path }));
  const found = above.filter(({ path }) => names.includes(path.replace(/^(\.\.\/)+/, "")));
  const depth = Math.min(...found.map(({ up }) => up));
  const level = found.filter(({ up }) => up === depth).map(({ path }) => path);
  return level.length === 0
    ? null
    : names.flatMap((name) => level.find((path) => path.endsWith(name)) ?? [])[0]!;
}

/** Content of a file here or above. */
export function textAt({ texts, above }: Snapshot, path: string | null): string | null {
  return path === null ? null : (texts.get(path) ?? above.get(path) ?? null);
}

/** "../../" of "../../pnpm-lock.yaml"; empty for a file that lies here. */
export function upOf(path: string): string {
  return /^(?:\.\.\/)*/.exec(path)![0];
}

/** What a look from one of the snapshot's folders would give. */
export function snapshotOf(whole: Snapshot, folder: string): Snapshot {
  if (folder === "") return whole;
  const within = (path: string): boolean => path.startsWith(`${folder}/`);
  const inside = (path: string): string => path.slice(folder.length + 1);
  const parts = folder.split("/");
  const above = parts.flatMap((_, index) => {
    const parent = parts.slice(0, parts.length - 1 - index).join("/");
    const start = parent === "" ? "" : `${parent}/`;
    return whole.paths
      .filter((path) => path.startsWith(start) && COUNTS_BELOW.test(path.slice(start.length)))
      .map(
        (path) =>
          [`${"../".repeat(index + 1)}${path.slice(start.length)}`, whole.texts.get(path) ?? ""] as const,
      );
  });
  const further = [...whole.above].map(
    ([path, text]) => [`${"../".repeat(parts.length)}${path}`, text] as const,
  );
  return {
    paths: whole.paths.filter(within).map(inside),
    texts: new Map(
      [...whole.texts].filter(([path]) => within(path)).map(([path, text]) => [inside(path), text]),
    ),
    above: new Map([...above, ...further]),
  };
}

/** Without the folders that are projects of their own, by a manifest such as package.json. */
export function withoutProjectsBelow(snapshot: Snapshot, manifest: RegExp): Snapshot {
  const folders = snapshot.paths.flatMap((path) => {
    const name = path.split("/").at(-1)!;
    return path !== name && manifest.test(name) ? [path.slice(0, -name.length)] : [];
  });
  const own = (path: string): boolean => !folders.some((folder) => path.startsWith(folder));
  return {
    ...snapshot,
    paths: snapshot.paths.filter(own),
    texts: new Map([...snapshot.texts].filter(([path]) => own(path))),
  };
}

/** Something that was inferred, and from what. */
export interface Guess<T = string> {
  readonly value: T;
  /** For a person: "package-lock.json", "server.js:12". */
  readonly from: string;
}

/** A line that matched. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly match: RegExpExecArray;
}

/** Code that is not part of what runs as the service. */
const BESIDE =
  /(^|\/)(tests?|__tests__|spec|e2e|fixtures|migrations|vendor|src\/test)\/|^(examples?|docs?|bench(marks?)?|scripts|public|static)\/|\.(test|spec|d)\.[a-z]+$|_test\.go$|(^|\/)(test_[^/]*|conftest)\.py$|(^|\/)[^/]*\.config\.[a-z]+$/;

/** Which sources a program without an extension counts among, by its first line: `#!/usr/bin/env node`. */
const INTERPRETERS: readonly (readonly [extension: string, firstLine: RegExp])[] = [
  [".js", /^#!.*\b(node|bun|deno|tsx)\b/],
  [".py", /^#!.*\bpython/],
  [".rb", /^#!.*\bruby\b/],
];

/** Paths of source files with one of the extensions, and of programs without any; tests and the like left out. */
export function sourcesOf(snapshot: Snapshot, extensions: readonly string[]): string[] {
  const programs = INTERPRETERS.flatMap(([extension, firstLine]) =>
    extensions.includes(extension) ? [firstLine] : [],
  );
  return [...snapshot.texts].flatMap(([path, text]) =>
    !BESIDE.test(path) &&
    (extensions.some((extension) => path.endsWith(extension)) ||
      (/(^|\/)[^./]+$/.test(path) && programs.some((firstLine) => firstLine.test(text))))
      ? [path]
      : [],
  );
}

const NEWLINE = 10;

/** Every match of a pattern (with flag g) in the files named, in their order. */
export function findAll(snapshot: Snapshot, paths: readonly string[], pattern: RegExp): Finding[] {
  return paths.flatMap((path) => {
    const text = snapshot.texts.get(path) ?? "";
    let line = 1;
    let counted = 0;
    return [...text.matchAll(pattern)].map((match) => {
      for (; counted < match.index; counted++) if (text.charCodeAt(counted) === NEWLINE) line++;
      return { path, line, match };
    });
  });
}

export function findFirst(snapshot: Snapshot, paths: readonly string[], pattern: RegExp): Finding | null {
  return findAll(snapshot, paths, pattern)[0] ?? null;
}

/** "server.js:12" */
export function placeOf({ path, line }: Finding): string {
  return `${path}:${line}`;
}

/** A start command taken apart. */
export interface StartCommand {
  /** Run before, once: compilers and bundlers. */
  readonly build: readonly string[];
  /** Run before: what makes tables and data. */
  readonly setup: readonly string[];
  /** What serves. A program in between would be a process of its own, whose memory counts as the service's. */
  readonly start: string;
  /** The file of variables that it named. */
  readonly envFile: string | null;
}

export function startOnly(start: string): StartCommand {
  return { build: [], setup: [], start, envFile: null };
}

export type Language = "node" | "python" | "rust" | "go" | "java" | "ruby";

/** How one language's project is built and started. */
export interface ProjectGuess {
  readonly language: Language;
  readonly build: Guess | null;
  readonly start: Guess | null;
  /** What makes the data or the tables that the service finds, in the order in which it is run. */
  readonly setup: readonly Guess[];
  /** File of variables that the start command named, from here. */
  readonly envFile: Guess | null;
  /** Whether something of it is known to answer over HTTP. */
  readonly serves: boolean;
  /**
   * A command that something else starts the service by, such as the one of a Procfile, as it works after `build`; `null`
   * where it does not.
   */
  readonly deployed: (command: string) => StartCommand | null;
  /** Extensions of its source files. */
  readonly extensions: readonly string[];
  /** What a fresh runner must get before the build, as steps of a workflow. */
  readonly steps: readonly WorkflowStep[];
  /** What could not be told. */
  readonly unknown: readonly string[];
  /** What knows its port without being told in its source, for a person; `null` where the source must say. */
  readonly portFrom: string | null;
}

export type WorkflowStep =
  { readonly run: string } | { readonly uses: string; readonly with: Readonly<Record<string, string>> };
