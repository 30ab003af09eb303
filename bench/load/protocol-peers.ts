import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { has, ohaResponses, timed } from "./rivals.js";
import type { Place, Way } from "./protocol-server.js";

/** As much as a client could send, and what a request cost it. */
export interface ClientCost {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** A client of others for a protocol beside HTTP/1.1 over TCP. */
export interface ProtocolPeer {
  readonly name: string;
  readonly ways: readonly Way[];
  /** Why it is left out; `null` if it can run. */
  readonly missing: string | null;
  run(way: Way, place: Place, connections: number, seconds: number): Promise<ClientCost>;
}

const h2load: ProtocolPeer = {
  name: "h2load",
  ways: ["http2", "http2 over TLS"],
  missing: has("h2load") ? null : "h2load is not installed (apt-get install nghttp2-client)",
  async run(way, { port }, connections, seconds) {
    const url = `${way.endsWith("TLS") ? "https" : "http"}://127.0.0.1:${port}/`;
    const { out, cpuS } = await timed("h2load", [`-D${seconds}`, `-c${connections}`, "-m1", url]);
    const requests = Number(/(\d+) succeeded/.exec(out)![1]);
    return { perSecond: requests / seconds, cpuUs: (cpuS * 1e6) / requests };
  },
};

const oha: ProtocolPeer = {
  name: "oha",
  ways: ["http1 over TLS", "http1 over a socket file", "http2", "http2 over TLS"],
  missing: has("oha") ? null : "oha is not installed (cargo install oha --locked)",
  async run(way, { port, socketPath }, connections, seconds) {
    const url = `${way.endsWith("TLS") ? "https" : "http"}://127.0.0.1:${port}/`;
    const { out, cpuS } = await timed("oha", [
      ...["--no-tui", "--output-format", "json", "-z", `${seconds}s`, "-c", `${connections}`, "--insecure"],
      ...(way.startsWith("http2") ? ["--http2"] : []),
      ...(socketPath === null ? [] : ["--unix-socket", socketPath]),
      url,
    ]);
    const requests = ohaResponses(out);
    return { perSecond: requests / seconds, cpuUs: (cpuS * 1e6) / requests };
  },
};

const PROTO = `syntax = "proto3";
package bench;
message Nothing {}
service Echo { rpc Call(Nothing) returns (Nothing); }
`;

const ghz: ProtocolPeer = {
  name: "ghz",
  ways: ["grpc"],
  missing: has("ghz") ? null : "ghz is not installed (go install github.com/bojand/ghz/cmd/ghz@latest)",
  async run(_way, { port }, connections, seconds) {
    const folder = mkdtempSync(join(tmpdir(), "tailgate-bench-"));
    try {
      const proto = join(folder, "bench.proto");
      writeFileSync(proto, PROTO);
      const { out, cpuS } = await timed("ghz", [
        ...["--insecure", "--proto", proto, "--call", "bench.Echo.Call", "--format", "json"],
        ...[
          "--concurrency",
          `${connections}`,
          "--connections",
          `${connections}`,
          "--duration",
          `${seconds}s`,
        ],
        `127.0.0.1:${port}`,
      ]);
      const { count } = JSON.parse(out) as { count: number };
      return { perSecond: count / seconds, cpuUs: (cpuS * 1e6) / count };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

export const PROTOCOL_PEERS: readonly ProtocolPeer[] = [oha, h2load, ghz];
