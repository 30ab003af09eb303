import type { IncomingHttpHeaders } from "node:http";
import { quoted } from "../../text/escape.js";

/** What was found at a service elsewhere. */
export interface Seen {
  readonly arm: string;
  /** Address and port, as connected to. */
  readonly address: string;
  readonly headers: IncomingHttpHeaders;
}

/** Headers by which hosts and services say which deployment gave a response. */
const OF_DEPLOYMENT = /^x-([a-z0-9]+-)*(deployment|release|revision|build|commit)(-(id|url|sha|number))?$/;

/** Watches for two arms that are one deployment under two names. */
interface DeploymentWatch {
  readonly saw: (seen: Seen) => void;
  /** One sentence for each pair that looks like one. */
  readonly doubts: () => readonly string[];
}

/** The first sight of each arm counts: a deployment that is made anew may change what it says. */
export function watchDeployments(): DeploymentWatch {
  const first = new Map<string, Seen>();
  return {
    saw: (seen) => {
      if (!first.has(seen.arm)) first.set(seen.arm, seen);
    },
    doubts: () => {
      const all = [...first.values()].sort((a, b) => (a.arm < b.arm ? -1 : 1));
      return all.flatMap((one, index) =>
        all.slice(index + 1).flatMap((other) => {
          const why = sameness(one, other);
          return why === null
            ? []
            : [`${quoted(one.arm)} and ${quoted(other.arm)} may be one deployment under two names: ${why}`];
        }),
      );
    },
  };
}

function sameness(one: Seen, other: Seen): string | null {
  const shared = (name: string): boolean =>
    one.headers[name] !== undefined && String(one.headers[name]) === String(other.headers[name]);
  const named = Object.keys(one.headers).find((name) => OF_DEPLOYMENT.test(name) && shared(name));
  if (named !== undefined) return `both gave the same ${quoted(named)}`;
  if (one.address === other.address && shared("etag") && shared("last-modified")) {
    return "both are at one address, and gave the same `etag` and `last-modified`";
  }
  return null;
}
