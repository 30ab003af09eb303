import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeInstrument, withRequired } from "../../../src/probes/node/node-instrument.js";
import { bundles } from "../../parts/bundles.js";
import { callsOf, cpuOf, folderOf, lookInto } from "../instrumented-service.js";

const instrument = nodeInstrument(join(bundles(), "node-instrument.cjs"));

const LISTEN = `.listen(0, "127.0.0.1", function () { console.log("port " + this.address().port); });
process.on("SIGTERM", () => process.exit(0));
`;

const WORK = `
function query(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i); return sum; }
class Store { find(id) { return query(2000 + id); } }
const store = new Store();
function handler(request, response) {
  for (let i = 0; i < 3; i++) store.find(i);
  response.end("ok");
}
`;

test("calls of a CommonJS service are counted exactly, those before the load left out", async () => {
  const folder = folderOf({
    "app/server.js": `const { createServer } = require("node:http");
const { helper } = require("dep/lib");
${WORK}
createServer((request, response) => { helper(); handler(request, response); })${LISTEN}`,
    "node_modules/dep/lib.js": `exports.helper = function helper() { return 1; };`,
  });
  const { readings, words } = await lookInto(instrument, ["node", "app/server.js"], {
    folder,
    looking: "calls",
    requests: 20,
  });
  expect(words).toContain("exact calls");
  expect(callsOf(readings, { name: "handler", file: "app/server.js", origin: "repository", line: 7 })).toBe(
    20,
  );
  expect(callsOf(readings, { name: "find" })).toBe(60);
  expect(callsOf(readings, { name: "query", line: 4 })).toBe(60);
  expect(callsOf(readings, { name: "helper", file: "dep/lib.js", origin: "dependency", line: 1 })).toBe(20);
  expect(callsOf(readings, { file: "app/server.js", name: "neverCalled" })).toBe(0);
});

test("CPU of a service of ES modules is found in the function that spends it, under the names that its calls have", async () => {
  const folder = folderOf({
    "server.mjs": `import { createServer } from "node:http";
${WORK.replace("2000", "20000")}
createServer(handler)${LISTEN}`,
  });
  const { readings } = await lookInto(instrument, ["node", "server.mjs"], {
    folder,
    looking: "cpu",
    requests: 400,
  });
  const all = cpuOf(readings, { origin: "repository" });
  const spent = cpuOf(readings, { name: "query", file: "server.mjs", line: 3, origin: "repository" });
  expect(spent).toBeGreaterThan(all / 2);
});

test("each process of a cluster and each worker thread counts its own calls", async () => {
  const folder = folderOf({
    "server.js": `const cluster = require("node:cluster");
const { Worker, isMainThread } = require("node:worker_threads");
if (!isMainThread) {
  const { parentPort } = require("node:worker_threads");
  function inThread() { return 1; }
  parentPort.on("message", () => parentPort.postMessage(inThread()));
} else if (cluster.isPrimary) {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  let up = 0;
  const workers = [cluster.fork(), cluster.fork()];
  cluster.on("listening", (worker, { port }) => { if (++up === 2) console.log("port " + port); });
  process.on("SIGTERM", () => process.exit(0));
} else {
  const thread = new Worker(__filename);
  const waiting = [];
  thread.on("message", () => waiting.shift().end("ok"));
  function inProcess(response) { waiting.push(response); thread.postMessage(1); }
  require("node:http").createServer((request, response) => inProcess(response))
    .on("connection", (socket) => socket.setKeepAlive(false)).listen(0, "127.0.0.1");
  process.on("disconnect", () => process.exit(0));
}`,
  });
  const { readings } = await lookInto(instrument, ["node", "server.js"], {
    folder,
    looking: "calls",
    requests: 12,
  });
  expect(readings).toHaveLength(5);
  expect(callsOf(readings, { name: "inProcess" })).toBe(12);
  expect(callsOf(readings, { name: "inThread" })).toBe(12);
});

