import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readConfigFile } from "../../../src/config/file/read-file.js";
import { checkInputs } from "../../../src/config/inputs.js";
import { makePlan } from "../../../src/config/make-plan.js";
import type { Plan } from "../../../src/model/plan.js";
import { askOnce } from "../../../src/run/arms/send-once.js";
import { connectDeployment } from "../../../src/run/deployments/connect-deployment.js";
import { connectDeployments } from "../../../src/run/deployments/connect-deployments.js";
import { greetingOf } from "../../../src/run/deployments/greeting-of.js";
import { type Seen, watchDeployments } from "../../../src/run/deployments/same-deployment.js";
import type { RunningService } from "../../../src/service/lifecycle/running-service.js";
import { openRunWorkspace } from "../../../src/run/run-workspace.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { contextIn } from "../made-up-context.js";
import { selfSigned } from "../../parts/self-signed.js";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/** @returns the port of a server that handles every request like this */
async function serving(handle: RequestListener, tls = false): Promise<number> {
  const server = tls ? createSecureServer(selfSigned(), handle) : createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function planOf(url: string, more = ""): Plan {
  const text = `arms: { base: { url: "${url}" }, head: { url: "http://other.test" } }\n${more}`;
  const headFile = readConfigFile(new TextEncoder().encode(text), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "flag"), headFile, baseFile: null });
}

async function connectTo(
  url: string,
  more = "",
  seen: (seen: Seen) => void = () => undefined,
): Promise<RunningService> {
  const plan = planOf(url, `service: { ready: { timeout: 1s } }\n${more}`);
  const arm = plan.arms[0]!;
  const greeting = greetingOf(arm, plan, (request) => request);
  return connectDeployment({ arm, greeting, redeploy: null, signal: new AbortController().signal, seen });
}

const LIST = "scenarios: [{ name: list, request: { path: /users, headers: { authorization: Bearer x } } }]\n";

test("a service elsewhere is greeted with the first scenario's request, and every connection goes to the address that its name led to", async () => {
  const asked: string[] = [];
  const port = await serving((request, response) => {
    asked.push(`${request.url} ${request.headers.host} ${request.headers.authorization}`);
    response.end("ok");
  });
  const service = await connectTo(`http://localhost:${port}`, LIST);
  expect(new Set(asked)).toEqual(new Set([`/users localhost:${port} Bearer x`]));
  expect(service).toMatchObject({ host: "127.0.0.1", name: "localhost", port, tls: false });
  expect(service.network!.connectUs).toBeGreaterThan(0);
  expect(service.network).toMatchObject({ tlsUs: null });
  expect(await service.usage()).toEqual({ cpuNs: null, peakResidentBytes: null });
  expect(service.usageUnavailable).toBe("it runs elsewhere");

  await askOnce(service, planOf("http://a.test", LIST).scenarios[0]!.requests[0]!, {});
  expect(asked.at(-1)).toBe(`/users localhost:${port} Bearer x`);
});

test("a service that is not up yet is waited for", async () => {
  let asked = 0;
  const port = await serving((_, response) => {
    response.writeHead(++asked < 2 ? 503 : 200).end();
  });
  await connectTo(`http://127.0.0.1:${port}`, LIST);
  expect(asked).toBeGreaterThanOrEqual(2);
});

test("the time of a TLS handshake is told, and a certificate of this machine need not be trusted", async () => {
  const port = await serving((_, response) => response.end("ok"), true);
  const { network, tls } = await connectTo(`https://localhost:${port}`, LIST);
  expect(tls).toBe(true);
  expect(network!.tlsUs).toBeGreaterThan(0);
});

describe("a service is told as what it is, at once, when it", () => {
  const told: readonly [string, number, Readonly<Record<string, string>>, string][] = [
    [
      "redirects",
      302,
      { location: "https://login.example.test/start?secret=1" },
      "base redirects instead of serving: GET /users gave 302 to https://login.example.test/start.",
    ],
    ["asks for a login", 401, {}, "base asks for a login: GET /users gave 401."],
    ["forbids", 403, {}, "base asks for a login: GET /users gave 403."],
    [
      "limits its rate",
      429,
      { "retry-after": "30" },
      "base limits its rate: GET /users gave 429, Retry-After 30 s.",
    ],
  ];
  test.each(told)("%s", async (_, status, headers, message) => {
    let asked = 0;
    const port = await serving((_request, response) => {
      asked++;
      response.writeHead(status, headers).end();
    });
    await expect(connectTo(`http://127.0.0.1:${port}`, LIST)).rejects.toThrow(message);
    expect(asked).toBe(1);
  });
});

