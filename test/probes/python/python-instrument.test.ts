import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pythonInstrument } from "../../../src/probes/python/python-instrument.js";
import { bundles } from "../../parts/bundles.js";
import { callsOf, cpuOf, folderOf, lookInto } from "../instrumented-service.js";

const instrument = pythonInstrument(join(bundles(), "python-instrument.py"));

function hasPython(): boolean {
  try {
    execFileSync("python3", ["-c", "import sys; assert sys.version_info >= (3, 8)"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const SERVER = `
import hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from dep.lib import helper

def work(n):
    total = 0
    for i in range(n):
        total += i * i
    return total

def rows():
    yield 1
    yield 2

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args): pass
    def do_GET(self):
        for _ in rows(): helper()
        work(SIZE)
        hashlib.sha256(b"x").hexdigest()
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("port", server.server_port, flush=True)
server.serve_forever()
`;

const FILES = {
  "app/server.py": SERVER.replace("SIZE", "10"),
  "app/dep/__init__.py": "",
  "app/dep/lib.py": "def helper(): return 1\n",
};

test.skipIf(!hasPython())(
  "calls of a Python service are counted exactly in its threads, a generator once however often it goes on",
  async () => {
    const { readings, words } = await lookInto(instrument, ["python3", "app/server.py"], {
      folder: folderOf(FILES),
      looking: "calls",
      requests: 15,
    });
    expect(words).toMatch(/^Python 3\.\d+\.\d+: exact calls/);
    expect(callsOf(readings, { file: "app/server.py", line: 6, origin: "repository" })).toBe(15);
    expect(callsOf(readings, { file: "app/server.py", line: 12 })).toBe(15);
    expect(callsOf(readings, { name: "helper", file: "app/dep/lib.py", line: 1 })).toBe(30);
    expect(callsOf(readings, { name: "_hashlib.openssl_sha256", origin: "runtime", file: null })).toBe(15);
  },
);

test.skipIf(!hasPython())("CPU of a Python service is found in the function that spends it", async () => {
  const { readings } = await lookInto(instrument, ["python3", "app/server.py"], {
    folder: folderOf({ ...FILES, "app/server.py": SERVER.replace("SIZE", "20000") }),
    looking: "cpu",
    requests: 100,
  });
  const spent = cpuOf(readings, { name: "work", file: "app/server.py" });
  expect(spent).toBeGreaterThan(cpuOf(readings, {}) / 2);
});

test.skipIf(!hasPython())("a service keeps a sitecustomize and a PYTHONPATH of its own", async () => {
  const folder = folderOf({
    ...FILES,
    "own/sitecustomize.py": "print('own sitecustomize ran', flush=True)\n",
    "own/extra.py": "VALUE = 5\n",
  });
  const { output, readings } = await lookInto(
    instrument,
    [
      "python3",
      "-c",
      "import extra, runpy, sys; print('extra', extra.VALUE); sys.path.insert(0, 'app'); runpy.run_path('app/server.py')",
    ],
    { folder, looking: "calls", requests: 2, environment: { PYTHONPATH: join(folder, "own") } },
  );
  expect(output).toContain("own sitecustomize ran");
  expect(output).toContain("extra 5");
  expect(callsOf(readings, { name: "helper" })).toBe(4);
});

test.skipIf(!hasPython())("processes that a service forks count their own calls", async () => {
  const forking = SERVER.replace(
    "server.serve_forever()",
    `import os, signal
child = os.fork()
if child: signal.signal(signal.SIGTERM, lambda *_: (os.kill(child, 9), os._exit(0))); os.waitpid(child, 0)
else: server.serve_forever()`,
  ).replace("SIZE", "10");
  const { readings } = await lookInto(instrument, ["python3", "app/server.py"], {
    folder: folderOf({ ...FILES, "app/server.py": forking }),
    looking: "calls",
    requests: 5,
  });
  expect(readings).toHaveLength(2);
  expect(callsOf(readings, { name: "helper" })).toBe(10);
});

const SHORT_REQUESTS = `
import asyncio

def short():
    total = 0
    for i in range(2000): total += i
    return total

def long():
    total = 0
    for i in range(6000): total += i
    return total

async def serve(reader, writer):
    while await reader.readuntil(b"\\r\\n\\r\\n"):
        short()
        long()
        writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok")

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
`;

test.skipIf(!hasPython())(
  "CPU of requests that are over before the next look is shared out by what each function takes",
  async () => {
    const { readings } = await lookInto(instrument, ["python3", "server.py"], {
      folder: folderOf({ "server.py": SHORT_REQUESTS }),
      looking: "cpu",
      requests: 1500,
    });
    const [short, long] = [cpuOf(readings, { name: "short" }), cpuOf(readings, { name: "long" })];
    expect(long + short).toBeGreaterThan(cpuOf(readings, { origin: "runtime" }) / 4);
    // Three to one is the truth.
    expect(long / short).toBeGreaterThan(1.5);
    expect(long / short).toBeLessThan(6);
  },
);