test("a service keeps the NODE_OPTIONS of its own", async () => {
  const folder = folderOf({
    "first.js": `globalThis.first = true; console.log("first " + process.execArgv.length);`,
    "server.js": `const { createServer } = require("node:http");
${WORK}
createServer(handler)${LISTEN}`,
  });
  const { readings, output } = await lookInto(instrument, ["node", "server.js"], {
    folder,
    looking: "calls",
    requests: 2,
    environment: { NODE_OPTIONS: `--require ${join(folder, "first.js")} --max-http-header-size=20000` },
  });
  expect(output).toContain("first");
  expect(callsOf(readings, { name: "handler" })).toBe(2);
});

test("functions of a compiled source stand at their place in the source, under the name that they have there", async () => {
  const { build } = await import("esbuild");
  const folder = folderOf({
    "src/work.ts": `export interface Row { id: number }

export function describeRow(row: Row): string {
  return String(row.id);
}
`,
    "src/server.ts": `import { createServer } from "node:http";
import { describeRow } from "./work";
createServer(function respond(_request, response) {
  response.end(describeRow({ id: 1 }) + describeRow({ id: 2 }));
})${LISTEN.replace("this.address().port", "(this.address() as any).port").replace("function ()", "function (this: any)")}`,
  });
  await build({
    entryPoints: [join(folder, "src/server.ts")],
    outfile: join(folder, "dist/server.js"),
    bundle: true,
    platform: "node",
    minify: true,
    sourcemap: true,
    logLevel: "error",
  });
  const { readings } = await lookInto(instrument, ["node", "dist/server.js"], {
    folder,
    looking: "calls",
    requests: 5,
  });
  const rows = readings[0]!.functions.map(({ name, file, line }) => `${file}:${line} ${name}`);
  expect(rows).toContain("src/work.ts:3 describeRow");
  expect(callsOf(readings, { file: "src/work.ts", line: 3 })).toBe(10);
});

test("functions of TypeScript that a loader compiles as it is loaded stand at their place in the source, in child processes too", async () => {
  const folder = folderOf({
    // As ts-node and tsx do: the map stands inside the code that they give to Node.js, and nothing on disk has it.
    "loader.js": `const { transformSync } = require(${JSON.stringify(join(import.meta.dirname, "../../../node_modules/esbuild"))});
require.extensions[".ts"] = (module, file) => {
  const source = require("node:fs").readFileSync(file, "utf8");
  const { code } = transformSync(source, { loader: "ts", format: "cjs", sourcefile: file, sourcemap: "inline", minify: true });
  module._compile(code, file);
};`,
    "server.ts": `import { createServer } from "node:http";
import { fork } from "node:child_process";

interface Row { readonly id: number }

export function describeRow(row: Row): string {
  return String(row.id);
}
export function askChild(done: (text: string) => void): void {
  child.once("message", done as (message: unknown) => void);
  child.send({ id: 2 });
}
const child = fork(__dirname + "/child.ts");
createServer(function respond(_request, response) {
  askChild((text) => response.end(describeRow({ id: 1 }) + text));
})${LISTEN.replace("this.address().port", "(this.address() as any).port").replace("function ()", "function (this: any)").replace("process.exit(0)", "{ child.kill(); process.exit(0); }")}`,
    "child.ts": `type Row = { readonly id: number };

function describeInChild(row: Row): string { return "child " + row.id; }
process.on("message", (row: Row) => process.send!(describeInChild(row)));
`,
  });
  const { readings } = await lookInto(instrument, ["node", "server.ts"], {
    folder,
    looking: "calls",
    requests: 6,
    environment: { NODE_OPTIONS: `--require ${join(folder, "loader.js")}` },
  });
  expect(callsOf(readings, { name: "describeRow", file: "server.ts", line: 6 })).toBe(6);
  expect(callsOf(readings, { name: "describeInChild", file: "child.ts", line: 3 })).toBe(6);
});

test("a path with spaces and quotes is one option", () => {
  expect(withRequired('/a b/c"d.cjs', "--enable-source-maps")).toBe(
    '--enable-source-maps --require "/a b/c\\"d.cjs"',
  );
});
