import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { makeProject } from "../../src/service/compose/make-project.js";
import { composeVariables } from "../../src/service/container/arm-container.js";
import { containersOfRun } from "../../src/service/container/container-run.js";
import { removeAll } from "../../src/service/container/container.js";
import { NODE_IMAGE } from "../parts/engine.js";
import { launched, optionsOf } from "../service/made-up-services.js";

const engine = inject("engine");
/** Without iptables an engine resolves no name of a container. */
const hasCompose = [
  ["docker", "compose", "version"],
  ["iptables", "--version"],
].every(([program, ...args]) => spawnSync(program!, args).status === 0);

/** Its database answers on the network that both share, by a name that the arms must not share. */
const WEB = `const http = require("http"), fs = require("fs");
http.createServer((request, response) => request.url === "/crash" ? process.exit(3) :
  http.get("http://shop-db:5432", (row) => row.setEncoding("utf8").on("data", (text) =>
    response.end(JSON.stringify({ row: text, level: process.env.LEVEL, processors: /^Cpus_allowed_list:\\s*(\\S+)$/m.exec(fs.readFileSync("/proc/self/status", "utf8"))[1] }))))
).listen(8080);`;
const DATABASE = `require("http").createServer((q, r) => r.end(process.env.ROW)).listen(5432)`;

const COMPOSE = `
services:
  web:
    build: .
    container_name: shop-web
    restart: always
    ports: ["8080:8080"]
    env_file: web.env
    depends_on: { db: { condition: service_healthy }, migrate: { condition: service_completed_successfully } }
    networks: [back, proxy]
  db:
    image: ${NODE_IMAGE}
    container_name: shop-db
    command: ["node", "-e", ${JSON.stringify(DATABASE)}]
    environment: { ROW: "\${ROW}" }
    ports: ["5432:5432"]
    volumes: ["rows:/rows"]
    networks: [back]
    healthcheck: { test: ["CMD", "node", "-e", "fetch('http://127.0.0.1:5432').then(() => process.exit(\${UNHEALTHY:-0}), () => process.exit(1))"], interval: 1s }
  migrate: { image: ${NODE_IMAGE}, command: ["node", "-e", "process.exit(\${MIGRATED:-0})"], networks: [back] }
  other: { image: "not/there:1" }
networks: { back: {}, proxy: { external: true } }
volumes: { rows: {} }
`;

const RUNS = ["both-arms", "failing", "crashing"] as const;

function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8" }).trim();
}

describe.skipIf("missing" in engine || !hasCompose)("a compose file with a real engine", () => {
  beforeAll(() => {
    if ("host" in engine) process.env["DOCKER_HOST"] = engine.host;
  });

  // An engine that is stopped leaves the bridges of its networks on the machine.
  afterEach(async () => {
    for (const runId of RUNS) await removeAll(containersOfRun("docker", runId));
  });

  async function made(arm: string, runId: (typeof RUNS)[number], added: Record<string, string>) {
    const options = { ...optionsOf("", { env: {} }), arm, runId, processors: "0" };
    const { checkout } = options;
    writeFileSync(join(checkout, "docker-compose.yml"), COMPOSE);
    writeFileSync(join(checkout, "web.env"), "LEVEL='a $HOME'\r\n# none\r\n");
    writeFileSync(join(checkout, "web.js"), WEB);
    writeFileSync(
      join(checkout, "Dockerfile"),
      `FROM ${NODE_IMAGE}\nCOPY web.js /web.js\nCMD ["node", "/web.js"]\n`,
    );
    const { container } = await makeProject({
      ...options,
      cwd: ".",
      added,
      timeoutMs: 60_000,
      composeFile: "docker-compose.yml",
      composeService: "web",
      folder: join(checkout, "compose"),
      log: (name) => join(checkout, `${name}.log`),
      onStep: () => undefined,
    });
    return { ...options, container };
  }

  test("two arms with the same fixed ports and names serve at once, each beside its own database, and a control beside base's", async () => {
    const base = await made("base", "both-arms", { ROW: "base's" });
    const head = await made("head", "both-arms", { ROW: "head's" });
    const services = await Promise.all([
      launched(base),
      launched(head),
      launched({ ...base, arm: "control" }),
    ]);
    const told = await Promise.all(
      services.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/`)).json()),
    );
    const rest = { level: "a $HOME", processors: "0" };
    expect(told).toEqual(["base's", "head's", "base's"].map((row) => ({ row, ...rest })));
    expect(services.map(({ usageUnavailable }) => usageUnavailable)).toEqual([null, null, null]);
    for (const service of services) {
      expect((await service.program()).images).toHaveLength(1);
      expect(await service.stop()).toMatchObject({ left: [], portFree: true });
    }
    const compose = {
      env: { ...process.env, ...composeVariables(base.container) },
      encoding: "utf8",
    } as const;
    expect(execFileSync("docker", ["compose", "ps", "--services"], compose).trim()).toBe("db");
    expect((await removeAll(containersOfRun("docker", "both-arms"))).left).toEqual([]);
    const ofRun = ["--quiet", "--filter", "label=tailgate.run=both-arms"];
    for (const list of [["ps", "--all"], ["network", "ls"], ["volume", "ls"], ["images"]])
      expect(docker(...list, ...ofRun)).toBe("");
  });

  test.each([
    [{ MIGRATED: "3" }, /base: `migrate`, which the service depends on, ended with exit code 3/],
    [{ UNHEALTHY: "1" }, /base: `db`, which the service depends on, is unhealthy by its own health check/],
  ])(
    "a dependency that fails ends the arm with its name, before the service is started (%o)",
    async (how, message) => {
      await expect(made("base", "failing", { ROW: "", ...how })).rejects.toThrow(message);
      expect(docker("ps", "--quiet", "--filter", "label=com.docker.compose.service=web")).toBe("");
    },
  );

  test("a service whose file says `restart: always` is not started again, so that its end is seen", async () => {
    const service = await launched(await made("base", "crashing", { ROW: "a row" }));
    await fetch(`http://127.0.0.1:${service.port}/crash`).catch(() => undefined);
    expect(await service.exited).toEqual({ code: 3, signal: null });
    expect(await service.health()).toMatchObject({ alive: false });
    await service.stop();
  });
});
