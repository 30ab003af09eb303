import {
  findAll,
  placeOf,
  type Finding,
  type Guess,
  type ProjectGuess,
  type Snapshot,
  sourcesOf,
} from "./snapshot.js";

/** How the service learns the port that Tailgate chooses. */
export type PortGuess =
  /** It reads PORT, or the start command passes it. */
  | { readonly kind: "told"; readonly from: string }
  /** It reads another variable. */
  | { readonly kind: "variable"; readonly name: string; readonly from: string }
  /** It insists on one. */
  | { readonly kind: "fixed"; readonly port: number; readonly from: string }
  | { readonly kind: "unknown" };

/** Reads of an environment variable, by language. */
const VARIABLES: Readonly<Record<ProjectGuess["language"], RegExp>> = {
  node: /\b(?:process|Bun)\.env(?:\.|\[["'])([A-Z][A-Z0-9_]*)|\bDeno\.env\.get\(["']([A-Z][A-Z0-9_]*)/g,
  python: /\benviron(?:\.get\(|\[)\s*["']([A-Z][A-Z0-9_]*)["']|\bgetenv\(\s*["']([A-Z][A-Z0-9_]*)["']/g,
  rust: /\benv::var(?:_os)?\(\s*"([A-Z][A-Z0-9_]*)"|\benv!\(\s*"([A-Z][A-Z0-9_]*)"/g,
  go: /\bos\.(?:Getenv|LookupEnv)\(\s*"([A-Z][A-Z0-9_]*)"/g,
};

/** A port written into a call that listens. */
const FIXED: Readonly<Record<ProjectGuess["language"], RegExp>> = {
  node: /\.listen\s*\(\s*(?:\{[^}]{0,300}?\bport\s*:\s*)?([0-9]{2,5})\b|\b(?:const|let|var)\s+(?:port|PORT)\s*=\s*([0-9]{2,5})\b/g,
  python: /\bport\s*=\s*([0-9]{2,5})\b/g,
  rust: /"(?:[0-9.]+|localhost|\[::1?\]):([0-9]{2,5})"|\]\s*,\s*([0-9]{2,5})\s*\)|\(\s*"[0-9.]+"\s*,\s*([0-9]{2,5})\s*\)/g,
  go: /(?:ListenAndServe|\.Run|\.Listen|\.Start)\(\s*"[^"\n]{0,100}:([0-9]{2,5})"|\bAddr:\s*"[^"\n]{0,100}:([0-9]{2,5})"/g,
};

/** Every environment variable that the sources read, where they first do. */
export function variablesRead(snapshot: Snapshot, project: ProjectGuess): ReadonlyMap<string, Finding> {
  const reads = findAll(snapshot, sourcesOf(snapshot, project.extensions), VARIABLES[project.language]);
  const first = new Map<string, Finding>();
  for (const read of reads) {
    const name = captured(read);
    if (!first.has(name)) first.set(name, read);
  }
  return first;
}

export function guessPort(snapshot: Snapshot, project: ProjectGuess | null, start: Guess): PortGuess {
  if (/\{port\}|\$\{?PORT\b/.test(start.value)) return { kind: "told", from: "in the start command" };
  if (project === null) return { kind: "unknown" };
  if (project.portFrom !== null) return { kind: "told", from: project.portFrom };
  const read = variablesRead(snapshot, project);
  const port = read.get("PORT");
  if (port !== undefined) return { kind: "told", from: `${placeOf(port)} reads PORT` };
  const other = [...read].find(
    ([name]) => /(^|_)PORT$/.test(name) && !/(DB|PG|DATABASE|REDIS|SMTP|MYSQL|POSTGRES)/.test(name),
  );
  if (other !== undefined) return { kind: "variable", name: other[0], from: placeOf(other[1]) };
  const fixed = findAll(snapshot, sourcesOf(snapshot, project.extensions), FIXED[project.language]).find(
    (finding) => inRange(captured(finding)),
  );
  return fixed === undefined
    ? { kind: "unknown" }
    : { kind: "fixed", port: Number(captured(fixed)), from: placeOf(fixed) };
}

function captured({ match }: Finding): string {
  const groups: readonly (string | undefined)[] = match.slice(1);
  return groups.find((group) => group !== undefined) ?? "";
}

function inRange(digits: string): boolean {
  const port = Number(digits);
  return port >= 1 && port <= 65535;
}
