import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OpenAPIBackend, type Document, type Request } from "openapi-backend";
import type { FaultRule } from "./faults.js";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** An answer of the proxy's own, for what the server behind it does not know. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Proxy {
  readonly url: string;
  readonly faults: FaultRule[];
  readonly seen: SeenRequest[];
  /** Requests that GitHub's own description does not allow. A test that leaves one behind has found a bug. */
  readonly violations: string[];
  readonly routes: Map<RegExp, (request: SeenRequest & { token: string; body: string }) => OwnAnswer | null>;
  /** Rewrites a JSON answer on its way back. */
  rewrite: ((path: string, body: unknown) => unknown) | null;
  stop(): Promise<void>;
}

const LONGEST_COMMENT = 65_536;
const definition = JSON.parse(
  readFileSync(new URL("openapi/github.json", import.meta.url), "utf8"),
) as Document;

/**
 * Stands before the emulator: checks every request against GitHub's OpenAPI description, injects faults, and mends
 * where the emulator is not faithful (refusal texts, body length, who the token is).
 */
export async function startProxy(upstream: string, prefix = ""): Promise<Proxy> {
  const grammar = new OpenAPIBackend({ definition, quick: true, ajvOpts: { strict: false, logger: false } });
  await grammar.init();
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      proxy.violations.push(`the proxy failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: Proxy = {
    url: origin + prefix,
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

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const method = request.method ?? "GET";
    const path = (request.url ?? "/").slice(prefix.length);
    const token = (request.headers.authorization ?? "").replace(/^(token|bearer) /i, "");
    if (!(request.url ?? "").startsWith(prefix))
      proxy.violations.push(`${method} ${request.url} is outside of ${prefix}`);

    const rule = proxy.faults.find((one) => one.times > 0 && one.method === method && one.path.test(path));
    if (rule !== undefined) rule.times--;
    const fault = rule?.fault;
    if (fault?.kind === "answer")
      return answer({ status: fault.status, headers: fault.headers ?? {}, body: fault.body });
    if (fault?.effect === false) return fail(fault.kind);

    for (const [pattern, own] of proxy.routes) {
      const found = pattern.test(path.split("?", 1)[0]!)
        ? own({ method, path, status: 0, token, body })
        : null;
      if (found !== null) {
        checkGrammar(method, path, body, request);
        return answer(found);
      }
    }
    checkGrammar(method, path, body, request);
    if (longestText(body) > LONGEST_COMMENT) {
      return answer(
        json(422, { message: "Validation Failed: body is too long (maximum is 65536 characters)" }),
      );
    }
    const passed = await fetch(upstream + path, {
      method,
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      ...(body === "" ? {} : { body }),
    });
    const text = (await passed.text()).replaceAll(upstream, proxy.url);
    if (fault !== undefined) return fail(fault.kind);
    if (passed.status === 403)
      return answer(json(403, { message: "Resource not accessible by integration" }));
    const link = passed.headers.get("link");
    answer({
      status: passed.status,
      headers: {
        "content-type": "application/json; charset=utf-8",
        ...(link === null ? {} : { link: link.replaceAll(upstream, proxy.url) }),
      },
      body:
        text === "" || proxy.rewrite === null ? text : JSON.stringify(proxy.rewrite(path, JSON.parse(text))),
    });

    function answer(own: OwnAnswer): void {
      proxy.seen.push({ method, path, status: own.status });
      response.writeHead(own.status, { ...own.headers });
      response.end(own.status === 204 ? undefined : own.body);
    }
    function fail(kind: "silence" | "reset"): void {
      proxy.seen.push({ method, path, status: 0 });
      if (kind === "reset") response.destroy();
    }
  }

  function checkGrammar(method: string, path: string, body: string, request: IncomingMessage): void {
    if (path === "/graphql") return;
    const wanted: Request = {
      method,
      path,
      headers: request.headers as Record<string, string>,
      ...(body === "" ? {} : { body: JSON.parse(body) as object }),
    };
    const operation = grammar.matchOperation(wanted);
    if (operation === undefined) {
      proxy.violations.push(`${method} ${path}: no such operation is expected`);
      return;
    }
    const { errors } = grammar.validator.validateRequest(wanted, operation);
    for (const error of errors ?? []) {
      proxy.violations.push(`${method} ${path}: ${error.instancePath} ${error.message ?? ""}`);
    }
  }
}

export function json(status: number, value: unknown): OwnAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}

function longestText(body: string): number {
  if (body === "") return 0;
  const text = (JSON.parse(body) as { body?: unknown }).body;
  return typeof text === "string" ? text.length : 0;
}
