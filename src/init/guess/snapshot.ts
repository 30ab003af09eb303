/** What was read of a repository. Paths have `/` and are relative to the folder that was looked at. */
export interface Snapshot {
  /** Every file, whether read or not; sorted, those near the top first. */
  readonly paths: readonly string[];
  /** Contents of manifests and of source files, by path. */
  readonly texts: ReadonlyMap<string, string>;
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
  /(^|\/)(tests?|__tests__|spec|e2e|fixtures|migrations|vendor)\/|^(examples?|docs?|bench(marks?)?|scripts|public|static)\/|\.(test|spec|d)\.[a-z]+$|_test\.go$|(^|\/)(test_[^/]*|conftest)\.py$|(^|\/)[^/]*\.config\.[a-z]+$/;

/** Paths of source files with one of the extensions, tests and the like left out. */
export function sourcesOf(snapshot: Snapshot, extensions: readonly string[]): string[] {
  return [...snapshot.texts.keys()].filter(
    (path) => extensions.some((extension) => path.endsWith(extension)) && !BESIDE.test(path),
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

/** How one language's project is built and started. */
export interface ProjectGuess {
  readonly language: "node" | "python" | "rust" | "go";
  readonly build: Guess | null;
  readonly start: Guess | null;
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
