import { access, constants, readFile, readlink } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";

/** A running JVM, and the tools that look into it. */
export interface JavaProcess {
  readonly pid: number;
  /** Such as "17.0.15"; `null` where its folder does not tell. */
  readonly version: string | null;
  /** Absolute; `null`: only a JDK has them, and none is here. */
  readonly tools: { readonly jcmd: string; readonly jfr: string } | null;
}

/**
 * Those of these processes that run Java. The tools are looked for beside the JVM, below JAVA_HOME, and on PATH.
 *
 * @param environment - of the service
 */
export async function javaProcesses(
  pids: readonly number[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<JavaProcess[]> {
  const found = await Promise.all(
    pids.map(async (pid): Promise<JavaProcess[]> => {
      const program = await readlink(`/proc/${pid}/exe`).catch(() => "");
      if (basename(program) !== "java") return [];
      const home = environment["JAVA_HOME"] ?? "";
      const folders = [
        dirname(program),
        ...(home === "" ? [] : [join(home, "bin")]),
        ...(environment["PATH"] ?? "").split(delimiter),
      ];
      return [{ pid, version: await versionOf(dirname(dirname(program))), tools: await toolsIn(folders) }];
    }),
  );
  return found.flat();
}

async function toolsIn(folders: readonly string[]): Promise<JavaProcess["tools"]> {
  for (const folder of folders.filter((one) => one.startsWith("/"))) {
    const [jcmd, jfr] = [join(folder, "jcmd"), join(folder, "jfr")];
    const found = await Promise.allSettled([jcmd, jfr].map((tool) => access(tool, constants.X_OK)));
    if (found.every(({ status }) => status === "fulfilled")) return { jcmd, jfr };
  }
  return null;
}

/** Of the file `release` that stands in the folder of every JVM. */
async function versionOf(home: string): Promise<string | null> {
  const release = await readFile(join(home, "release"), "utf8").catch(() => "");
  return /^JAVA_VERSION="([^"\n]{1,50})"$/m.exec(release)?.[1] ?? null;
}
