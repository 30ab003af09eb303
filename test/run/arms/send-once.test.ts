import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sendOnce } from "../../../src/run/arms/send-once.js";
import type { RunningService } from "../../../src/service/lifecycle/running-service.js";
import { GET } from "../../load/support/phases.js";
import { http2Server } from "../../load/support/http2-server.js";
import { selfSigned } from "../../parts/self-signed.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

type Reached = Pick<RunningService, "host" | "port" | "socketPath" | "tls">;

function serviceAt(where: Partial<Reached>): RunningService {
  const reached: Reached = { host: "127.0.0.1", port: 0, socketPath: null, tls: false, ...where };
  return reached as RunningService;
}

const POST = { ...GET, method: "POST", path: "/users", headers: { "x-a": ["1", "2"] }, body: "hello" };

test.each([
  ["over TCP", false, false],
  ["over TLS", true, false],
  ["to a socket file", false, true],
])("the first start sends a request %s", async (_, tls, onSocket) => {
  const seen: string[] = [];
  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push([request.method, request.url, request.headers["x-a"]].join(" "));
    response.end("ok");
  };
  const server = tls ? createTlsServer(selfSigned(), respond) : createServer(respond);
  const socketPath = onSocket ? join(temporaryFolder(), "a.sock") : null;
  await new Promise<void>((resolve) => {
    server.listen(socketPath ?? { port: 0, host: "127.0.0.1" }, resolve);
  });
  const port = onSocket ? 0 : (server.address() as AddressInfo).port;
  await sendOnce(serviceAt({ port, socketPath, tls }), POST, "http1", {});
  server.close();
  expect(seen).toEqual(["POST /users 1, 2"]);
});

test.each(["http2", "grpc"] as const)("the first start sends a request by %s", async (protocol) => {
  const seen: string[] = [];
  await using server = await http2Server((stream, { headers, body }) => {
    seen.push(`${headers[":path"]} ${body.toString("latin1")}`);
    stream.respond({ ":status": 200 }, { endStream: true });
  });
  await sendOnce(serviceAt({ port: server.port }), { ...POST, path: "/a.B/C" }, protocol, {});
  expect(seen).toEqual([`/a.B/C ${protocol === "grpc" ? "\0\0\0\0\u0005hello" : "hello"}`]);
});

test("nothing that goes wrong with it ends the first start", async () => {
  await sendOnce(serviceAt({ port: 1 }), POST, "http1", {});
  await sendOnce(serviceAt({ port: 1 }), POST, "http2", {});
  const file = { ...POST, body: null, bodySource: { from: "file", file: "missing.bin" } } as const;
  await expect(sendOnce(serviceAt({ port: 1 }), file, "grpc", {})).resolves.toBeUndefined();
});
