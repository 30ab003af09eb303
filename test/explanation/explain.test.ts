import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/model/explanation.js";
import { explanation as schema } from "../../src/model/explanation.js";
import { explained, profilesOf } from "./profiles.js";
import { COSTLIER, FIVE_PERCENT, N_PLUS_ONE, PRETTY_JSON, SERVICE, WAITING, changed } from "./programs.js";

function firstRow({ named }: Explanation): [file: string | null, name: string] {
  return [named[0]!.file, named[0]!.name];
}

describe("an explanation names first", () => {
  test("the handler that takes 5 % more of the service's CPU, and the runtime's function in which", () => {
    const found = explained(SERVICE, FIVE_PERCENT);
    expect(found.finding).toBe("functions");
    expect(firstRow(found)).toEqual(["server.js", "handler"]);
    expect(found.named[0]!.within).toEqual({ name: "createHash", calls: { baseline: 0, candidate: 1 } });
    expect(found.named).toHaveLength(1);
    expect(found.sentence).toMatch(
      /^`server\.js:41` `handler`: \+[2-5]\d\.\d us \[.*\] CPU a request, of \+/u,
    );
  });

  test("the query that is sent once a row, with what it calls counted there", () => {
    const found = explained(SERVICE, N_PLUS_ONE);
    expect(firstRow(found)).toEqual(["pg/lib/client.js", "query"]);
    expect(found.named[0]).toMatchObject({ calls: { baseline: 1, candidate: 101 }, alike: 1 });
    expect(found.named.map(({ name }) => name)).toEqual(["query"]);
    expect(found.sentence).toContain("`pg/lib/client.js` `query`: 1 -> 101 calls a request");
  });

  test("the repository's serializer that does what the framework's did", () => {
    const found = explained(SERVICE, PRETTY_JSON);
    expect(firstRow(found)).toEqual(["server.js", "serializer"]);
    expect(found.named.map(({ name }) => name)).toContain("serialize");
  });

  test("the exact calls alone where nothing samples", () => {
    const head = changed({ "pg/lib/client.js:20 query": 101, "pg/lib/query.js:9 Query": 101 }, {});
    const found = explained(SERVICE, head, { samples: false });
    expect(found.named).toHaveLength(1);
    expect(found.named[0]).toMatchObject({ name: "query", alike: 1, cpu: null, cpuWithCalls: null });
    expect(found.callTree).toBeNull();
  });
});

describe("an explanation that names no function says", () => {
  test("that the service waits, when CPU and calls are as before", () => {
    const found = explained(SERVICE, WAITING);
    expect(found.finding).toBe("waiting");
    expect(found.sentence).toContain("the time is spent waiting");
  });

  test("that calls cost more, when all of them do by a little", () => {
    const found = explained(SERVICE, COSTLIER, { launch: 0.005 });
    expect(found.finding).toBe("costlier-calls");
  });

  test("what could have been seen, when nothing differs", () => {
    const found = explained(SERVICE, SERVICE);
    expect(found.finding).toBe("nothing");
    expect(found.smallestNameableUs).toBeGreaterThan(1);
    expect(found.smallestNameableUs).toBeLessThan(40);
    expect(found.sentence).toMatch(/A change of \d/u);
  });

  test("that there is no instrument", () => {
    const found = explained(SERVICE, SERVICE, { counts: false, samples: false });
    expect(found.finding).toBe("no-instrument");
  });

  test("what failed", () => {
    const found = explained(
      SERVICE,
      SERVICE,
      {},
      { profiles: [], failure: "the service exited with code 1" },
    );
    expect(found.finding).toBe("failed");
    expect(found.sentence).toBe("The diagnosis failed: the service exited with code 1.");
  });
});

test("waiting is not said when the CPU may have grown by what the latency needs", () => {
  const found = explained(SERVICE, { ...SERVICE, waitingUs: 340 });
  expect(found.finding).toBe("nothing");
});

test("an explanation is what the schema of results asks for", () => {
  for (const one of [explained(SERVICE, FIVE_PERCENT), explained(SERVICE, SERVICE, { blocks: 1 })]) {
    expect(schema.parse(one)).toEqual(one);
  }
});

test("profiles of one arm alone explain nothing", () => {
  const profiles = profilesOf(SERVICE, SERVICE).filter(({ arm }) => arm === "base");
  const found = explained(SERVICE, SERVICE, {}, { profiles });
  expect(found).toMatchObject({ blocks: 0, named: [], finding: "no-instrument" });
});

test("what counting costs is kept out of the service's CPU", () => {
  const sampled = profilesOf(SERVICE, FIVE_PERCENT, { counts: false });
  const counted = profilesOf(SERVICE, FIVE_PERCENT, { samples: false, blocks: 2 }).map((profile) => ({
    ...profile,
    block: profile.block + 6,
    serviceCpuUs: profile.serviceCpuUs! * (profile.arm === "head" ? 3 : 2),
  }));
  const found = explained(SERVICE, FIVE_PERCENT, {}, { profiles: [...sampled, ...counted] });
  expect(found.blocks).toBe(8);
  expect(found.serviceCpu!.changeUs).toBeLessThan(70);
  expect(found.named[0]!.within).toEqual({ name: "createHash", calls: { baseline: 0, candidate: 1 } });
});
