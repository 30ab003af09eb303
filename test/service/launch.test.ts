import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";

import { TailgateError } from "../../src/error.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { findOrphanedProcesses } from "../../src/service/process/orphaned-processes.js";
import type { LaunchOptions } from "../../src/service/lifecycle/running-service.js";
import { HELLO, launched, node, optionsOf } from "./made-up-services.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listenOn(port: number, host: string): Promise<number> {
  const server = createServer((socket) => {
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as { port: number }).port;
}

async function failureOf(options: LaunchOptions): Promise<TailgateError> {
  const error: unknown = await launch(options).then(
    async (service) => {
      await service.stop();
      return null;
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TailgateError);
  expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  return error as TailgateError;
}

describe("a service that serves", () => {
  test("a service gets PORT, and {port} in its command and its variables is replaced", async () => {
    const show = node(
      `require("http").createServer((q, r) => r.end(JSON.stringify([process.argv[1], process.env.PORT, process.env.URL]))).listen(+process.argv[1], "127.0.0.1")`,
    );
    const service = await launched(optionsOf(`${show} {port}`, { env: { URL: "http://localhost:{port}/" } }));
    const seen: unknown = await (await fetch(`http://127.0.0.1:${service.port}/`)).json();
    const port = String(service.port);
    expect(seen).toEqual([port, port, `http://localhost:${port}/`]);
  });

  test("a service that serves is healthy, owns its port, and is gone after stop", async () => {
    const service = await launched(optionsOf(HELLO));
    expect(await service.health()).toEqual({ alive: true, ownsPort: true, reason: null });
    const report = await service.stop();
    expect(report).toMatchObject({ killed: false, portFree: true, left: [] });
    expect((await service.health()).alive).toBe(false);
    expect(await service.stop()).toEqual(report);
  });

  test("a service is reached on ::1 when it listens there alone", async () => {
    const start = node(`require("http").createServer((q, r) => r.end()).listen(process.env.PORT, "::1")`);
    expect((await launched(optionsOf(start))).host).toBe("::1");
  });

  test("a service is ready only when the path named for it succeeds", async () => {
    const start = node(`
      const from = Date.now() + 300;
      require("http").createServer((q, r) => { r.statusCode = q.url === "/health" && Date.now() > from ? 204 : 404; r.end(); })
        .listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched(optionsOf(start, { ready: { path: "/health", timeoutMs: 20_000 } }));
    expect((await fetch(`http://127.0.0.1:${service.port}/health`)).status).toBe(204);
  });

  test("a service may take longer for its first response than one probe waits", async () => {
    const start = node(
      `require("http").createServer((q, r) => { setTimeout(() => r.end(), 1400); }).listen(process.env.PORT, "127.0.0.1")`,
    );
    await launched(optionsOf(start));
  });

  test("a service that responds with 404 to / is ready when no path was named", async () => {
    const start = node(
      `require("http").createServer((q, r) => { r.statusCode = 404; r.end(); }).listen(process.env.PORT, "127.0.0.1")`,
    );
    await launched(optionsOf(start));
  });

  test("a service whose response never ends is ready, because no body is read", async () => {
    const start = node(
      `require("http").createServer((q, r) => { setInterval(() => r.write("x".repeat(1000)), 5); }).listen(process.env.PORT, "127.0.0.1")`,
    );
    await launched(optionsOf(start));
  });

  test("a service that puts itself into the background is alive as long as what it left is", async () => {
    const service = await launched(optionsOf(`${HELLO} & exit 0`));
    expect(await service.health()).toEqual({ alive: true, ownsPort: true, reason: null });
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
  });

  test("the port of a service is drawn from the random source given", async () => {
    const options = { ...optionsOf(HELLO), random: () => 0.5 };
    const first = await launched(options);
    await first.stop();
    expect((await launched(options)).port).toBe(first.port);
  });

  test("a service is placed on the processors given", async () => {
    const service = await launched({ ...optionsOf(HELLO), processors: "0" });
    expect(readFileSync(`/proc/${service.pid}/status`, "utf8")).toMatch(/^Cpus_allowed_list:\s*0$/m);
  });

  test("the tail of a service's log holds no control characters and no secrets", async () => {
    const talk = node(`console.log("\\u001b[31mred\\u001b[0m " + process.env.DB_PASSWORD + " \\u202Edone")`);
    const service = await launched(
      optionsOf(`${talk}; exec ${HELLO}`, { env: { DB_PASSWORD: "hunter2hunter2" } }),
    );
    expect(await service.logTail()).toBe("red *** done");
  });
});

describe("a service that does not get ready", () => {
  test("a service that exits with 0 at once fails at once, with the end of its output", async () => {
    const began = performance.now();
    const error = await failureOf(optionsOf("echo started; echo bye"));
    expect(error.message).toBe(
      "base: the service exited with code 0 before it was ready\nThe end of its output:\nstarted\nbye",
    );
    expect(error.hint).toContain("foreground");
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test("the error of a command that is unknown holds the shell's complaint", async () => {
    const error = await failureOf(optionsOf("no-such-server --port {port}"));
    expect(error.message).toMatch(/exited with code 127 before it was ready\n.*\n.*no-such-server: /s);
  });

  test("a service that is not ready in time is ended, and the error says what was seen last", async () => {
    const error = await failureOf(
      optionsOf("echo waiting; sleep 100", { ready: { path: null, timeoutMs: 300 } }),
    );
    expect(error.message).toMatch(
      /not ready within 0\.3 s: nothing listens on port \d+\nThe end of its output:\nwaiting$/,
    );
  });

  test("the error of a service that listens on another port says which", async () => {
    const start = node(
      `const s = require("http").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))`,
    );
    const error = await failureOf(optionsOf(start, { ready: { path: null, timeoutMs: 1500 } }));
    const port = error.message.split("\n").at(-1)!;
    expect(error.hint).toContain(`It listens on port ${port}: let it listen on $PORT`);
  });

  test("the error of a service that accepts connections and never responds says so", async () => {
    const start = node(`require("net").createServer(() => {}).listen(process.env.PORT, "127.0.0.1")`);
    const error = await failureOf(optionsOf(start, { ready: { path: "/health", timeoutMs: 1200 } }));
    expect(error.message).toMatch(
      /takes connections but does not respond \(GET \/health: no response within/,
    );
  });

  test("the error of a service that responds with 503 for ever says so", async () => {
    const start = node(
      `require("http").createServer((q, r) => { r.statusCode = 503; r.end(); }).listen(process.env.PORT, "127.0.0.1")`,
    );
    const error = await failureOf(optionsOf(start, { ready: { path: null, timeoutMs: 1000 } }));
    expect(error.message).toContain("GET / responded with 503");
  });

  test("a service whose run is cancelled while it starts is ended, and the launch rejects with the reason", async () => {
    const cancel = new AbortController();
    const options = { ...optionsOf("sleep 100"), signal: cancel.signal };
    const launching = launch(options);
    setTimeout(() => {
      cancel.abort(new Error("cancelled by the user"));
    }, 200);
    await expect(launching).rejects.toThrow("cancelled by the user");
    expect(findOrphanedProcesses(options.runId, [])).toEqual([]);
  });
});

describe("whose socket listens", () => {
  test("a fixed port that is taken is refused, naming who has it", async () => {
    const port = await listenOn(0, "127.0.0.1");
    const error = await failureOf(optionsOf(HELLO, { port }));
    expect(error.message).toMatch(new RegExp(`^port ${port} is already taken by process ${process.pid} \\(`));
  });

  test("a response from a process that the arm did not start is not readiness", async () => {
    const options = optionsOf("sleep 100", { ready: { path: null, timeoutMs: 1500 } });
    let port = 0;
    const launching = failureOf({
      ...options,
      random: () => Math.random(),
      onSpawn: ({ pid }) => {
        port = Number(/(?:^|\0)PORT=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1"))![1]);
        void listenOn(port, "127.0.0.1");
      },
    });
    const error = await launching;
    expect(error.message).toContain(`port ${port} is served by process ${process.pid}`);
    expect(error.message).toContain("which this arm did not start");
  });

  test("a stranger who listens beside the arm on the same port is noticed", async () => {
    const service = await launched(optionsOf(HELLO));
    await listenOn(service.port, "::1");
    const health = await service.health();
    expect(health.ownsPort).toBe(false);
    expect(health.reason).toContain(`process ${process.pid}`);
  });

  test("the stranger is named, and not the arm, though the arm's process comes first", async () => {
    const service = await launched(optionsOf(HELLO));
    const listen = `require("node:net").createServer().listen(${service.port}, "::1", () => console.log("listens"))`;
    const stranger = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(stranger.stdout, "data");
      expect((await service.health()).reason).toContain(`process ${stranger.pid} `);
    } finally {
      stranger.kill("SIGKILL");
    }
  });

  test("a stranger who listened beside the arm for a while is noticed after it has gone", async () => {
    const service = await launched(optionsOf(HELLO));
    const stranger = createServer();
    servers.push(stranger);
    await new Promise<void>((resolve) => stranger.listen(service.port, "127.0.0.2", resolve));
    // Long enough for two looks of the watch, which come by themselves.
    await sleep(1000);
    await new Promise((resolve) => stranger.close(resolve));
    expect(await service.health()).toMatchObject({ alive: true, ownsPort: false });
  });
});

describe("the folder it runs in", () => {
  test.each([
    ["../..", "leads out of the checkout"],
    ["/etc", "is absolute"],
    ["link-out", "is a symbolic link that leads out of the checkout"],
    ["missing", "does not exist in this revision"],
    ["file", "is not a folder"],
  ])("the folder %s is refused: it %s", async (cwd, reason) => {
    const options = optionsOf(HELLO, { cwd });
    symlinkSync(temporaryFolder(), join(options.checkout, "link-out"));
    writeFileSync(join(options.checkout, "file"), "");
    expect((await failureOf(options)).message).toContain(reason);
  });

  test("a command runs in a subfolder, and behind a link that stays inside", async () => {
    const options = optionsOf("pwd; exit 3", { cwd: "link-in" });
    mkdirSync(join(options.checkout, "services", "api"), { recursive: true });
    symlinkSync("services/api", join(options.checkout, "link-in"));
    expect((await failureOf(options)).message).toContain(join(options.checkout, "services", "api"));
  });
});
