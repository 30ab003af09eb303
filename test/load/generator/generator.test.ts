import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGenerator } from "../../../src/load/generator/generator.js";
import { GeneratorGone } from "../../../src/load/generator/generator-gone.js";
import { renewedGenerator } from "../../../src/load/generator/renewed-generator.js";
import { summarizeSamples } from "../../../src/load/samples/summarize-samples.js";
import type { LoadGenerator } from "../../../src/load/phase.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { generatorEntry } from "../support/entry.js";
import { closedPhase, GET, openPhase, profileOf, targetOf } from "../support/phases.js";
import { responseOf, rawServer } from "../support/raw-server.js";

let entry: string;
let generator: LoadGenerator;

beforeAll(async () => {
  entry = generatorEntry();
  generator = await startGenerator({ processors: null, entry });
});

afterAll(() => generator.stop());

async function until(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 300 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  return condition();
}

function alive(pid: number): boolean {
  // A zombie has no command line.
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
}

test("every arm gets the same arrivals, the exact number of them, in alternating bursts", async () => {
  const order: string[] = [];
  const serve = (name: string) =>
    rawServer(({ socket }) => {
      order.push(name);
      socket.write(responseOf("ok"));
    });
  await using a = await serve("a");
  await using b = await serve("b");
  const { arms, health } = await generator.run({
    ...openPhase(a.port, 200, 400),
    targets: [targetOf(a.port, { arm: "a" }), targetOf(b.port, { arm: "b" })],
    turns: [
      [0, 1],
      [1, 0],
    ],
  });
  await generator.disconnect();
  expect(arms.map(({ arm }) => arm)).toEqual(["a", "b"]);
  const gaps = arms.map(({ intendedUs, sentUs }) => {
    expect(sentUs.every((at, i) => at >= intendedUs[i]!)).toBe(true);
    return [...intendedUs].map((at, i) => at - (intendedUs[i - 1] ?? 0)).slice(1);
  });
  expect(order.filter((name) => name === "a").length).toBe(200);
  expect(order.filter((name) => name === "b").length).toBe(200);
  // Five bursts each in the order ab ba ab ba ab: equal neighbours join, so there are six runs.
  const runs = order.filter((name, i) => name !== order[i - 1]);
  expect(runs).toEqual(["a", "b", "a", "b", "a", "b"]);
  // Within bursts the gaps are the same to the rounding of a double.
  const same = gaps[0]!.filter((gap, i) => Math.abs(gap - gaps[1]![i]!) < 0.01).length;
  expect(same).toBeGreaterThanOrEqual(199 - 5);
  expect(health.cpuUs).toBeGreaterThan(0);
});

test("connections live from phase to phase, and only the first phase has first requests", async () => {
  await using server = await rawServer(({ socket }) => socket.write(responseOf("ok")));
  const warm = await generator.run(closedPhase(server.port, 50, { connections: 5 }));
  const load = await generator.run(openPhase(server.port, 50, 500, { connections: 5 }));
  expect(server.connections).toBe(5);
  expect(warm.arms[0]!.firstOnConnection.filter((first) => first === 1).length).toBe(5);
  expect(load.arms[0]!.firstOnConnection.filter((first) => first === 1).length).toBe(0);
  expect(load.arms[0]!.reconnects).toBe(0);
  await generator.disconnect();
  await generator.run(closedPhase(server.port, 10, { connections: 5 }));
  expect(server.connections).toBe(10);
  await generator.disconnect();
});

test("a new connection per request is opened for each request, and connecting is in its latency", async () => {
  await using server = await rawServer(({ socket, text }) => {
    expect(text).toContain("Connection: close");
    socket.end(responseOf("ok"));
  });
  const { arms } = await generator.run(openPhase(server.port, 50, 500, { connection: "new" }));
  await generator.disconnect();
  expect(server.connections).toBe(50);
  expect(summarizeSamples(arms[0]!)).toMatchObject({
    samples: 50,
    measured: { errors: { connection: 0, body: 0 } },
  });
});

test("a closed loop ends at its time where one is given, with what it has sent", async () => {
  await using server = await rawServer(({ socket }) => setTimeout(() => socket.write(responseOf("ok")), 5));
  const { arms } = await generator.run({
    ...closedPhase(server.port, 100_000),
    loop: "closed",
    maximumMs: 300,
  });
  await generator.disconnect();
  const seen = summarizeSamples(arms[0]!);
  expect(seen.measured.requests).toBeLessThan(300);
  expect(seen).toMatchObject({ measured: { requests: seen.sent }, accounted: seen.sent });
  expect(seen.activeMs).toBeGreaterThanOrEqual(300);
});

