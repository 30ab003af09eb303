import { describe, expect, test } from "vitest";
import { sampleResult } from "../../reporters/sample-result.js";
import { serveArtifacts } from "../parts/artifact-routes.js";
import {
  EARLIER,
  RUN_ID,
  claim,
  fork,
  forkForEachTest,
  github,
  run,
  runAll,
  store,
} from "../parts/reported-fork.js";

forkForEachTest();

describe("the artifact", () => {
  const refused = async (words: RegExp): Promise<void> => {
    await expect(run()).rejects.toMatchObject({
      code: "artifact",
      message: expect.stringMatching(words) as string,
    });
    expect(await github.comments(fork.number)).toEqual([]);
  };

  test("an absent artifact is refused", () => refused(/has no artifact `tailgate-api`: none/));

  test("an expired artifact is refused", async () => {
    serveArtifacts(github, store, { id: RUN_ID, expired: true });
    await claim(sampleResult());
    await refused(/expired/);
  });

  test("an artifact of an earlier attempt is refused", async () => {
    await claim(sampleResult(), "tailgate-api", EARLIER);
    await refused(/only one of an earlier attempt/);
  });

  test("of several artifacts of one name the newest of this attempt counts", async () => {
    await claim(sampleResult({ slower: { "list users": 1.3 } }), "tailgate-api", EARLIER);
    await claim(sampleResult({ slower: { "list users": 1.3 } }));
    await claim(sampleResult({ noise: 0.1 }));
    expect(await run()).toMatchObject({ result: { verdict: "pass" } });
  });

  test("every leg of a job matrix is reported, each in its own comment", async () => {
    await claim(sampleResult({ slower: { "list users": 1.3 } }), "tailgate-api.node-20");
    await claim(sampleResult({ noise: 0.1 }), "tailgate-api.node-22");
    const reported = await runAll();
    expect(reported.map((one) => (one.kind === "reported" ? one.result.verdict : one.why))).toEqual([
      "regression",
      "pass",
    ]);
    expect((await github.comments(fork.number)).map(({ body }) => body.slice(0, 60))).toEqual([
      expect.stringContaining("key=api.node%2D20 "),
      expect.stringContaining("key=api.node%2D22 "),
    ]);
  });

  test("an artifact of another suite is not taken", async () => {
    await claim(sampleResult(), "tailgate-web");
    await refused(/has no artifact `tailgate-api`/);
  });

  test("an artifact larger than a result can be is not even downloaded", async () => {
    serveArtifacts(github, store, { id: RUN_ID, claimedBytes: 60_000_000 });
    await claim(sampleResult());
    await refused(/larger than 50000000 bytes/);
    expect(github.proxy.seen.filter(({ path }) => path.endsWith("/zip"))).toEqual([]);
  });

  test("an artifact larger than the list said is dropped while it comes", async () => {
    serveArtifacts(github, store, { id: RUN_ID, claimedBytes: 1000 });
    await claim(Buffer.alloc(51_000_000));
    await refused(/larger than 50000000 bytes/);
  });

  test("an artifact that is no zip archive is refused", async () => {
    await claim(Buffer.from("<html>not found</html>".repeat(10)));
    await refused(/not a zip archive/);
  });

  test.each<[string, () => string, RegExp]>([
    ["not JSON", () => "{", /not JSON/],
    ["100,000 levels deep", () => "[".repeat(100_000) + "]".repeat(100_000), /levels deep/],
    [
      "100,000 levels deep, in a field that is ignored",
      () =>
        JSON.stringify(sampleResult()).replace(
          /^\{/,
          `{"x":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)},`,
        ),
      /levels deep/,
    ],
    [
      "of another version",
      () => JSON.stringify({ ...sampleResult(), schema: "tailgate/result@2" }),
      /another version/,
    ],
    ["of no schema", () => "{}", /not a result/],
    ["an array", () => "[]", /not a result/],
    ["null", () => "null", /not a result/],
    ["with 1e999", () => JSON.stringify(sampleResult()).replace(/"p99":[\d.]+/, '"p99":1e999'), /damaged/],
    [
      "with a negative latency",
      () => JSON.stringify(sampleResult()).replace(/"p99":[\d.]+/, '"p99":-3'),
      /damaged/,
    ],
    [
      "with a text for a number",
      () => JSON.stringify(sampleResult()).replace(/"p99":[\d.]+/, '"p99":"3"'),
      /damaged/,
    ],
    ["with an unknown verdict", () => JSON.stringify({ ...sampleResult(), verdict: "perfect" }), /damaged/],
    ["with a missing part", () => JSON.stringify({ ...sampleResult(), blocks: undefined }), /damaged/],
  ])("a result is refused in words: %s", async (_what, text, words) => {
    await claim(text());
    await refused(words);
  });

  test("a result with -0, `__proto__` and `constructor` changes no prototype and is judged by its numbers", async () => {
    const text = JSON.stringify(sampleResult({ noise: 0.1 }))
      .replace('"cpuShareOfCore":', '"cpuShareOfCore":-0,"x":')
      .replaceAll('"statuses":{', '"statuses":{"__proto__":9,"constructor":9,')
      .replace(/^\{/, '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},');
    await claim(text);
    expect(await run()).toMatchObject({ kind: "reported", result: { verdict: "pass" } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
