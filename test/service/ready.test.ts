import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { TailgateError } from "../../src/error.js";
import type { ServicePlan } from "../../src/model/service-plan.js";
import { launch } from "../../src/service/lifecycle/launch.js";
import { portPlace } from "../../src/service/lifecycle/listening-place.js";
import { probe } from "../../src/service/lifecycle/readiness.js";
import { readyQuestion } from "../../src/service/lifecycle/ready-question.js";
import { parseSocketListeners } from "../../src/service/process/listeners.js";
import { selfSigned } from "../parts/self-signed.js";
import { HELLO, launched, node, optionsOf, planOf } from "./made-up-services.js";
import { temporaryFolder } from "../parts/temporary-folder.js";

type Ready = Partial<ServicePlan["ready"]>;

const within = (timeoutMs: number, ready: Ready = {}): { ready: ServicePlan["ready"] } => ({
  ready: { path: null, timeoutMs, ...ready },
});

async function messageOf(start: string, more: Partial<ServicePlan>): Promise<string> {
  const error: unknown = await launch(optionsOf(start, more)).then(
    async (service) => {
      await service.stop();
      return null;
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TailgateError);
  return (error as TailgateError).message;
}

describe("what is asked", () => {
  test("method, headers and accepted status are those of the plan", async () => {
    const start = node(`
      require("http").createServer((q, r) => {
        r.statusCode = q.method === "HEAD" && q.url === "/up" && q.headers["x-key"] === "k" ? 401 : 500;
        r.end();
      }).listen(process.env.PORT, "127.0.0.1")`);
    const asked = { path: "/up", method: "HEAD", headers: { "x-key": "k" } };
    await launched(optionsOf(start, within(20_000, { ...asked, status: [401, 403] })));
    expect(await messageOf(start, within(2_000, asked))).toContain("HEAD /up responded with 401");
  });

  test.each(["http1", "http2"] as const)("a service over TLS is asked over it, by %s", async (protocol) => {
    const create =
      protocol === "http1" ? `require("https").createServer` : `require("http2").createSecureServer`;
    const start = node(`
      ${create}({ key: process.env.KEY, cert: process.env.CERT }, (q, r) => r.end("hello"))
        .listen(process.env.PORT, "127.0.0.1")`);
    const { key, cert } = selfSigned();
    const more = { env: { KEY: key, CERT: cert }, tls: true };
    const service = await launched(optionsOf(start, { ...more, ...within(20_000, { protocol }) }));
    expect(service.tls).toBe(true);
  });

  test("a service that does not speak TLS is told so", async () => {
    expect(await messageOf(HELLO, { tls: true, ...within(2_000) })).toMatch(
      /takes connections but GET \/ failed: .*(wrong version|packet length|SSL)/i,
    );
  });

  test("a service that speaks HTTP/2 alone is asked over that", async () => {
    const start = node(
      `require("http2").createServer((q, r) => r.end("hello")).listen(process.env.PORT, "127.0.0.1")`,
    );
    await launched(optionsOf(start, within(20_000, { protocol: "http2" })));
    expect(await messageOf(start, within(2_000))).toContain("takes connections but GET / failed");
    expect(await messageOf(HELLO, within(2_000, { protocol: "http2" }))).toContain("GET / failed");
  });
});

describe("the health check of gRPC", () => {
  /** Serves grpc.health.v1 with the bytes of a response after some failures, and says what it was asked. */
  const health = (response: string, status = "0", failures = 0): string =>
    node(`
      let failures = ${failures};
      require("http2").createServer().on("stream", (s, h) => {
        const pieces = [];
        s.on("error", () => {});
        s.on("data", (piece) => pieces.push(piece));
        s.on("end", () => {
          console.log(h[":path"], Buffer.concat(pieces).toString("hex"));
          s.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
          s.on("wantTrailers", () => s.sendTrailers({ "grpc-status": failures-- > 0 ? "14" : "${status}" }));
          s.end(Buffer.from("${response}", "hex"));
        });
      }).listen(process.env.PORT, "127.0.0.1")`);

  test("a server is ready when it serves, and not before", async () => {
    const service = await launched(optionsOf(health("00000000020801", "0", 2), within(20_000, { grpc: "" })));
    expect((await service.logTail()).split("\n")).toEqual(
      Array(3).fill("/grpc.health.v1.Health/Check 0000000000"),
    );
  });

  test("the service that is asked about is named", async () => {
    const ready = within(20_000, { grpc: "shop.Users" });
    const service = await launched(optionsOf(health("00000000020801"), ready));
    expect(await service.logTail()).toContain(
      `Check 000000000c0a0a${Buffer.from("shop.Users").toString("hex")}`,
    );
  });

  test.each([
    ["00000000020802", "0", "the health check of gRPC responded with NOT_SERVING"],
    ["0000000000", "0", "the health check of gRPC responded with UNKNOWN"],
    ["0000000000", "12", "the health check of gRPC responded with grpc-status 12"],
  ])("a response of %s with status %s is not ready", async (response, status, words) => {
    expect(await messageOf(health(response, status), within(2_000, { grpc: "" }))).toContain(words);
  });
});

describe("a queue of connections that is full", () => {
  const children: ReturnType<typeof spawn>[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  /** Listens with the smallest queue, and accepts nothing until `acceptAfterS`. */
  const NO_ACCEPT = `
import os, socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(os.environ["PORT"]))); s.listen(1); print("listening", flush=True)
time.sleep(float(sys.argv[1]))
while True:
  c, _ = s.accept()
  c.recv(65536); c.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"); c.close()`;
  const noAccept = (acceptAfterS: number): string => `exec python3 -c '${NO_ACCEPT}' ${acceptAfterS}`;

  test("the whole of `ready.timeout` holds, and the reason says that nothing is accepted", async () => {
    const began = performance.now();
    const message = await messageOf(noAccept(60), within(6000));
    expect(message).toMatch(/was not ready within 6 s: port \d+ takes connections but does not respond/);
    // The queue takes a few probes; then the kernel drops attempts, and repeats them for two minutes.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  test("a probe of a port whose queue is full ends with its time", async () => {
    const place = await portPlace(null, Math.random);
    const environment = { ...process.env, PORT: String(place.port) };
    const child = spawn("python3", ["-c", NO_ACCEPT, "60"], {
      env: environment,
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    await once(child.stdout, "data");
    const question = readyQuestion(planOf("", within(1000)), []);
    const seen = new Set<string>();
    for (let i = 0; i < 6; i++) {
      const response = await probe(place, question, 50);
      seen.add(response.kind);
      if (response.kind === "no-response") seen.add(response.words);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(["no-response", "takes connections but does not respond"]),
    );
    expect(seen).not.toContain("refused");
    place.release();
  });

  test("a service that begins to accept late is ready soon after", async () => {
    const service = await launched(optionsOf(noAccept(4), within(30_000)));
    expect(service.startedInMs).toBeGreaterThan(3900);
    expect(service.startedInMs).toBeLessThan(20_000);
  });
});

describe("a service on a socket file", () => {
  const ON_SOCKET = node(`
    console.log(process.argv[1] === process.env.SOCKET && process.env.PORT === undefined, process.env.URL);
    require("http").createServer((q, r) => r.end("hello")).listen(process.env.SOCKET)`);
  const socket = { socket: true, env: { URL: "http://unix:{socket}:/" } };

  test("gets SOCKET, owns it, and leaves no file behind", async () => {
    const options = optionsOf(`env -u PORT ${ON_SOCKET} {socket}`, { ...socket, ...within(20_000) });
    const socketFolder = temporaryFolder();
    const service = await launched({ ...options, socketFolder });
    expect(service).toMatchObject({ port: 0, host: "localhost" });
    expect(service.socketPath!.startsWith(join(socketFolder, ""))).toBe(true);
    expect(await service.logTail()).toBe(`true http://unix:${service.socketPath!}:/`);
    expect(await service.health()).toEqual({ alive: true, ownsPort: true, reason: null });
    expect(await service.stop()).toMatchObject({ portFree: true, left: [] });
  });

  test("that listens on a port instead is told where to listen", async () => {
    const start = node(`require("http").createServer().listen(0, "127.0.0.1")`);
    const failure: unknown = await launch(optionsOf(start, { ...socket, ...within(1500) })).catch(
      (error: unknown) => error,
    );
    expect((failure as TailgateError).message).toMatch(/nothing listens on the socket \S+\.sock/);
    expect((failure as TailgateError).hint).toContain("let it listen on the socket $SOCKET");
  });

  test("whose path would be too long is refused with the limit", async () => {
    const options = { ...optionsOf(HELLO, socket), socketFolder: `/tmp/${"x".repeat(100)}` };
    await expect(launch(options)).rejects.toThrow("longer than the 107 bytes");
  });

  test("is found in the kernel's list, whose paths may hold blanks", () => {
    const list = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 1234 /tmp/a b.sock
0000000000000000: 00000003 00000000 00000000 0001 03 1235 /tmp/c.sock
0000000000000000: 00000002 00000000 00010000 0001 01 77`;
    expect(parseSocketListeners(list)).toEqual([{ path: "/tmp/a b.sock", inode: "1234" }]);
  });
});
