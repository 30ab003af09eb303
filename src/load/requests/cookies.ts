import { HEADER_VALUE } from "./check-request.js";
import { parse, type Cookie as ParsedCookie } from "set-cookie-parser";

/** A cookie as it is sent back. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Paths below this one are sent it. */
  readonly path: string;
}

/** What browsers keep at most: of one cookie its name and value, and of one host so many cookies (RFC 6265, 6.1). */
const LONGEST_COOKIE_BYTES = 4096;
const MOST_COOKIES = 50;

/**
 * The cookies of one user of one service. `Domain` and `Secure` are not looked at: there is one host, and it is the one
 * that set them, under whatever name it is known in production.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  constructor(cookies: readonly Cookie[] = []) {
    for (const cookie of cookies) this.#cookies.set(keyOf(cookie), cookie);
  }

  get cookies(): readonly Cookie[] {
    return [...this.#cookies.values()];
  }

  /**
   * Takes every cookie that a response sets; one that has expired is deleted. Later expiry is not watched: a cookie is
   * kept for seconds.
   *
   * @param headers - names and values in turn
   * @param path - what was requested
   */
  take(headers: readonly string[], path: string, nowMs: number): void {
    for (let i = 0; i + 1 < headers.length; i += 2) {
      if (headers[i]!.toLowerCase() !== "set-cookie") continue;
      for (const parsed of parse(headers[i + 1]!, { decodeValues: false })) this.#set(parsed, path, nowMs);
    }
  }

  #set(parsed: ParsedCookie, requested: string, nowMs: number): void {
    const { name, value } = parsed;
    if (name === "" || name.length + value.length > LONGEST_COOKIE_BYTES) return;
    // It could end the header that it is sent in.
    if (!HEADER_VALUE.test(name + value)) return;
    const path = parsed.path?.startsWith("/") === true ? parsed.path : folderOf(requested);
    const cookie = { name, value, path };
    if (hasExpired(parsed, nowMs)) this.#cookies.delete(keyOf(cookie));
    else if (this.#cookies.size < MOST_COOKIES || this.#cookies.has(keyOf(cookie))) {
      this.#cookies.set(keyOf(cookie), cookie);
    }
  }

  /** The value of the `Cookie` header for a path, longer cookie paths first (RFC 6265, 5.4); `null`: none is sent. */
  headerFor(path: string): string | null {
    const sent = this.cookies
      .filter((cookie) => isBelow(pathOnly(path), cookie.path))
      .sort((a, b) => b.path.length - a.path.length);
    return sent.length === 0 ? null : sent.map(({ name, value }) => `${name}=${value}`).join("; ");
  }
}

function keyOf({ name, path }: Cookie): string {
  return `${path} ${name}`;
}

function hasExpired({ maxAge, expires }: ParsedCookie, nowMs: number): boolean {
  // Max-Age outranks Expires.
  if (maxAge !== undefined && !Number.isNaN(maxAge)) return maxAge <= 0;
  return expires !== undefined && expires.getTime() <= nowMs;
}

function pathOnly(path: string): string {
  return path.split("?", 1)[0]!;
}

/** RFC 6265, 5.1.4: a cookie without a path is for the folder of what set it. */
function folderOf(requested: string): string {
  const path = pathOnly(requested);
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

function isBelow(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder.endsWith("/") || path[folder.length] === "/";
}