test("a sequence is one sample: values of one response go into the next request", async () => {
  const seen: string[] = [];
  await using server = await rawServer(({ socket, text }) => {
    seen.push(text);
    const [, path] = text.split(" ");
    if (path === "/login") socket.write(responseOf('{"user":{"id":42}}', "201 Created", "X-Token: abc\r\n"));
    else setTimeout(() => socket.write(responseOf("done")), 5);
  });
  const requests = [
    {
      ...GET,
      method: "POST",
      path: "/login",
      body: "{}",
      capture: {
        id: { from: "json", path: ["user", "id"] },
        token: { from: "header", name: "x-token" },
      },
    },
    { ...GET, path: "/users/{id}", headers: { Authorization: "Bearer {token}" } },
    { ...GET, method: "PUT", path: "/users/{id}/seen", body: '{"token":"{token}"}' },
  ] as const;
  const { arms } = await generator.run(closedPhase(server.port, 10, { requests, connections: 1 }));
  await generator.disconnect();
  expect(summarizeSamples(arms[0]!)).toMatchObject({
    samples: 9,
    measured: { requests: 10, errors: { status: 0, body: 0 } },
  });
  expect(summarizeSamples(arms[0]!).measured.latencyUs!.p50).toBeGreaterThan(9_000);
  expect(seen.length).toBe(30);
  expect(seen[1]).toMatch(/^GET \/users\/42 HTTP\/1\.1\r\n[^]*Authorization: Bearer abc\r\n/);
  expect(seen[2]).toMatch(/^PUT \/users\/42\/seen [^]*\{"token":"abc"\}$/);
});

test("a sequence ends at the first response that fails or lacks what is captured", async () => {
  await using server = await rawServer(({ socket, text }) => {
    socket.write(text.includes("/none") ? responseOf("{}") : responseOf("", "403 Forbidden"));
  });
  const capture = { id: { from: "json", path: ["id"] } } as const;
  const second = { ...GET, path: "/{id}" };
  const refused = await generator.run(
    closedPhase(server.port, 4, { requests: [{ ...GET, capture }, second] }),
  );
  expect(summarizeSamples(refused.arms[0]!).measured.errors).toMatchObject({ status: 4 });
  const lacking = await generator.run(
    closedPhase(server.port, 4, { requests: [{ ...GET, path: "/none", capture }, second] }),
  );
  expect(summarizeSamples(lacking.arms[0]!).measured.errors).toMatchObject({ body: 4 });
  await generator.disconnect();
});

test("a self-signed certificate is accepted", async () => {
  const directory = temporaryFolder();
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
      "-subj",
      "/CN=localhost",
      "-keyout",
      key,
      "-out",
      cert,
    ],
    { stdio: "ignore" },
  );
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) =>
    response.end("ok"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    for (const connection of ["keep-alive", "new"] as const) {
      const { arms } = await generator.run(closedPhase(port, 20, { connection }, { tls: true }));
      expect(summarizeSamples(arms[0]!).measured).toMatchObject({
        statuses: { 200: 20 },
        errors: { connection: 0 },
      });
    }
    const byName = await generator.run(closedPhase(port, 20, {}, { tls: true, host: "localhost" }));
    expect(summarizeSamples(byName.arms[0]!).measured.statuses).toEqual({ 200: 20 });
  } finally {
    await generator.disconnect();
    server.close();
  }
});

test("texts of the plan that autocannon would run as code are sent as text", async () => {
  const seen: string[] = [];
  await using server = await rawServer(({ socket, text }) => {
    seen.push(text);
    socket.write(responseOf("ok"));
  });
  const file = join(temporaryFolder(), "code.cjs");
  const proof = `${file}.ran`;
  writeFileSync(file, `require("node:fs").writeFileSync(${JSON.stringify(proof)}, "");`);
  // Everything that autocannon requires or calls when it finds it among its options.
  const names = [
    "setupClient",
    "verifyBody",
    "setupRequest",
    "onResponse",
    "requests",
    "workers",
    "har",
    "form",
    "idReplacement",
  ];
  const hostile = Object.fromEntries(names.map((name) => [name, file]));
  const request = { ...GET, ...hostile, path: `/[<id>]?${file}`, headers: hostile, body: "[<id>]" };
  const profile = { ...profileOf({ requests: [request] }), ...hostile, requests: [request] };
  const target = { ...targetOf(server.port), ...hostile };
  const { arms } = await generator.run({ ...closedPhase(server.port, 6), profile, targets: [target] });
  await generator.disconnect();
  expect(summarizeSamples(arms[0]!).measured.statuses).toEqual({ 200: 6 });
  expect(new Set(seen).size).toBe(1);
  expect(seen[0]).toContain(`setupClient: ${file}`);
  expect(seen[0]).toMatch(/\[<id>\]$/);
  expect(existsSync(proof)).toBe(false);
});

const loopbacks = Object.values(networkInterfaces()).flatMap((all) =>
  (all ?? []).map(({ address }) => address),
);

