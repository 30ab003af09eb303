import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/model/explanation.js";
import { explanation as schema } from "../../src/model/explanation.js";
import { explained, profilesOf, type Program } from "./profiles.js";

const HANDLER = "server.js:41 handler";
const LOOP = "processTicksAndRejections";

/** Other work of the service, as any has: forty functions of its framework. */
const FRAMEWORK = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [`fastify/lib/part${i}.js:${i + 10} step${i}`, 2 + (i % 7) * 3]),
);
const SERVICE: Program = {
  calls: {
    [HANDLER]: 1,
    "pg/lib/client.js:20 query": 1,
    "pg/lib/query.js:9 Query": 1,
    "fastify/lib/reply.js:30 serialize": 1,
    "server.js:60 serializer": 2,
    ...Object.fromEntries(Object.keys(FRAMEWORK).map((name) => [name, 1])),
  },
  cpuUs: {
    [`${LOOP} > ${HANDLER}`]: 150,
    [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query`]: 30,
    [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query > pg/lib/query.js:9 Query`]: 12,
    [`${LOOP} > fastify/lib/reply.js:30 serialize > JSON.stringify`]: 41,
    "(garbage collector)": 25,
    ...Object.fromEntries(Object.entries(FRAMEWORK).map(([name, us]) => [`${LOOP} > ${name}`, us])),
  },
  waitingUs: 300,
};

function changed(calls: Program["calls"], cpuUs: Program["cpuUs"], more: Partial<Program> = {}): Program {
  return {
    ...SERVICE,
    calls: { ...SERVICE.calls, ...calls },
    cpuUs: { ...SERVICE.cpuUs, ...cpuUs },
    ...more,
  };
}

function firstRow({ named }: Explanation): [file: string | null, name: string] {
  return [named[0]!.file, named[0]!.name];
}

describe("an explanation names first", () => {
  test("the handler that takes 5 % more of the service's CPU, and the runtime's function in which", () => {
    const head = changed({ createHash: 1 }, { [`${LOOP} > ${HANDLER} > createHash`]: 35 });
    const found = explained(SERVICE, head);
    expect(found.finding).toBe("functions");
    expect(firstRow(found)).toEqual(["server.js", "handler"]);
    expect(found.named[0]!.within).toEqual({ name: "createHash", calls: { baseline: 0, candidate: 1 } });
    expect(found.named).toHaveLength(1);
    expect(found.sentence).toMatch(
      /^`server\.js:41` `handler`: \+[2-5]\d\.\d us \[.*\] CPU a request, of \+/u,
    );
  });

  test("the query that is sent once a row, with what it calls counted there", () => {
    const head = changed(
      { "pg/lib/client.js:20 query": 101, "pg/lib/query.js:9 Query": 101 },
      {
        [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query`]: 1_800,
        [`${LOOP} > ${HANDLER} > pg/lib/client.js:20 query > pg/lib/query.js:9 Query`]: 700,
      },
    );
    const found = explained(SERVICE, head);
    expect(firstRow(found)).toEqual(["pg/lib/client.js", "query"]);
    expect(found.named[0]).toMatchObject({ calls: { baseline: 1, candidate: 101 }, alike: 1 });
    expect(found.named.map(({ name }) => name)).toEqual(["query"]);
    expect(found.sentence).toContain("`pg/lib/client.js` `query`: 1 -> 101 calls a request");
  });

  test("the repository's serializer that does what the framework's did", () => {
    const head = changed(
      { "server.js:60 serializer": 3, "fastify/lib/reply.js:30 serialize": 0 },
      {
        [`${LOOP} > server.js:60 serializer > JSON.stringify`]: 84,
        [`${LOOP} > fastify/lib/reply.js:30 serialize > JSON.stringify`]: 0,
      },
    );
    const found = explained(SERVICE, head);
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
    const found = explained(SERVICE, { ...SERVICE, waitingUs: 2_300 });
    expect(found.finding).toBe("waiting");
    expect(found.sentence).toContain("the time is spent waiting");
  });

  test("that calls cost more, when all of them do by a little", () => {
    const costlier = Object.fromEntries(Object.entries(SERVICE.cpuUs).map(([path, us]) => [path, us * 1.06]));
    const found = explained(SERVICE, { ...SERVICE, cpuUs: costlier }, { launch: 0.005 });
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
  const head = changed({ createHash: 1 }, { [`${LOOP} > ${HANDLER} > createHash`]: 35 });
  for (const one of [explained(SERVICE, head), explained(SERVICE, SERVICE, { blocks: 1 })]) {
    expect(schema.parse(one)).toEqual(one);
  }
});

test("profiles of one arm alone explain nothing", () => {
  const profiles = profilesOf(SERVICE, SERVICE).filter(({ arm }) => arm === "base");
  const found = explained(SERVICE, SERVICE, {}, { profiles });
  expect(found).toMatchObject({ blocks: 0, named: [], finding: "no-instrument" });
});
