import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readConfigFile } from "../../../src/config/file/read-file.js";
import { checkInputs } from "../../../src/config/inputs.js";
import { makePlan } from "../../../src/config/make-plan.js";
import { recompute } from "../../../src/github/untrusted/recompute.js";
import { packagesReached } from "../../parts/imports.js";
import { sampleResult } from "../../reporters/sample-result.js";

const BASE_FILE = `
arms: { base: { url: "https://shop.example.com" }, head: { url: "\${PREVIEW_URL}" } }
allowed-hosts: [shop.example.com, "*.preview.example.com"]
scenarios: [{ name: list users, request: { path: /users } }]
`;

const RUN = {
  id: 1,
  attempt: 1,
  event: "pull_request",
  conclusion: "success",
  headSha: "a".repeat(40),
  headBranch: "topic",
  headRepository: "contributor/shop",
  startedAt: "2026-11-21T00:00:00Z",
  url: "https://github.com/acme/shop/actions/runs/1",
} as const;

test("the reporting job keeps base's addresses as they are written, takes the numbers of the network, and no address of the claim", () => {
  const file = readConfigFile(new TextEncoder().encode(BASE_FILE), "tailgate.yml");
  const plan = makePlan({ inputs: checkInputs({}, "input"), headFile: file, baseFile: file });
  const claim = sampleResult({ scenarios: ["list users"] });
  const network = { connectUs: 12_000, tlsUs: null, requestUs: 30_000 };
  const claimed = {
    ...claim,
    plan: {
      ...claim.plan,
      arms: claim.plan.arms.map((arm) => ({
        ...arm,
        service: { ...arm.service, deployment: { url: "http://169.254.169.254", redeploy: "evil" } },
      })),
    },
    blocks: claim.blocks.map((block) => ({
      ...block,
      arms: Object.fromEntries(Object.entries(block.arms).map(([name, arm]) => [name, { ...arm, network }])),
    })),
  };
  const result = recompute(claimed, { plan, namesScenarios: true, namesSeed: true }, RUN);
  expect(result.plan.arms.map(({ service }) => service.deployment)).toEqual([
    { url: "https://shop.example.com" },
    { url: "${PREVIEW_URL}" },
  ]);
  expect(result.blocks[0]!.arms["head"]!.network).toEqual(network);
  expect(result.warnings.map(({ code }) => code)).toContain("these-deployments");
  expect(JSON.stringify(result)).not.toMatch(/169\.254|evil/);
});

test("nothing that the reporting job runs can connect to an address, other than GitHub's client", () => {
  const reached = packagesReached()(
    resolve(import.meta.dirname, "../../../src/github/untrusted/report-mode.ts"),
  );
  const sockets = [
    "node:net",
    "node:tls",
    "node:http",
    "node:https",
    "node:http2",
    "node:dns",
    "node:dns/promises",
  ];
  expect(sockets.filter((name) => reached.has(name))).toEqual([]);
});
