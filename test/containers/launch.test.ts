import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { makeImage } from "../../src/service/container/image.js";
import { findEngine } from "../../src/service/container/engine.js";
import { removeAll } from "../../src/service/container/container.js";
import { containersOfRun } from "../../src/service/container/container-run.js";
import type { ContainerPlan } from "../../src/model/service-plan.js";
import { NODE_IMAGE } from "../parts/engine.js";
import { temporaryFolder } from "../parts/temporary-folder.js";
import { launched, optionsOf } from "../service/made-up-services.js";

const engine = inject("engine");

/** Burns what it is asked for; says which processors it may use. */
const SERVER = `const http = require("http"), fs = require("fs");
console.log("serving " + process.env.GREETING);
http.createServer((request, response) => {
  if (request.url === "/where") return response.end(/^Cpus_allowed_list:\\s*(\\S+)$/m.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]);
  const from = process.cpuUsage();
  while (request.url === "/burn" && process.cpuUsage(from).user < 200e3);
  response.end();
}).listen(Number(process.env.SERVER_PORT ?? process.env.PORT));`;

const DOCKERFILE = `FROM ${NODE_IMAGE}
COPY server.js /server.js
CMD ["node", "/server.js"]
`;

function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8" }).trim();
}

describe.skipIf("missing" in engine)("with a real engine", () => {
  beforeAll(() => {
    if ("host" in engine) process.env["DOCKER_HOST"] = engine.host;
  });

  async function started(plan: ContainerPlan, env: Record<string, string> = {}) {
    const options = { ...optionsOf("", { env }), processors: "0" };
    writeFileSync(join(options.checkout, "server.js"), SERVER);
    writeFileSync(join(options.checkout, "Dockerfile"), DOCKERFILE);
    const { container } = await makeImage({
      ...options,
      tool: "docker",
      container: plan,
      cwd: ".",
      added: {},
      timeoutMs: 120_000,
      logFile: join(options.checkout, "image.log"),
    });
    return { options, service: await launched({ ...options, container }) };
  }

  test("an image that is built for the arm serves on the machine's network, pinned, metered and logged, and is gone after the run", async () => {
    const { options, service } = await started(
      { dockerfile: ".", network: "host" },
      { GREETING: "on $PORT" },
    );
    const url = `http://127.0.0.1:${service.port}`;
    expect(service.usageUnavailable).toBeNull();
    expect(await (await fetch(`${url}/where`)).text()).toBe("0");
    const before = await service.usage();
    await fetch(`${url}/burn`);
    expect((await service.usage()).cpuNs! - before.cpuNs!).toBeGreaterThan(190e6);
    expect((await service.usage()).peakResidentBytes).toBeGreaterThan(10e6);
    expect((await service.program()).images).toHaveLength(1);
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
    expect(readFileSync(options.logFile, "utf8")).toContain("serving on $PORT");
    const ofRun = `label=tailgate.run=${options.runId}`;
    expect(docker("ps", "--all", "--quiet", "--filter", ofRun)).toBe("");
    expect(docker("images", "--quiet", "--filter", ofRun)).not.toBe("");
    expect((await removeAll(containersOfRun("docker", options.runId))).left).toEqual([]);
    expect(docker("images", "--quiet", "--filter", ofRun)).toBe("");
  });

  test("a container with a network of its own is reached by a port of 127.0.0.1, and ends by itself as a service does", async () => {
    const { options, service } = await started(
      { dockerfile: ".", network: "published", port: 8080 },
      { SERVER_PORT: "8080" },
    );
    expect((await fetch(`http://127.0.0.1:${service.port}/where`)).status).toBe(200);
    docker("kill", docker("ps", "--quiet", "--filter", `label=tailgate.run=${options.runId}`));
    expect(await service.exited).toEqual({ code: 137, signal: null });
    expect((await service.health()).alive).toBe(false);
    await service.stop();
    await removeAll(containersOfRun("docker", options.runId));
  });

  test("a user who may not use the engine is told so, by the engine's own words and with what gives the right", async () => {
    const folder = temporaryFolder();
    const program = execFileSync("which", ["docker"], { encoding: "utf8" }).trim();
    const setpriv = execFileSync("which", ["setpriv"], { encoding: "utf8" }).trim();
    const asNobody = `exec ${setpriv} --reuid 65534 --regid 65534 --clear-groups ${program} "$@"`;
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${asNobody}\n`, { mode: 0o755 });
    await expect(findEngine({ ...process.env, PATH: folder })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^This user may not use the container engine: .*permission denied/i,
      ) as string,
      hint: expect.stringContaining("group `docker`") as string,
    });
  });

  test("an image that cannot be pulled is an error with the engine's words, and asks for its name and the login", async () => {
    await expect(started({ image: "127.0.0.1:1/shop/api:1", network: "host" })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^base: pulling its image exited with code 1[\s\S]*127\.0\.0\.1:1/,
      ) as string,
      hint: expect.stringContaining("for a private registry log in before") as string,
    });
  });

  test("a start command that calls docker run itself gets its processors, its figures and its removal", async () => {
    const script = SERVER.replaceAll("\n", " ").replaceAll("'", "");
    const options = {
      ...optionsOf(`docker run --rm --network host -e PORT={port} ${NODE_IMAGE} node -e '${script}'`),
      processors: "0",
    };
    const service = await launched(options);
    expect(service.usageUnavailable).toBeNull();
    expect(await (await fetch(`http://127.0.0.1:${service.port}/where`)).text()).toBe("0");
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
    expect(docker("ps", "--all", "--quiet", "--filter", `label=tailgate.run=${options.runId}`)).toBe("");
  });
});
