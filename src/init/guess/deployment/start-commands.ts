import { shellWord } from "../../../text/shell-word.js";
import type { Guess, Snapshot } from "../snapshot.js";

/** Processes of a Procfile by name, in its order. */
export function procfileProcesses({
  texts,
}: Snapshot): readonly (readonly [name: string, command: string])[] {
  const lines = (texts.get("Procfile") ?? "").matchAll(/^([A-Za-z0-9_-]+):[ \t]*(\S.*?)[ \t]*$/gm);
  return [...lines].map((match) => [match[1]!, match[2]!] as const);
}

/** The `web` process of a Procfile; a package manager's `start` says nothing that its manifest does not say better. */
export function procfileStart(snapshot: Snapshot): Guess | null {
  const processes = procfileProcesses(snapshot);
  const web =
    processes.find(([name]) => name === "web") ?? (processes.length === 1 ? processes[0]! : undefined);
  if (web === undefined || /^(release|worker)$/.test(web[0])) return null;
  return /^(npm|yarn|pnpm|bun)\b/.test(web[1]) ? null : { value: web[1], from: `${web[0]} in Procfile` };
}

/** What a Procfile runs before a release, such as migrations. */
export function procfileRelease(snapshot: Snapshot): Guess | null {
  const release = procfileProcesses(snapshot).find(([name]) => name === "release");
  return release === undefined ? null : { value: release[1], from: "release in Procfile" };
}

/** What a Dockerfile starts, as a command for a shell in the checkout. */
export function dockerfileStart(snapshot: Snapshot): Guess | null {
  const path = ["Dockerfile", "docker/Dockerfile", "Dockerfile.prod"].find((one) => snapshot.texts.has(one));
  const text = (snapshot.texts.get(path ?? "") ?? "").replace(/\\\n/g, " ");
  // Only the last stage counts, and in it the last of each.
  const stage = text.split(/^FROM /im).at(-1)!;
  const last = (instruction: string): string | null =>
    [...stage.matchAll(new RegExp(`^${instruction}[ \\t]+(.+)$`, "gim"))].at(-1)?.[1]?.trim() ?? null;
  const words = [last("ENTRYPOINT"), last("CMD")].flatMap((line) => (line === null ? [] : [asShell(line)]));
  if (words.length === 0 || words.includes(null)) return null;
  const folder = last("WORKDIR");
  const command = words.join(" ");
  const value = folder === null ? command : command.replaceAll(`${folder.replace(/\/$/, "")}/`, "");
  return { value: scriptIn(snapshot, value) ?? value, from: path! };
}

function asShell(line: string): string | null {
  if (!line.startsWith("[")) return line;
  try {
    const words = JSON.parse(line) as unknown;
    if (!Array.isArray(words) || !words.every((word) => typeof word === "string")) return null;
    const inShell = /^(\/bin\/)?(ba|da)?sh$/.test(words[0] ?? "") && /^-\w*c$/.test(words[1] ?? "");
    return inShell && words.length === 3 ? words[2]! : words.map(shellWord).join(" ");
  } catch {
    return null;
  }
}

/** What a shell script of the repository runs, where a command runs nothing but that. */
function scriptIn({ texts }: Snapshot, command: string): string | null {
  const path = /^(?:exec )?(?:(?:\/bin\/)?(?:ba)?sh )?(?:\.?\/)*([\w./-]+\.sh)$/.exec(command.trim())?.[1];
  const text = path === undefined ? undefined : texts.get(path);
  if (text === undefined) return null;
  const lines = text
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.replace(/^\s*#.*$/, "").trim())
    .filter((line) => line !== "" && !/^(set |export |source |\. |echo )/.test(line));
  return lines.map((line) => line.replace(/^exec /, "")).join(" && ");
}
