import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeProto } from "../../../src/load/grpc/describe-proto.js";
import { framed } from "../../../src/load/grpc/frame.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { generatorInTest, reasonsOf } from "../support/generator-in-test.js";
import { http2Server, type Http2Respond } from "../support/http2-server.js";
import { closedPhase, GET } from "../support/phases.js";

const load = generatorInTest();

const EXPECT = { status: [0], contains: null, bytes: null };
const NONE = { status: 0, timeout: 0, connection: 0, body: 0 };
const CALL = { ...GET, method: "POST", path: "/shop.Users/Get", body: "\n\u0003Ada" };
const GRPC = { protocol: "grpc", requests: [CALL], expect: EXPECT } as const;

type Call = ServerUnaryCall<Buffer, Buffer>;

/** A server of the official library, which hands over the bytes of messages as they are. */
async function officialServer(
  get: (call: Call, done: sendUnaryData<Buffer>) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const same = (bytes: Buffer): Buffer => bytes;
  const serialisation = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  const server = new Server();
  const definition = {
    path: "/shop.Users/Get",
    requestStream: false,
    responseStream: false,
    ...serialisation,
  };
  server.addService({ get: definition }, { get });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    port,
    [Symbol.asyncDispose]: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

describe("a server of the official library", () => {
  test("gets the message and its metadata, and its status 0 counts as served", async () => {
    const seen: [Buffer, unknown][] = [];
    await using server = await officialServer((call, done) => {
      seen.push([call.request, call.metadata.get("x-tenant")]);
      done(null, Buffer.from("hello"));
    });
    const requests = [{ ...CALL, headers: { "X-Tenant": "a" } }];
    const summary = await load(closedPhase(server.port, 20, { ...GRPC, requests }));
    expect(summary.measured).toMatchObject({ errors: NONE, statuses: { 0: 20 }, bytesPerResponse: 10 });
    expect(summary.measured.latencyUs).not.toBeNull();
    expect(seen[0]).toEqual([Buffer.from(CALL.body), ["a"]]);
  });

  test("fails with its status and message where it gives another status", async () => {
    await using server = await officialServer((_, done) => {
      done({ code: status.UNAVAILABLE, details: "no database: 100 %", metadata: new Metadata() });
    });
    const summary = await load(closedPhase(server.port, 6, GRPC));
    expect(reasonsOf(summary)).toEqual(["6 status: grpc-status 14 UNAVAILABLE: no database: 100 %"]);
    expect(summary.measured.statuses).toEqual({ 14: 6 });
  });

  test("a status that is expected is served", async () => {
    await using server = await officialServer((_, done) => {
      done({ code: status.NOT_FOUND, details: "nobody", metadata: new Metadata() });
    });
    const expected = { ...EXPECT, status: [5] };
    expect((await load(closedPhase(server.port, 6, { ...GRPC, expect: expected }))).measured.errors).toEqual(
      NONE,
    );
  });

  test("a method that it does not have is its status 12", async () => {
    await using server = await officialServer((_, done) => {
      done(null, Buffer.alloc(0));
    });
    const requests = [{ ...CALL, path: "/shop.Users/List" }];
    const summary = await load(closedPhase(server.port, 4, { ...GRPC, requests }));
    expect(reasonsOf(summary)[0]).toMatch(/^4 status: grpc-status 12 UNIMPLEMENTED/);
  });
});

test("messages are written from JSON, and what a response holds is filled into the next", async () => {
  const folder = temporaryFolder();
  const proto = `syntax = "proto3"; package shop; message User { string name = 1; int32 id = 2; }
    service Users { rpc Get (User) returns (User); }`;
  writeFileSync(join(folder, "shop.proto"), proto);
  const description = join(folder, "shop.json");
  writeFileSync(description, await describeProto(join(folder, "shop.proto"), folder));
  const seen: string[] = [];
  await using server = await officialServer((call, done) => {
    seen.push(call.request.toString("hex"));
    done(null, Buffer.from("0a0341646110ac02", "hex"));
  });
  const call = (json: string) => ({
    ...CALL,
    body: null,
    bodySource: { from: "message", proto: "shop.proto", method: "shop.Users/Get", json } as const,
  });
  const capture = { id: { from: "json", path: ["id"] }, name: { from: "json", path: ["name"] } } as const;
  const requests = [{ ...call('{"name":"x"}'), capture }, call('{"id":{id},"name":"{name}"}')];
  const summary = await load(
    closedPhase(server.port, 2, { ...GRPC, requests, connections: 1, files: { "shop.proto": description } }),
  );
  expect(summary.measured.errors).toEqual(NONE);
  expect(seen.slice(0, 2)).toEqual(["0a0178", "0a0341646110ac02"]);
});

/** Headers and trailers as given, with one empty message between them. */
function respond(
  headers: Record<string, string | number>,
  trailers: Record<string, string> | null,
): Http2Respond {
  return (stream) => {
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", ...headers },
      { waitForTrailers: trailers !== null },
    );
    if (trailers !== null)
      stream.on("wantTrailers", () => {
        stream.sendTrailers(trailers);
      });
    stream.end(framed(Buffer.alloc(0)));
  };
}

describe("responses out of the ordinary", () => {
  test.each<[string, Http2Respond, string[]]>([
    [
      "trailers only",
      (stream) => {
        stream.respond(
          { ":status": 200, "grpc-status": "7", "grpc-message": "not%20you" },
          { endStream: true },
        );
      },
      ["4 status: grpc-status 7 PERMISSION_DENIED: not you"],
    ],
    ["no trailer", respond({}, null), ["4 body: no grpc-status came with it"]],
    [
      "a status that is no number",
      respond({}, { "grpc-status": "ok" }),
      ["4 body: its grpc-status is no number"],
    ],
    [
      "another status of HTTP",
      (stream) => {
        stream.respond({ ":status": 404 }, { endStream: true });
      },
      ["4 body: it is HTTP status 404 without a grpc-status"],
    ],
    ["a status beyond those of gRPC", respond({}, { "grpc-status": "99" }), ["4 status: grpc-status 99"]],
    [
      "a message that is not percent-encoded",
      respond({}, { "grpc-status": "2", "grpc-message": "100%" }),
      ["4 status: grpc-status 2 UNKNOWN: 100%"],
    ],
    ["a status among trailers", respond({ "grpc-status": "2" }, { "grpc-status": "0" }), []],
  ])("a response with %s is told as what it is", async (_, responding, reasons) => {
    await using server = await http2Server(responding);
    expect(reasonsOf(await load(closedPhase(server.port, 4, GRPC)))).toEqual(reasons);
  });
});

test("a path that names no method is refused before anything is sent", async () => {
  const requests = [{ ...CALL, path: "/users?id=1" }];
  await expect(load(closedPhase(1, 1, { ...GRPC, requests }))).rejects.toThrow(
    '"/users?id=1" names no method of gRPC.',
  );
});
