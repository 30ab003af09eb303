import { readFile } from "node:fs/promises";

/** Names of the package that holds a tool. */
export interface Packages {
  readonly debian: string;
  readonly ubuntu: string;
}

/** The line that installs a tool on this system; Tailgate runs it never by itself. `otherwise`: where its packages are not known. */
export async function installLine(packages: Packages, otherwise: string): Promise<string> {
  return installLineOn(await readFile("/etc/os-release", "utf8").catch(() => ""), packages, otherwise);
}

/** @param release - text of os-release(5) */
export function installLineOn(release: string, packages: Packages, otherwise: string): string {
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, id = ""]) => id.split(" "));
  const system = (["ubuntu", "debian"] as const).find((one) => ids.includes(one));
  return system === undefined ? otherwise : `sudo apt-get install --yes ${packages[system]}`;
}
