import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { initCommand, type InitOptions } from "../../../src/commands/init/init.js";
import { makeRepository, type Repository } from "../../e2e/parts/repository.js";

const CONFIG = ".github/tailgate.yml";

/** Listens on PORT, or where `PORT_OF` says; `/openapi.json` names a path that no source does. */
const SERVER = `
const app = require("node:http").createServer((request, response) => {
  const answers = { "/users": 200, "/mine": 401, "/broken": 500, "/told": 200 };
  if (request.url === "/openapi.json") {
    response.setHeader("content-type", "application/json");
    return response.end(JSON.stringify({ openapi: "3.1.0", paths: { "/told": { get: {} }, "/gone": { get: {} } } }));
  }
  response.statusCode = answers[request.url] ?? 404;
  response.end("x");
});
const routes = { get() {} };
routes.get("/users"); routes.get("/mine"); routes.get("/broken");
const web = routes; web.get("/users"); web.get("/mine"); web.get("/broken");
app.listen(Number(LISTENS_ON), "127.0.0.1");
`;

let repository: Repository;
let said: string;
beforeEach(() => {
  repository = makeRepository();
  said = "";
});
afterEach(() => {
  repository.remove();
});

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository.folder, path)), { recursive: true });
    writeFileSync(join(repository.folder, path), content);
  }
}

function init(options: Partial<InitOptions> = {}): Promise<number> {
  return initCommand(
    { action: "OWNER/tailgate@v1", forks: false, release: false, yes: true, ...options },
    repository.folder,
    {
      stderr: { write: (text: string) => (said += text) },
      ask: null,
      environment: { PATH: process.env["PATH"] },
    },
  );
}

interface Written {
  readonly service: { readonly port?: number };
  readonly scenarios: readonly { readonly path: string }[];
}

const written = (): Written => parse(readFileSync(join(repository.folder, CONFIG), "utf8")) as Written;

test("a service that is there already is started once, and only paths that it serves are kept", async () => {
  put({
    "package.json": '{ "scripts": { "start": "node server.js" } }',
    "server.js": SERVER.replace("LISTENS_ON", "process.env.PORT"),
  });
  expect(await init()).toBe(0);
  expect(written().scenarios.map(({ path }) => path)).toEqual(["/users", "/told"]);
  expect(written().service.port).toBeUndefined();
  expect(said).toContain("GET /mine responds with 401: it wants a login");
  expect(said).toContain("GET /broken responds with 500: does it miss a database");
});

test("a service that listens elsewhere than it is told is found out by starting it", async () => {
  put({
    "package.json": '{ "scripts": { "start": "node server.js" } }',
    "server.js": SERVER.replace("LISTENS_ON", "process.env.PORT ? 27411 : 0"),
  });
  expect(await init()).toBe(0);
  expect(written().service.port).toBe(27411);
  expect(said).toContain("The service listens on port 27411 although server.js:");
});

test("a service that does not start keeps its guesses, and says what it printed last", async () => {
  put({
    "package.json": '{ "scripts": { "start": "node server.js" } }',
    "server.js": `console.log("no database at hand"); process.exit(3); app.get("/users", x)`,
  });
  expect(await init()).toBe(0);
  expect(written().scenarios.map(({ path }) => path)).toEqual(["/users"]);
  expect(said).toContain("The service was started once, and exited with code 3");
  expect(said).toContain("printed last: no database at hand");
});

test("nothing is started where it is not built, nor with --no-try", async () => {
  const server = `require("fs").writeFileSync("started", ""); app.get("/users", x)`;
  put({
    "package.json": '{ "scripts": { "start": "node server.js" }, "dependencies": { "express": "5" } }',
    "server.js": server,
  });
  expect(await init()).toBe(0);
  put({ "node_modules/express/index.js": "" });
  expect(await init({ try: false })).toBe(0);
  expect(said).not.toContain("Trying it");
});
