import { spawnSync } from "node:child_process";

/** What builds a stack. */
export interface Toolchain {
  /** The command that has to be there. */
  readonly command: string;
  /** The command that installs it. */
  readonly install: string;
}

export const NODE: Toolchain = { command: "npm", install: "https://nodejs.org/en/download" };
export const UV: Toolchain = { command: "uv", install: "python3 -m pip install uv" };
export const CARGO: Toolchain = {
  command: "cargo",
  install: "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y",
};

export type Presence =
  | { readonly found: true; readonly version: string }
  /** `because` says what is missing and how it is installed, in one sentence. */
  | { readonly found: false; readonly because: string };

/** Whether a toolchain is on the `PATH`, and which version of it. */
export function presenceOf(
  { command, install }: Toolchain,
  environment: Readonly<Record<string, string | undefined>>,
): Presence {
  const asked = spawnSync(command, ["--version"], { env: environment, encoding: "utf8" });
  if (asked.status === 0) return { found: true, version: firstLine(asked.stdout) };
  const reason = asked.error === undefined ? firstLine(asked.stderr) : "";
  const what = reason === "" ? `${command} is missing` : `${command} does not run (${reason})`;
  return { found: false, because: `${what}; install it with \`${install}\`` };
}

/** Some name themselves before their version, some do not: one form for both. */
function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
