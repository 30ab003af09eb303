import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultRule } from "./faults.js";
import { githubGrammar } from "./grammar.js";

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** 0 where there was no response. */
  readonly status: number;
  readonly body: string;
}

/** A response of the proxy's own, for what the server behind it does not know. */
export interface OwnResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: string;
}

export interface Proxy {
  readonly url: string;
  readonly faults: FaultRule[];
  readonly seen: SeenRequest[];
  /** Requests that GitHub's own description does not allow. A test that leaves one behind has found a bug. */
  readonly violations: string[];
  /** The source of a regular expression for the path -> a response of our own, or `null` to pass it on. */
  readonly routes: Map<string, (asked: Asked) => OwnResponse | null>;
  /** Rewrites a JSON response on its way back. */
  rewrite: ((path: string, body: unknown) => unknown) | null;
  stop(): Promise<void>;
}

const LONGEST_COMMENT = 65_536;
const TOO_LONG = "Validation Failed: body is too long (maximum is 65536 characters)";

/**
 * Stands before the emulator: checks every request against GitHub's OpenAPI description, injects faults, and mends
 * where the emulator is not faithful (refusal texts, body length, who the token is).
 */
export async function startProxy(upstream: string, prefix = ""): Promise<Proxy> {
  const grammar = await githubGrammar();
  const server = createServer((request, response) => {
    void (async () => {
      const asked = await read(request, prefix);
      const end = asked === null ? outside(request) : await respondTo(request, asked);
      const status = typeof end === "string" ? 0 : end.status;
      proxy.seen.push({
        method: request.method ?? "",
        path: request.url ?? "",
        status,
        body: asked?.body ?? "",
      });
      if (end === "reset") response.destroy();
      if (end === "half") {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"number":1,', () => response.destroy());
      }
      if (typeof end === "string") return;
      response.writeHead(end.status, { ...end.headers });
      response.end(end.status === 204 ? undefined : end.body);
    })().catch((error: unknown) => {
      proxy.violations.push(`the proxy failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    faults: [],
    seen: [],
    violations: [],
    routes: new Map(),
    rewrite: null,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return proxy;

  function outside(request: IncomingMessage): OwnResponse {
    proxy.violations.push(`${request.url ?? ""} is outside of ${prefix}`);
    return json(404, { message: "Not Found" });
  }

  async function respondTo(
    request: IncomingMessage,
    asked: Asked,
  ): Promise<OwnResponse | "silence" | "reset" | "half"> {
    const rule = proxy.faults.find(
      (one) => one.times > 0 && one.method === asked.method && one.path.test(asked.path),
    );
    if (rule === undefined) return serve(request, asked);
    rule.times--;
    const { fault } = rule;
    switch (fault.kind) {
      case "response":
        return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
      case "late":
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        return serve(request, asked);
      case "silence":
      case "reset":
        if (fault.effect) await serve(request, asked);
        return fault.kind;
      case "half":
        return "half";
    }
  }

  async function serve(request: IncomingMessage, asked: Asked): Promise<OwnResponse> {
    const { method, path, body } = asked;
    if (path !== "/graphql") {
      const headers = request.headers as Record<string, string>;
      const parsed = body === "" ? {} : { body: JSON.parse(body) as object };
      proxy.violations.push(...grammar.request({ method, path, headers, ...parsed }));
    }
    for (const [pattern, own] of proxy.routes) {
      const found = new RegExp(pattern).test(path.split("?", 1)[0]!) ? own(asked) : null;
      if (found === null) continue;
      if (found.status === 200 && typeof found.body === "string" && path !== "/graphql") {
        proxy.violations.push(...grammar.response(method, path, 200, JSON.parse(found.body)));
      }
      return found;
    }
    if (longestText(body) > LONGEST_COMMENT) return json(422, { message: TOO_LONG });
    const passed = await fetch(upstream + path, {
      method,
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      ...(body === "" ? {} : { body }),
    });
    const text = (await passed.text()).replaceAll(upstream, proxy.url);
    if (passed.status === 403) return json(403, { message: "Resource not accessible by integration" });
    const link = passed.headers.get("link")?.replaceAll(upstream, proxy.url);
    return {
      status: passed.status,
      headers: {
        "content-type": "application/json; charset=utf-8",
        ...(link === undefined ? {} : { link }),
      },
      body:
        text === "" || proxy.rewrite === null ? text : JSON.stringify(proxy.rewrite(path, JSON.parse(text))),
    };
  }
}

export function json(status: number, value: unknown): OwnResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}

async function read(request: IncomingMessage, prefix: string): Promise<Asked | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let url = request.url ?? "/";
  // GitHub Enterprise Server has GraphQL at /api/graphql, beside /api/v3.
  if (prefix !== "" && url === prefix.replace(/[^/]+$/, "graphql")) url = `${prefix}/graphql`;
  if (!url.startsWith(`${prefix}/`)) return null;
  return {
    method: request.method ?? "GET",
    path: url.slice(prefix.length),
    token: (request.headers.authorization ?? "").replace(/^(token|bearer) /i, ""),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function longestText(body: string): number {
  if (body === "") return 0;
  const text = (JSON.parse(body) as { body?: unknown }).body;
  return typeof text === "string" ? text.length : 0;
}
