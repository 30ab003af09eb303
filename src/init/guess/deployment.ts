import { parse } from "yaml";
import { shellWord } from "../../text/shell-word.js";
import type { Guess, Snapshot } from "./snapshot.js";

/** The `web` process of a Procfile; a package manager's `start` says nothing that its manifest does not say better. */
export function procfileStart({ texts }: Snapshot): Guess | null {
  const match = /^web:[ \t]*(\S.*?)[ \t]*$/m.exec(texts.get("Procfile") ?? "");
  if (match === null || /^(npm|yarn|pnpm|bun)\b/.test(match[1]!)) return null;
  return { value: match[1]!, from: "web in Procfile" };
}

/** What a Dockerfile starts, as a command for a shell. */
export function dockerfileStart({ texts }: Snapshot): Guess | null {
  const text = (texts.get("Dockerfile") ?? "").replace(/\\\n/g, " ");
  // Only the last stage counts, and in it the last of each.
  const stage = text.split(/^FROM /im).at(-1)!;
  const last = (instruction: string): string | null =>
    [...stage.matchAll(new RegExp(`^${instruction}[ \\t]+(.+)$`, "gim"))].at(-1)?.[1]?.trim() ?? null;
  const words = [last("ENTRYPOINT"), last("CMD")].flatMap((line) => (line === null ? [] : [asShell(line)]));
  if (words.length === 0 || words.includes(null)) return null;
  return { value: words.join(" "), from: "Dockerfile" };
}

function asShell(line: string): string | null {
  if (!line.startsWith("[")) return line;
  try {
    const words = JSON.parse(line) as unknown;
    return Array.isArray(words) && words.every((word) => typeof word === "string")
      ? words.map(shellWord).join(" ")
      : null;
  } catch {
    return null;
  }
}

const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/** Images of other services that a compose file starts: databases, queues, caches. */
export function composeImages({ texts }: Snapshot): Guess<readonly string[]> | null {
  const path = COMPOSE.find((one) => texts.has(one));
  if (path === undefined) return null;
  try {
    const { services } = parse(texts.get(path)!, { maxAliasCount: 50 }) as {
      services?: Record<string, { image?: unknown; build?: unknown } | null>;
    };
    const images = Object.values(services ?? {}).flatMap((service) =>
      typeof service?.image === "string" && service.build === undefined ? [service.image] : [],
    );
    return images.length === 0 ? null : { value: images, from: path };
  } catch {
    return null;
  }
}
