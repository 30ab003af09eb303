import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { copyExample } from "../stacks/copy-example.js";
import type { Write } from "../stacks/repository.js";
import { type Stack, STACKS, exampleOf } from "../stacks/stack.js";
import { NODE, type Toolchain, UV } from "../stacks/toolchain.js";

/** A service that is measured against itself. */
export interface UnchangedService {
  readonly name: string;
  readonly toolchain: Toolchain;
  /** Writes its files. */
  readonly write: Write;
}

/** Enough to start, look and judge: what is asked here is whether a run counts, not what it finds. */
const SMALL_LOAD = { requests: 20, warmup: 20, connections: 2 };

/** Counts requests in a SQLite file of its own folder, and logs beside it. */
const SQLITE_AND_LOGS = `import http.server, os, sqlite3
os.makedirs("logs", exist_ok=True)
log = open("logs/service.log", "a")
database = sqlite3.connect("data.sqlite", check_same_thread=False, isolation_level=None)
database.execute("PRAGMA synchronous = OFF")
database.execute("CREATE TABLE IF NOT EXISTS request (path TEXT)")
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        database.execute("INSERT INTO request VALUES (?)", (self.path,))
        print(self.path, file=log, flush=True)
        self.send_response(200); self.send_header("content-length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;

/** Writes each response into a cache folder below its own, and takes some out again. */
const FILLS_A_CACHE = `import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
let served = 0;
createServer((request, response) => {
  const folder = "cache/" + (served % 16).toString(16);
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + "/" + served + ".json", JSON.stringify({ served }));
  if (served > 100) rmSync("cache/" + ((served - 100) % 16).toString(16) + "/" + (served - 100) + ".json", { force: true });
  served++;
  response.end("ok");
}).listen(Number(process.env.PORT), "127.0.0.1");
`;

/** The example stacks, and two services that write into their own folders. */
export const SERVICES: readonly UnchangedService[] = [
  ...STACKS.map(example),
  small("sqlite-and-logs", UV, "server.py", SQLITE_AND_LOGS, "python3 server.py"),
  small("cache-folder", NODE, "server.mjs", FILLS_A_CACHE, "node server.mjs"),
];

function example(stack: Stack): UnchangedService {
  const write: Write = (folder) => {
    copyExample(exampleOf(stack), folder);
    const file = join(folder, "tailgate.yml");
    writeFileSync(file, stringify({ ...(parse(readFileSync(file, "utf8")) as object), load: SMALL_LOAD }));
  };
  return { name: stack.name, toolchain: stack.toolchain, write };
}

function small(
  name: string,
  toolchain: Toolchain,
  file: string,
  code: string,
  start: string,
): UnchangedService {
  const write: Write = (folder) => {
    writeFileSync(join(folder, file), code);
    writeFileSync(join(folder, "tailgate.yml"), stringify({ service: { start }, load: SMALL_LOAD }));
  };
  return { name, toolchain, write };
}
