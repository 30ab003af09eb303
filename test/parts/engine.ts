import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a container engine of the tests' own listens, or why there is none. */
    readonly engine: { readonly host: string } | { readonly missing: string };
  }
}

/** An image with Node.js and a shell, made from this machine's own: nothing is pulled. */
export const NODE_IMAGE = "tailgate-tests/node:local";

/** A container engine that was started, or why there is none. */
export type Engine =
  { readonly host: string; readonly stop: () => Promise<void> } | { readonly missing: string };

/** One engine for all files that need one. */
export default async function engine(project: TestProject): Promise<() => Promise<void>> {
  const started = await startEngine();
  if ("missing" in started) {
    console.warn(`Tests with containers are skipped: ${started.missing}.`);
    project.provide("engine", { missing: started.missing });
    return () => Promise.resolve();
  }
  project.provide("engine", { host: started.host });
  return started.stop;
}

/** An engine with a folder, a socket and a bridge of its own, which `stop` takes away, and `NODE_IMAGE` in it. */
export async function startEngine(): Promise<Engine> {
  const missing = whyMissing();
  if (missing !== null) return { missing };
  // The path of a socket has 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const host = `unix://${join(folder, "sock")}`;
  const bridgeBefore = hasBridge();
  const daemon = startDaemon(folder, host);
  const stop = async (): Promise<void> => {
    daemon.kill("SIGTERM");
    if (daemon.exitCode === null) await new Promise((resolve) => daemon.once("exit", resolve));
    if (!bridgeBefore) spawnSync("ip", ["link", "delete", BRIDGE]);
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  for (
    let tries = 0;
    spawnSync("docker", ["version"], { env: { ...process.env, DOCKER_HOST: host } }).status !== 0;
    tries++
  ) {
    if (daemon.exitCode !== null || tries > 150) {
      const words = readFileSync(join(folder, "log"), "utf8").trim().split("\n").slice(-3).join(" ");
      await stop();
      return { missing: `dockerd does not start here: ${words}` };
    }
    await sleep(200);
  }
  const refusal = refusalToRun(folder, host);
  if (refusal !== null) {
    await stop();
    return { missing: `the engine runs no container here: ${refusal}` };
  }
  return { host, stop };
}

/** Where the machine is a container itself, an engine may start that can run none. */
function refusalToRun(folder: string, host: string): string | null {
  try {
    importNode(folder, host);
    const options = ["--rm", "--network", "host", "--cpuset-cpus", "0"];
    execFileSync("docker", ["run", ...options, NODE_IMAGE, "node", "--version"], {
      env: { ...process.env, DOCKER_HOST: host },
      stdio: ["ignore", "ignore", "pipe"],
    });
    return null;
  } catch (error) {
    return String(error).trim().split("\n").slice(-2).join(" ");
  }
}

const BRIDGE = "docker0";

function hasBridge(): boolean {
  return existsSync(`/sys/class/net/${BRIDGE}`);
}

function whyMissing(): string | null {
  if (process.platform !== "linux") return "an engine of their own needs Linux";
  if (process.getuid?.() !== 0) return "an engine of their own needs root";
  for (const [program, ...args] of [
    ["dockerd", "--version"],
    ["docker", "--version"],
    ["runc", "--version"],
    ["ip", "-V"],
  ] as const) {
    if (spawnSync(program, args).status !== 0) return `\`${program}\` is not installed`;
  }
  if (hasBridge()) return "another engine's bridge is here";
  return null;
}

/** Without rules of a firewall: published ports are served by its own proxy. */
function startDaemon(folder: string, host: string): ChildProcess {
  const log = openSync(join(folder, "log"), "a");
  const child = spawn(
    "dockerd",
    [
      ...[
        "--data-root",
        join(folder, "data"),
        "--exec-root",
        join(folder, "exec"),
        "--pidfile",
        join(folder, "pid"),
      ],
      ...[
        "--host",
        host,
        "--iptables=false",
        "--ip6tables=false",
        "--ip-masq=false",
        "--bip",
        "172.31.251.1/24",
      ],
    ],
    { stdio: ["ignore", log, log] },
  );
  closeSync(log);
  return child;
}

function importNode(folder: string, host: string): void {
  const root = join(folder, "root");
  const programs = { "usr/local/bin/node": process.execPath, "bin/sh": "/bin/sh" };
  for (const [place, program] of Object.entries(programs)) {
    copy(program, join(root, place));
    const needed = execFileSync("ldd", [program], { encoding: "utf8" }).match(/\/\S+/g) ?? [];
    for (const library of needed) copy(library, join(root, library));
  }
  const pack = spawnSync("tar", ["--create", "--directory", root, "."], { maxBuffer: 1024 ** 3 });
  execFileSync("docker", ["import", "--change", "ENV PATH=/usr/local/bin:/bin", "-", NODE_IMAGE], {
    env: { ...process.env, DOCKER_HOST: host },
    input: pack.stdout,
  });
  rmSync(root, { recursive: true });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

/** What an engine that ended in haste leaves mounted. */
function unmountBelow(folder: string): void {
  const mounts = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((path) => path.startsWith(folder)).reverse())
    spawnSync("umount", ["-l", mount]);
}
