import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NODE_IMAGE, startEngine } from "../../test/parts/engine.js";
import { type Attack, below, oneOf, requireHeld } from "./attack.js";
import { killMain, killPart } from "./kills.js";
import { configOf, makeScene, processOf, requireNothingLeft, SERVER, startRun } from "./run.js";
import type { Scene, ServiceFiles, StartedRun } from "./run.js";

const ROLES = ["main", "generator", "container"] as const;
/** From the end of the first block on, in which a few more are measured. */
const LATEST_MS = 6000;
const NO_BLOCK_MS = 90_000;

const IMAGE = {
  "server.mjs": SERVER,
  Dockerfile: `FROM ${NODE_IMAGE}\nCOPY server.mjs /\nCMD ["node", "/server.mjs"]\n`,
};
const COMPOSE = `services:
  web: { build: ., environment: { PORT: 8080, HOST: 0.0.0.0 }, ports: ["8080:8080"], depends_on: [rest], volumes: ["rows:/rows"] }
  rest: { image: "${NODE_IMAGE}", command: ["node", "-e", "setInterval(() => {}, 1000)"] }
volumes: { rows: {} }
`;

/** A service that is an image, and one of a compose file with a container and a volume beside it. */
const SERVICES: Readonly<Record<"dockerfile" | "compose", ServiceFiles>> = {
  dockerfile: { ...IMAGE, "tailgate.yml": configOf("{ dockerfile: . }") },
  compose: {
    ...IMAGE,
    "docker-compose.yml": COMPOSE,
    "tailgate.yml": configOf("{ compose: docker-compose.yml, compose-service: web }"),
  },
};

let stopEngine: () => Promise<void> = () => Promise.resolve();

/** kill -9 of the run, its load generator or its container while blocks are measured: nothing of the engine's is left. */
export const CONTAINER_KILL_ATTACK: Attack = {
  name: "container-kills",
  count: 20,
  limitMs: 300_000,
  async unavailable() {
    if (spawnSync("docker", ["compose", "version"]).status !== 0) {
      return "docker and its plugin for compose are missing";
    }
    const engine = await startEngine();
    if ("missing" in engine) return engine.missing;
    process.env["DOCKER_HOST"] = engine.host;
    stopEngine = engine.stop;
    return null;
  },
  async tryOnce(random) {
    const role = oneOf(ROLES, random);
    const kind = oneOf(["dockerfile", "compose"] as const, random);
    const momentMs = below(LATEST_MS, random);
    const scene = makeScene({}, SERVICES[kind]);
    try {
      const run = startRun(scene);
      await firstBlock(scene, run);
      await sleep(momentMs);
      if (role === "main") await killMain(run, scene);
      else
        await killPart(
          role === "generator" ? () => processOf("generator", run, scene) : anyContainer,
          run,
          scene,
        );
      requireNothingLeft(scene);
      requireNoneOfEngine();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(`${role} of a ${kind} service killed ${momentMs} ms after its first block: ${said}`, {
        cause: error,
      });
    } finally {
      scene.remove();
    }
  },
  end: () => stopEngine(),
};

async function firstBlock({ out }: Scene, run: StartedRun): Promise<void> {
  const blocks = join(out, "blocks.ndjson");
  const isThere = (): boolean => existsSync(blocks) && readFileSync(blocks, "utf8").includes("\n");
  for (let waitedMs = 0; !isThere(); waitedMs += 50) {
    requireHeld(waitedMs < NO_BLOCK_MS, "no block was measured");
    const early = await Promise.race([run.ended, sleep(50)]);
    if (early !== undefined) throw new Error(`it ended before its first block: ${early.said.slice(-800)}`);
  }
}

/** The first process of a container of the run. */
function anyContainer(): number | null {
  const [name] = ofRuns("ps", "--quiet");
  if (name === undefined) return null;
  try {
    return Number(docker("inspect", "--format", "{{.State.Pid}}", name)) || null;
  } catch {
    // It ended meanwhile.
    return null;
  }
}

/** No container, network, volume or image of any run. */
function requireNoneOfEngine(): void {
  for (const list of [
    ["ps", "--all", "--quiet"],
    ["network", "ls", "--quiet"],
    ["volume", "ls", "--quiet"],
    ["images", "--quiet"],
  ]) {
    const left = ofRuns(...list);
    requireHeld(left.length === 0, `\`docker ${list.join(" ")}\` still has ${left.join(", ")}`);
  }
}

function ofRuns(...list: readonly string[]): string[] {
  return docker(...list, "--filter", "label=tailgate.run")
    .split("\n")
    .filter((line) => line !== "");
}

function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8" }).trim();
}
