import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadCommand } from "../../../src/commands/load/load.js";
import { parseLoadOptions, type LoadCommandOptions } from "../../../src/commands/load/options.js";
import { requireTrusted } from "../../../src/commands/load/require-trusted.js";
import { framed, unframed } from "../../../src/load/grpc/frame.js";
import { generatorEntry } from "../../load/support/entry.js";
import { http2Server, type Http2Respond } from "../../load/support/http2-server.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

const URL = "http://127.0.0.1:50051/";
const PROTO = `syntax = "proto3"; package shop; message User { string name = 1; int64 id = 2; }
  service Users { rpc Get (User) returns (User); }`;

async function load(options: LoadCommandOptions): Promise<{ code: number; json: Record<string, unknown> }> {
  let stdout = "";
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => true } };
  const generator = { processors: null, entry: generatorEntry() };
  const code = await loadCommand({ requests: "20", json: true, ...options }, streams, generator);
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
}

const hello: Http2Respond = (stream) => {
  stream.respond({ ":status": 200 });
  stream.end("hello");
};

describe("`load`", () => {
  test("speaks HTTP/2, over TLS with a certificate of the service's own making too", async () => {
    await using plain = await http2Server(hello);
    await using secure = await http2Server(hello, { tls: true });
    for (const url of [`http://127.0.0.1:${plain.port}/`, `https://127.0.0.1:${secure.port}/`]) {
      const { code, json } = await load({ url, protocol: "http2" });
      expect(code).toBe(0);
      expect(json).toMatchObject({ requests: 20, bytes: 100 });
    }
  });

  test("calls a method of gRPC with a message in JSON", async () => {
    const proto = join(temporaryFolder(), "shop.proto");
    writeFileSync(proto, PROTO);
    const seen: (string | undefined)[] = [];
    await using server = await http2Server((stream, { body }) => {
      seen.push(unframed(body)?.toString("hex"));
      stream.respond({ ":status": 200 }, { waitForTrailers: true });
      stream.on("wantTrailers", () => {
        stream.sendTrailers({ "grpc-status": "0" });
      });
      stream.end(framed(Buffer.alloc(0)));
    });
    const url = `http://127.0.0.1:${server.port}`;
    const { code } = await load({ url, rpc: "shop.Users/Get", proto, message: '{"name":"Ada","id":"7"}' });
    expect(code).toBe(0);
    expect(new Set(seen)).toEqual(new Set(["0a034164611007"]));
    await expect(load({ url, rpc: "shop.Users/Get", proto, message: '{"nme":"Ada"}' })).rejects.toThrow(
      /The message for `shop.Users\/Get` cannot be written: .*nme/,
    );
  });

  test("connects to a socket file, with the host and path of the URL", async () => {
    const path = join(temporaryFolder(), "api.sock");
    const seen = new Set<string | undefined>();
    const server = createServer(({ headers, url }, response) => {
      seen.add(`${headers.host} ${url}`);
      response.end("hello");
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { code } = await load({ url: "http://shop.example/users", unix: path });
    server.closeAllConnections();
    server.close();
    expect(code).toBe(0);
    expect(seen).toEqual(new Set(["shop.example /users"]));
  });
});

describe("flags that make no sense", () => {
  test.each<[Partial<LoadCommandOptions>, RegExp]>([
    [{ protocol: "http3" }, /--protocol "http3" is not usable/],
    [{ protocol: "grpc" }, /--protocol grpc needs a method/],
    [{ protocol: "http2", rpc: "shop.Users/Get" }, /--rpc goes over gRPC, not over http2/],
    [{ rpc: "Get" }, /--rpc "Get" is not usable/],
    [{ rpc: "shop.Users/Get" }, /--rpc needs a message/],
    [{ rpc: "shop.Users/Get", proto: "a.proto", body: "x" }, /both --proto and a body/],
    [{ proto: "a.proto" }, /say nothing without --rpc/],
    [{ unix: "/no/such.sock" }, /--unix "\/no\/such.sock" is not usable/],
    [{ unix: import.meta.filename }, /is not usable/],
    [{ unix: `/tmp/${"x".repeat(103)}` }, /is not usable/],
  ])("%j is refused", (options, words) => {
    expect(() => parseLoadOptions({ url: URL, ...options })).toThrow(words);
  });

  test("a file that is no socket, and a path that is too long, are told apart in the hint", () => {
    const hintOf = (unix: string): string => {
      try {
        parseLoadOptions({ url: URL, unix });
      } catch (error) {
        return (error as { hint: string }).hint;
      }
      return "";
    };
    expect(hintOf(import.meta.filename)).toContain("That is no socket");
    expect(hintOf(`/tmp/${"x".repeat(103)}`)).toContain("at most 107 bytes");
    expect(hintOf("/no/such.sock")).toContain("There is no such socket");
  });
});

describe("a certificate that nobody vouches for", () => {
  const target = (host: string, port: number) => ({ arm: "a", host, port, tls: true });

  test("is accepted on this machine, and on another one with --insecure alone", async () => {
    await using server = await http2Server(hello, { tls: true });
    await requireTrusted(target("127.0.0.1", server.port));
    await requireTrusted(target("localhost", server.port));
    // This address leads here as well, and is none of the loopback's.
    await expect(requireTrusted(target("0.0.0.0", server.port))).rejects.toThrow(
      /The certificate of 0\.0\.0\.0 is not trusted/,
    );
    const url = `https://0.0.0.0:${server.port}/`;
    await expect(load({ url, protocol: "http2" })).rejects.toThrow("is not trusted");
    expect((await load({ url, protocol: "http2", insecure: true })).code).toBe(0);
  });

  test("is no matter where nothing listens: the load says so itself", async () => {
    await expect(requireTrusted(target("0.0.0.0", 1))).resolves.toBeUndefined();
  });
});
