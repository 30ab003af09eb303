import { describe, expect, test } from "vitest";
import { withAddresses } from "../../src/config/deployment-addresses.js";
import { readConfigFile } from "../../src/config/file/read-file.js";
import { checkInputs } from "../../src/config/inputs.js";
import { makePlan } from "../../src/config/make-plan.js";
import { plan as planSchema, type Plan } from "../../src/model/plan.js";

function planOf(text: string, base = text): Plan {
  const file = (of: string) => readConfigFile(new TextEncoder().encode(of), "tailgate.yml");
  return makePlan({ inputs: checkInputs({}, "input"), headFile: file(text), baseFile: file(base) });
}

const BASE = "https://shop.example.com";
const HOSTS = 'allowed-hosts: [shop.example.com, "*.preview.example.com"]\n';
const of = (head: string, more = HOSTS): string =>
  `arms: { base: { url: "${BASE}" }, head: { url: "${head}" } }\n${more}`;

describe("arms with a `url`", () => {
  test("called base and head are gated like two commits, nothing is started, and nothing looks into them", () => {
    const plan = planOf(of("https://pr-7.preview.example.com"));
    expect(planSchema.parse(plan)).toEqual(plan);
    expect(plan.arms.map(({ name, role }) => [name, role])).toEqual([
      ["base", "base"],
      ["head", "head"],
    ]);
    expect(plan).toMatchObject({ baseline: "base", explain: "never" });
    expect(plan.deployments).toEqual({
      allowedHosts: ["shop.example.com", "*.preview.example.com"],
      maxRatePerSecond: 100,
    });
    expect(plan.scenarios[0]!.gates.p50).toMatchObject({ limit: 0.05 });
    expect(plan.arms[1]!.service).toMatchObject({ build: null, start: "", reset: null });
  });

  test("may have a second deployment of base as the control, in whatever order they stand", () => {
    const plan = planOf(
      `arms: { control: { url: "https://b.preview.example.com" }, head: { url: "https://h.preview.example.com" }, base: { url: "${BASE}" } }`,
    );
    expect(plan.arms.map(({ role }) => role)).toEqual(["control", "head", "base"]);
    expect(plan.baseline).toBe("base");
  });

  test("with other names are stacks, which are compared without limits", () => {
    const plan = planOf(`arms: { eu: { url: "${BASE}" }, us: { url: "https://us.preview.example.com" } }`);
    expect(plan.arms.map(({ role }) => role)).toEqual(["stack", "stack"]);
    expect(plan.scenarios[0]!.gates.p50).toBeNull();
  });

  test("take `redeploy`, `ready` and `env`, and refuse by name what builds or starts a service", () => {
    const plan = planOf(
      `arms: { base: { url: "${BASE}" }, head: { url: "https://a.preview.example.com", redeploy: "./deploy {arm}" } }\nservice: { ready: { path: /health }, env: { A: b } }\n`,
    );
    expect(plan.arms[1]!.service).toMatchObject({
      deployment: { redeploy: "./deploy {arm}" },
      ready: { path: "/health" },
      env: { A: "b" },
    });
    expect(() => planOf(`service: { start: node s.js, port: 80 }\n${of(BASE)}`)).toThrow(
      "`arms.base` has a `url`, so it is neither built nor started here, and `start`, `port` have no use.",
    );
  });

  test("are not asked for gRPC health, and say what is asked instead", () => {
    expect(() =>
      planOf(`service: { ready: { grpc: true } }\n${of("https://a.preview.example.com")}`),
    ).toThrow(
      "`arms.base` has a `url`, and whether such a service is there is asked by an HTTP request, not by `ready.grpc`.",
    );
  });

  test("stand beside no arm that is started here", () => {
    expect(() => planOf(`arms: { base: { url: "${BASE}" }, head: { start: ./x } }`)).toThrow(
      "`arms.base` has a `url` and `arms.head` has none: the network would be a part of one of them only.",
    );
  });

  test("are sent no more than `max-rate`, which has a highest value", () => {
    const rate = (max: string, load: string): Plan => planOf(`${of(BASE)}${max}load: { rate: ${load} }\n`);
    expect(() => rate("", "200")).toThrow("is to be sent 200 requests/s, and `max-rate` allows 100");
    expect(rate("max-rate: 250\n", "200").deployments?.maxRatePerSecond).toBe(250);
    expect(() => rate("max-rate: 1001\n", "200")).toThrow("`max-rate` is `1001`; it must be at most 1000");
  });

  test("come from base's file, its hosts too, whatever head's file says", () => {
    const plan = planOf(
      of("https://evil.test", "allowed-hosts: [evil.test]\nmax-rate: 1000\n"),
      of("https://a.preview.example.com"),
    );
    expect(plan.deployments?.allowedHosts).not.toContain("evil.test");
    expect(plan.arms[1]!.service.deployment?.url).toBe("https://a.preview.example.com");
    expect(plan.notes.join("\n")).toContain(
      "`allowed-hosts.[0]` is `shop.example.com` in base and `evil.test`",
    );
  });
});

describe("an address", () => {
  const headAt = (
    url: string,
    values: Readonly<Record<string, string>> = {},
    more = HOSTS,
  ): string | undefined => {
    const { arms } = withAddresses(planOf(of(url, more)), new Map(Object.entries(values)));
    return arms[1]!.service.deployment?.url;
  };

  test("may come from a variable of the job, and is kept as its origin", () => {
    expect(headAt("${PREVIEW_URL}", { PREVIEW_URL: "https://PR-7.preview.example.com:443/" })).toBe(
      "https://pr-7.preview.example.com",
    );
    expect(headAt("http://pr-${N}.preview.example.com:8080", { N: "7" })).toBe(
      "http://pr-7.preview.example.com:8080",
    );
  });

  test.each([
    [
      "another host",
      "https://evil.test",
      "`arms.head` runs on evil.test, which is not one of `allowed-hosts`",
    ],
    ["a host that only ends alike", "https://evilpreview.example.com", "not one of `allowed-hosts`"],
    ["what the pattern stands under", "https://preview.example.com", "not one of `allowed-hosts`"],
    ["an allowed host as a user", "https://shop.example.com@evil.test", "has a user or a password in it"],
    ["a number for an address", "http://2130706433", "runs on 127.0.0.1, which is not one of"],
    ["a path", "https://a.preview.example.com/x", "has more than a host and a port"],
    ["another scheme", "ftp://a.preview.example.com", "begins with neither https:// nor http://"],
    ["no address at all", "preview", "is no address"],
    ["base's own", "https://SHOP.example.com.:443", "are the same deployment (https://shop.example.com)"],
  ])("is refused: %s", (_, url, message) => {
    expect(() => headAt(url)).toThrow(message);
  });

  test("is refused without saying it where it cannot be read: it may hold a secret", () => {
    expect(() => headAt("${URL}", { URL: "https://a:hunter22@shop.example.com" })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter22") as string }),
    );
  });

  test("is refused where the file names no host", () => {
    expect(() => headAt("https://a.preview.example.com", {}, "")).toThrow(
      "`arms.base` runs on shop.example.com, and tailgate.yml has no `allowed-hosts`",
    );
  });
});

test.each(["*", "*.com", "https://shop.example.com", "shop.example.com/x", "a b", "*.*.example.com"])(
  "`%s` is no host that `allowed-hosts` may name",
  (host) => {
    expect(() => planOf(of(BASE, `allowed-hosts: ["${host}"]\n`))).toThrow("is no host");
  },
);