test("a status that the scenario or `ready` expects is no refusal, and `/` need not serve anything", async () => {
  const port = await serving((request, response) => {
    response.writeHead(request.url === "/" ? 404 : request.url === "/health" ? 302 : 401).end();
  });
  const url = `http://127.0.0.1:${port}`;
  await connectTo(url, LIST.replace("list,", "list, expect: { status: 401 },"));
  await connectTo(url, "scenarios: [{ name: make, request: { method: POST, path: /users } }]\n");
  const plan = planOf(url, "service: { ready: { path: /health, status: 302, timeout: 1s } }\n");
  const [arm] = plan.arms;
  await connectDeployment({
    arm: arm!,
    greeting: greetingOf(arm!, plan, (request) => request),
    redeploy: null,
    signal: new AbortController().signal,
    seen: () => undefined,
  });
});

describe("nothing is sent to", () => {
  test.each(["169.254.169.254", "[fd00:ec2::254]", "metadata.google.internal", "[::ffff:169.254.169.254]"])(
    "a cloud's metadata service: %s",
    async (host) => {
      await expect(connectTo(`http://${host}`)).rejects.toThrow(
        "is a cloud's metadata service; no load is sent there.",
      );
    },
  );

  test("a host that nobody listens on, whose error says so", async () => {
    const port = await serving((_, response) => response.end());
    servers.at(-1)!.close();
    await expect(connectTo(`http://127.0.0.1:${port}`, LIST)).rejects.toThrow(
      /^base: the service was not there within 1 s: GET \/users failed: .*ECONNREFUSED/,
    );
  });
});

describe("a command that deploys anew", () => {
  const deployedWith = async (redeploy: string, environment: Readonly<Record<string, string>> = {}) => {
    const port = await serving((_, response) => response.end("ok"));
    const context = contextIn(temporaryFolder());
    const plan = planOf(`http://127.0.0.1:${port}`);
    const [base] = plan.arms;
    const service = { ...base!.service, deployment: { url: base!.service.deployment!.url, redeploy } };
    const job = { ...context, environment: { ...context.environment, ...environment } };
    const workspace = await openRunWorkspace(job);
    try {
      const arm = { plan: { ...base!, service }, folder: context.workingDirectory };
      const { startedInMs } = await connectDeployments(plan, job, workspace).connect({
        ...arm,
        buildMs: null,
        fromCache: false,
        checkout: null,
        container: null,
        program: null,
      });
      return { folder: context.workingDirectory, startedInMs };
    } finally {
      await workspace.close();
    }
  };

  test("runs before the service is greeted, with the arm's name and the job's variables", async () => {
    const { folder, startedInMs } = await deployedWith('sleep 0.2; echo "{arm} $WHERE" > deployed', {
      WHERE: "here",
    });
    expect(readFileSync(join(folder, "deployed"), "utf8")).toBe("base here\n");
    expect(startedInMs).toBeGreaterThan(200);
  });

  test("that fails costs the block, with the end of its output", async () => {
    await expect(deployedWith("echo no quota left; exit 3")).rejects.toThrow(/redeploy[^]*no quota left/);
  });
});

test("two names of one deployment are doubted by what its responses say of it", async () => {
  const doubtsOf = async (...headers: readonly Readonly<Record<string, string>>[]): Promise<string> => {
    const watch = watchDeployments();
    for (const [index, own] of headers.entries()) {
      const port = await serving((_, response) => response.writeHead(200, own).end());
      await connectTo(`http://127.0.0.1:${port}`, LIST, (seen) => {
        watch.saw({ ...seen, arm: `arm-${index}`, address: own["x-address"] ?? "one" });
      });
    }
    return watch.doubts().join("\n");
  };
  const same = { etag: '"a"', "last-modified": "Mon, 01 Jan 2026 00:00:00 GMT" };
  expect(await doubtsOf({ "x-deployment-id": "d1" }, { "x-deployment-id": "d1" })).toBe(
    "`arm-0` and `arm-1` may be one deployment under two names: both gave the same `x-deployment-id`",
  );
  expect(await doubtsOf({ "x-deployment-id": "d1" }, { "x-deployment-id": "d2" })).toBe("");
  expect(await doubtsOf(same, same)).toContain("both are at one address, and gave the same `etag`");
  expect(await doubtsOf(same, { ...same, "x-address": "two" })).toBe("");
});
