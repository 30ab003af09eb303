import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startGenerator } from "../../../src/load/generator/generator.js";
import type { LoadGenerator } from "../../../src/load/phase.js";
import { summarizeSamples } from "../../../src/load/samples/summarize-samples.js";
import { generatorEntry } from "../support/entry.js";
import { closedPhase, GET, profileOf, targetOf } from "../support/phases.js";

let generator: LoadGenerator;
const server = createServer((request, response) => {
  seen.push(`${request.method!} ${request.url!} ${request.headers.cookie ?? "-"}`);
  serve(request, response);
});
let port = 0;
let seen: string[] = [];
let serve: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  generator = await startGenerator({ processors: null, entry: generatorEntry() });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  seen = [];
  serve = (_, response) => response.end("ok");
});

afterAll(async () => {
  await generator.stop();
  server.closeAllConnections();
  server.close();
});

async function outcomeOf(
  requests: Parameters<typeof closedPhase>[1],
  profile: Parameters<typeof closedPhase>[2],
) {
  const { arms } = await generator.run(closedPhase(port, requests, { connections: 1, ...profile }));
  await generator.disconnect();
  return summarizeSamples(arms[0]!);
}

test("cookies of a response go with the later requests of a sequence, and the next sample is a new user", async () => {
  let users = 0;
  serve = ({ url }, response) => {
    if (url === "/login") {
      response.setHeader("Set-Cookie", [`sid=${++users}; Path=/; HttpOnly`, "theme=dark; Path=/app"]);
    }
    response.end("ok");
  };
  const requests = [
    { ...GET, path: "/login" },
    { ...GET, path: "/app/x" },
    { ...GET, path: "/me", headers: { Cookie: "own=1" } },
  ];
  await outcomeOf(2, { requests });
  expect(seen).toEqual(
    [1, 2].flatMap((user) => [
      "GET /login -",
      `GET /app/x theme=dark; sid=${user}`,
      `GET /me own=1; sid=${user}`,
    ]),
  );
});

test("redirects are followed as often as asked, with their cookies, and count in latency and bytes", async () => {
  serve = ({ url }, response) => {
    if (url === "/old") response.writeHead(302, { location: "/newer", "set-cookie": "hop=1" }).end("moved");
    else if (url === "/newer") setTimeout(() => response.writeHead(307, { location: "new" }).end(), 30);
    else response.end("here");
  };
  const requests = [{ ...GET, method: "POST", path: "/old", body: "form", redirects: 2 }];
  const { measured, bytes } = await outcomeOf(4, { requests });
  const { errors, statuses, latencyUs } = measured;
  expect(seen.slice(0, 3)).toEqual(["POST /old -", "GET /newer hop=1", "GET /new hop=1"]);
  expect(seen).toHaveLength(12);
  expect(errors.status).toBe(0);
  expect(statuses).toEqual({ 200: 4 });
  expect(bytes).toBe(4 * ("moved".length + "here".length));
  expect(latencyUs!.p50).toBeGreaterThan(29_000);
});

test("a loop of redirects ends after as many as asked, as an error of the status", async () => {
  serve = (_, response) => response.writeHead(302, { location: "/again" }).end();
  const { errors, statuses } = (await outcomeOf(2, { requests: [{ ...GET, redirects: 3 }] })).measured;
  expect(errors.status).toBe(2);
  expect(statuses).toEqual({ 302: 2 });
  expect(seen).toHaveLength(8);
});

test("a redirect to another host is not followed", async () => {
  let visits = 0;
  const other = createServer((_, response) => {
    visits++;
    response.end();
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  serve = (_, response) => response.writeHead(302, { location }).end();
  const { errors } = (await outcomeOf(3, { requests: [{ ...GET, redirects: 3 }] })).measured;
  other.close();
  expect([errors.status, visits]).toEqual([3, 0]);
});

test("without being asked no redirect is followed", async () => {
  serve = (_, response) => response.writeHead(302, { location: "/x" }).end();
  expect((await outcomeOf(2, { requests: [GET] })).measured.errors.status).toBe(2);
});

const LOGIN = {
  ...GET,
  method: "POST",
  path: "/login",
  body: "{}",
  capture: { token: { from: "json", path: ["token"] } },
} as const;

test("what a login captures and every cookie that it sets go with all requests to that arm", async () => {
  serve = ({ url }, response) => {
    if (url === "/login") response.setHeader("Set-Cookie", ["a=1", "b=2; Path=/me"]);
    response.end('{"token":"t 1"}');
  };
  const target = targetOf(port);
  const session = await generator.logIn(target, profileOf({ requests: [LOGIN] }));
  expect(session).toEqual({
    values: { token: "t 1" },
    cookies: [
      { name: "a", value: "1", path: "/" },
      { name: "b", value: "2", path: "/me" },
    ],
  });
  seen = [];
  const phase = closedPhase(port, 2, { requests: [{ ...GET, path: "/me/{token}" }] }, { session });
  await generator.run(phase);
  await generator.disconnect();
  expect(seen).toEqual(Array(2).fill("GET /me/t%201 b=2; a=1"));
});

test.each<[string, (response: ServerResponse) => void, string]>([
  [
    "a refusal",
    (response) => response.writeHead(401).end(`${"x".repeat(400)} wrong   password\n`),
    "POST /login gave status 401; its body ends with",
  ],
  [
    "a body without the value",
    (response) => response.end('{"other":1}'),
    'its body ends with "{\\"other\\":1}"',
  ],
  [
    "nothing",
    (response) => response.socket!.destroy(),
    "POST /login had no response: it closed the connection",
  ],
  ["silence", () => undefined, "POST /login had no response within 300 ms"],
])("a login that meets %s fails with what came back", async (_, respond, said) => {
  serve = (_request, response) => {
    respond(response);
  };
  await expect(
    generator.logIn(targetOf(port), profileOf({ requests: [LOGIN], timeoutMs: 300 })),
  ).rejects.toMatchObject({ code: "load", message: expect.stringContaining(said) as string });
});
