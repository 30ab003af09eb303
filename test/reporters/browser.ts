import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** What a skipped browser test says. */
export const NO_BROWSER =
  "skipped, no browser found; get one with `apt-get install chromium`, or name one in TAILGATE_CHROMIUM";

/** A Chromium on this machine; `null` where there is none. */
export function browserPath(): string | null {
  const named = process.env["TAILGATE_CHROMIUM"] ?? "";
  if (named !== "") return named;
  return PLACES.find((place) => existsSync(place)) ?? null;
}
