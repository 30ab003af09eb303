import { stringify } from "yaml";
import { describe, expect, test } from "vitest";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import type { Plan } from "../../src/model/plan.js";

function planOf(content: Record<string, unknown>): Plan {
  const file = { service: { start: "node server.js" }, ...content };
  const headFile = readConfigFile(new TextEncoder().encode(stringify(file)), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
}

const CALL = { rpc: "shop.Users/Get", proto: "shop.proto", message: { id: 7 } };

describe("protocols", () => {
  test("HTTP/1.1 is the rule, and not written into the plan", () => {
    const [scenario] = planOf({}).scenarios;
    expect(scenario!.load).not.toHaveProperty("protocol");
  });

  test("a protocol of the load holds for all scenarios, and a scenario may have its own", () => {
    const scenarios = [{ path: "/a" }, { path: "/b", load: { protocol: "http1" } }];
    const plan = planOf({ load: { protocol: "http2" }, scenarios });
    expect(plan.scenarios.map(({ load }) => load.protocol ?? "http1")).toEqual(["http2", "http1"]);
  });

  test("a call is a POST to its method with its message, over gRPC, and served with status 0", () => {
    const [scenario] = planOf({ scenarios: [{ request: CALL }] }).scenarios;
    expect(scenario).toMatchObject({
      name: "shop.Users/Get",
      requests: [
        {
          method: "POST",
          path: "/shop.Users/Get",
          bodySource: { from: "message", proto: "shop.proto", method: "shop.Users/Get", json: '{"id":7}' },
        },
      ],
      expect: { status: [0] },
      load: { protocol: "grpc" },
    });
  });

  test("bytes of a message need no description", () => {
    const request = { rpc: "shop.Users/Get", body: { file: "message.bin" } };
    const [scenario] = planOf({ scenarios: [{ request, expect: { status: [0, 5] } }] }).scenarios;
    expect(scenario!.requests[0]!.bodySource).toEqual({ from: "file", file: "message.bin" });
    expect(scenario!.expect.status).toEqual([0, 5]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ scenarios: [{ request: { rpc: "Get" } }] }, /is not the full name of a gRPC method/],
    [{ scenarios: [{ request: { ...CALL, path: "/users" } }] }, /stands in place of `path`/],
    [{ scenarios: [{ request: { rpc: "shop.Users/Get" } }] }, /write the `proto`/],
    [{ scenarios: [{ request: { path: "/", proto: "shop.proto" } }] }, /no `rpc` that it describes/],
    [{ scenarios: [{ request: { ...CALL, body: "x" } }] }, /one of `message` and `body`/],
    [{ scenarios: [{ requests: [CALL, { path: "/" }] }] }, /holds a call of gRPC, but other requests too/],
    [{ scenarios: [{ request: CALL, load: { protocol: "http2" } }] }, /but its protocol is `http2`/],
    [{ load: { protocol: "grpc" } }, /is to go over gRPC, but its request names no method/],
    [
      { scenarios: [{ request: CALL, expect: { status: 200 } }] },
      /expects status 200, which is none of gRPC/,
    ],
    [{ scenarios: [{ path: "/", expect: { status: 5 } }] }, /expects status 5, which is none of HTTP/],
    [{ load: { protocol: "http3" } }, /http3/],
  ])("%j is refused", (content, words) => {
    expect(() => planOf(content)).toThrow(words);
  });
});

describe("where a service listens, and how it is asked whether it is ready", () => {
  const service = (more: Record<string, unknown>): Record<string, unknown> => ({
    service: { start: "node server.js", ...more },
  });

  test("TLS and socket files are in the plan only where they are asked for", () => {
    expect(planOf({}).arms[0]!.service).not.toHaveProperty("tls");
    expect(planOf(service({ tls: true, socket: true })).arms[0]!.service).toMatchObject({
      tls: true,
      socket: true,
    });
  });

  test("a service has a port or a socket file, not both", () => {
    expect(() => planOf(service({ socket: true, port: 8080 }))).toThrow(
      "`service.socket` and `service.port` are both set",
    );
  });

  test("method, headers, status and the health check of gRPC are taken over", () => {
    const ready = { path: "/up", method: "head", headers: { "x-key": 7 }, status: [200, 401] };
    expect(planOf(service({ ready })).arms[0]!.service.ready).toEqual({
      path: "/up",
      timeoutMs: 60_000,
      method: "HEAD",
      headers: { "x-key": "7" },
      status: [200, 401],
    });
    expect(planOf(service({ ready: { grpc: true } })).arms[0]!.service.ready.grpc).toBe("");
    expect(planOf(service({ ready: { grpc: "shop.Users" } })).arms[0]!.service.ready.grpc).toBe("shop.Users");
  });

  test("the health check of gRPC has no path of its own", () => {
    expect(() => planOf(service({ ready: { grpc: true, path: "/up" } }))).toThrow(/`grpc` or `path`/);
  });

  test("a service that is loaded over HTTP/2 alone is asked over it, unless the file says otherwise", () => {
    const askedBy = (content: Record<string, unknown>) => planOf(content).arms[0]!.service.ready.protocol;
    expect(askedBy({})).toBeUndefined();
    expect(askedBy({ load: { protocol: "http2" } })).toBe("http2");
    expect(askedBy({ scenarios: [{ request: CALL }] })).toBe("http2");
    expect(planOf({ scenarios: [{ request: CALL }] }).arms[0]!.service.ready).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/grpc" },
    });
    expect(askedBy({ scenarios: [{ request: CALL }, { path: "/" }] })).toBeUndefined();
    expect(askedBy({ load: { protocol: "http2" }, ...service({ ready: { protocol: "http1" } }) })).toBe(
      "http1",
    );
  });
});
