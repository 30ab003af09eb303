import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Result } from "../../src/model/result.js";
import { parseResultText } from "../../src/model/parse-result.js";
import { bundles } from "../parts/bundles.js";
import { delayed, type Delayed } from "./parts/delayed.js";
import { type Ended, ended, plainEnvironment } from "./parts/spawned.js";

/* The command against services that it did not start, behind proxies that hold bytes back as a network does. */

const TOKEN = "tok-elsewhere-5678";

let folder: string;
const services: Delayed[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "e2e-elsewhere-"));
});
afterAll(() => {
  for (const service of services) service.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(handle: RequestListener, delayMs: number): Promise<number> {
  const service = await delayed(handle, delayMs);
  services.push(service);
  return service.port;
}

interface Run extends Ended {
  readonly result: Result | null;
  readonly report: string;
}

async function tailgate(
  ports: Readonly<Record<string, number>>,
  more: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const out = join(folder, "out");
  rmSync(out, { recursive: true, force: true });
  const arms = Object.entries(ports).map(([arm, port]) => {
    const url = arm === "head" ? "${PREVIEW_URL}" : `https://127.0.0.1:${port}`;
    return `  ${arm}: { url: "${url}" }`;
  });
  const lines = [
    "arms:",
    ...arms,
    "load: { requests: 20, warmup: 10, connections: 4 }",
    "scenarios:",
    '  - { name: list, request: { path: /users, headers: { authorization: "Bearer ${TOKEN}" } } }',
    "max-rate: 200",
    "experiment: { alpha: 20% }",
    ...more,
  ];
  writeFileSync(join(folder, "tailgate.yml"), lines.join("\n"));
  const run = await ended(
    process.execPath,
    [join(bundles(), "cli.js"), "run", "--budget", "20s", "--seed", "7", "--out", out],
    {
      cwd: folder,
      env: {
        ...plainEnvironment(),
        RUNNER_TEMP: folder,
        TOKEN,
        PREVIEW_URL: `https://127.0.0.1:${ports["head"] ?? 1}`,
        ...environment,
      },
    },
  );
  const text = (name: string): string =>
    existsSync(join(out, name)) ? readFileSync(join(out, name), "utf8") : "";
  return {
    ...run,
    result: text("result.json") === "" ? null : parseResultText(text("result.json")),
    report: text("report.md"),
  };
}

const HOSTS = "allowed-hosts: [127.0.0.1]";
const ok: RequestListener = (_, response) => response.end("[]");

test("two services elsewhere are compared: the way to each is measured, a longer one is doubted, and nothing is claimed beyond these deployments", async () => {
  const heard = new Set<string | undefined>();
  const listen: RequestListener = (request, response) => {
    heard.add(request.headers.authorization);
    response.end("[]");
  };
  const ports = { base: await serve(listen, 4), head: await serve(listen, 40) };
  const { result, report, stderr } = await tailgate(ports, [HOSTS]);
  expect(result?.blocks.length, stderr).toBeGreaterThan(0);
  expect(heard).toEqual(new Set([`Bearer ${TOKEN}`]));

  const { arms, blocks, warnings, cells } = result!;
  expect(
    arms.map(({ revision, buildMs, usageUnavailable }) => [revision, buildMs, usageUnavailable]),
  ).toEqual(Array.from({ length: 2 }, () => [null, null, "it runs elsewhere"]));
  expect(blocks.every((block) => block.arms["head"]!.network!.requestUs > 40_000)).toBe(true);
  const codes = warnings.map((warning) => warning.code);
  expect(codes).toEqual(expect.arrayContaining(["these-deployments", "network-differs", "gate-off"]));
  const unknown = cells.filter(({ verdict }) => verdict === "unavailable").map(({ metric }) => metric);
  expect(unknown).toEqual(["throughput", "cpu", "memory"]);

  // Addresses are written so that no reader is led there by a click.
  expect(report).toMatch(
    new RegExp(`base at https\\S*127.0.0.1:${ports.base}; head at https\\S*127.0.0.1:${ports.head}`),
  );
  expect(report).toMatch(/to base [\d.]+ (us|ms) \(TLS [\d.]+ ms, a bare request [\d.]+ ms\); to head /);
  for (const text of [report, stderr, JSON.stringify(result)]) expect(text).not.toContain(TOKEN);
});

describe("a comparison is refused, with what to change, when", () => {
  test("base's file does not name the host", async () => {
    const { code, stderr } = await tailgate({ base: 1, head: 2 });
    expect(code).toBe(2);
    expect(stderr).toContain("tailgate.yml has no `allowed-hosts`");
  });

  test("both arms are one deployment", async () => {
    const { code, stderr } = await tailgate({ base: 1, head: 1 }, [HOSTS]);
    expect(code).toBe(2);
    expect(stderr).toContain("`arms.base` and `arms.head` are the same deployment (https://127.0.0.1:1)");
  });

  test("the job does not say where the preview runs", async () => {
    const { code, stderr } = await tailgate({ base: 1, head: 2 }, [HOSTS], { PREVIEW_URL: "" });
    expect(code).toBe(2);
    expect(stderr).toContain("names `${PREVIEW_URL}`, which the job's environment does not have");
  });

  test("head asks for a login, which is no regression of its code and no missing baseline", async () => {
    const wall: RequestListener = (_, response) => response.writeHead(401).end();
    const ports = { base: await serve(ok, 0), head: await serve(wall, 0) };
    const { code, result } = await tailgate(ports, [HOSTS]);
    expect(code).toBe(2);
    expect(result).toMatchObject({ verdict: "invalid" });
    expect(result!.reason).toBe("head asks for a login: GET /users gave 401");
  });

  test("a service limits its rate under the load", async () => {
    let asked = 0;
    const limited: RequestListener = ({ headers }, response) => {
      // What is asked once passes; of the load, a third does not.
      const isOver = headers.connection !== "close" && ++asked % 3 === 0;
      response.writeHead(isOver ? 429 : 200, isOver ? { "retry-after": "30" } : {}).end("[]");
    };
    const ports = { base: await serve(ok, 0), head: await serve(limited, 0) };
    const { code, result, stderr } = await tailgate(ports, [HOSTS]);
    expect(code, stderr).toBe(2);
    expect(result!.reason).toMatch(
      /the service limits its rate: head gave \d+ x (status )?429, Retry-After 30 s/,
    );
  });
});
