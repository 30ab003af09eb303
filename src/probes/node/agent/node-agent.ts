import { createConnection } from "node:net";
import { threadId } from "node:worker_threads";
import { LOOKING_VARIABLE, LOOKINGS, SOCKET_VARIABLES, type InstrumentRequest } from "../../looking.js";
import { nodeProfiler, type NodeProfiler } from "./node-profiler.js";

/*
 * Runs inside every Node.js process and worker thread of a service under diagnosis, by `--require` in NODE_OPTIONS. It
 * connects to Tailgate's socket and does nothing until it is asked. It never keeps a process alive, and no failure of
 * its own may reach the service.
 */

const path = process.env[SOCKET_VARIABLES.node];
if (path !== undefined && path !== "") connect(path);

function connect(socketPath: string): void {
  const socket = createConnection(socketPath);
  socket.unref();
  socket.on("error", () => {
    socket.destroy();
  });
  const say = (line: object): void => {
    socket.write(`${JSON.stringify(line)}\n`);
  };
  say({
    runtime: "node",
    version: process.version,
    pid: process.pid,
    thread: threadId,
    program: process.argv[1] ?? "",
  });

  let profiler: NodeProfiler | null = null;
  const looking = LOOKINGS.find((known) => known === process.env[LOOKING_VARIABLE]);
  if (looking !== undefined) {
    try {
      profiler = nodeProfiler();
      profiler.expect(looking);
    } catch {
      // Asked for it, the profiler says why it cannot be used.
    }
  }
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    text += piece;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n")) {
      const request = JSON.parse(text.slice(0, end)) as InstrumentRequest;
      text = text.slice(end + 1);
      try {
        profiler = profiler ?? nodeProfiler();
        say({ id: request.id, result: profiler.answer(request) });
      } catch (error) {
        say({ id: request.id, error: String(error).slice(0, 500) });
      }
    }
  });
}