test.each(["127.0.0.1", "::1"].filter((one) => loopbacks.includes(one)))(
  "a name is followed to the address that listens (%s)",
  async (address) => {
    const server = createHttpServer((_, response) => response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const { port } = server.address() as AddressInfo;
    const { arms } = await generator.run(closedPhase(port, 10, {}, { host: "localhost" }));
    await generator.disconnect();
    server.close();
    expect(summarizeSamples(arms[0]!).measured.statuses).toEqual({ 200: 10 });
  },
);

test("no load goes to a metadata service", async () => {
  for (const host of ["169.254.169.254", "metadata.google.internal"]) {
    const phase = { ...closedPhase(80, 1), targets: [targetOf(80, { host })] };
    await expect(generator.run(phase)).rejects.toThrow(/metadata service/);
  }
});

test("a phase that is aborted ends at once, and the generator can go on", async () => {
  await using server = await rawServer(({ socket }) => socket.write(responseOf("ok")));
  const abort = new AbortController();
  setTimeout(() => {
    abort.abort(new Error("enough"));
  }, 100);
  await expect(generator.run(openPhase(server.port, 10_000, 50), abort.signal)).rejects.toThrow("enough");
  const { arms } = await generator.run(closedPhase(server.port, 20));
  expect(summarizeSamples(arms[0]!).measured.statuses).toEqual({ 200: 20 });
  await generator.disconnect();
});

test.runIf(process.platform === "linux")(
  "the generator has an empty environment and leaves with its parent, even a killed one",
  async () => {
    const script = join(temporaryFolder(), "parent.cjs");
    writeFileSync(
      script,
      `const child = require("node:child_process").spawn(process.execPath, [${JSON.stringify(entry)}],
      { env: {}, detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"], serialization: "advanced" });
    child.on("message", () => console.log(child.pid));`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "ignore"] });
    const pid = await new Promise<number>((resolve) =>
      parent.stdout.once("data", (data) => {
        resolve(Number(data));
      }),
    );
    expect(alive(pid)).toBe(true);
    parent.kill("SIGKILL");
    expect(await until(() => !alive(pid))).toBe(true);

    const names = readFileSync(`/proc/${generator.pid}/environ`, "utf8").split("\0").filter(Boolean);
    expect(names.every((name) => name.startsWith("NODE_CHANNEL_"))).toBe(true);
  },
);

test.runIf(process.platform === "linux")(
  "a killed generator is reported as killed, and nobody waits for it",
  async () => {
    await using server = await rawServer(({ socket }) => socket.write(responseOf("ok")));
    const other = await startGenerator({ processors: null, entry });
    const running = other.run(openPhase(server.port, 10_000, 50));
    setTimeout(() => process.kill(other.pid, "SIGKILL"), 100);
    await expect(running).rejects.toThrow(/^the load generator was killed \(signal SIGKILL\)/);
    await expect(other.run(openPhase(server.port, 10, 50))).rejects.toThrow(/^the load generator was killed/);
    await other.stop();
  },
);

test.runIf(process.platform === "linux")(
  "a generator that is found dead when it is asked is reported as killed too",
  async () => {
    const other = await startGenerator({ processors: null, entry });
    process.kill(other.pid, "SIGKILL");
    // It is dead by then, and this process has not yet been told: what it is asked breaks off before its end is known.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    await expect(other.run(openPhase(1, 10, 50))).rejects.toBeInstanceOf(GeneratorGone);
    await other.stop();
  },
);

test.runIf(process.platform === "linux")("after a kill the next phase gets a new process", async () => {
  await using server = await rawServer(({ socket }) => socket.write(responseOf("ok")));
  const renewed = await renewedGenerator(() => startGenerator({ processors: null, entry }));
  const first = renewed.pid;
  const running = renewed.run(openPhase(server.port, 10_000, 50));
  setTimeout(() => process.kill(first, "SIGKILL"), 100);
  await expect(running).rejects.toBeInstanceOf(GeneratorGone);
  const { arms } = await renewed.run(openPhase(server.port, 20, 200));
  expect(arms[0]!.latencyUs).toHaveLength(20);
  expect(renewed.pid).not.toBe(first);
  await renewed.disconnect();
  await renewed.stop();
  expect(alive(renewed.pid)).toBe(false);
});

test("the generator is placed on processors where that can be done, and runs unplaced where not", async () => {
  const wild = await startGenerator({ processors: "999", entry });
  expect(wild.processors).toBeNull();
  await wild.stop();
  if (process.platform !== "linux") return;
  const placed = await startGenerator({ processors: "0", entry });
  if (placed.processors !== null) {
    expect(readFileSync(`/proc/${placed.pid}/status`, "utf8")).toMatch(/Cpus_allowed_list:\s+0\n/);
  }
  await placed.stop();
  expect(alive(placed.pid)).toBe(false);
});

test("a stopped generator can be stopped and disconnected again, and refuses to run", async () => {
  const other = await startGenerator({ processors: null, entry });
  await other.stop();
  await other.stop();
  await other.disconnect();
  await expect(other.run(closedPhase(1, 1))).rejects.toThrow(/was stopped/);
});
