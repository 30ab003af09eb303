import { describe, expect, test } from "vitest";
import type { Explanation } from "../../src/model/explanation.js";
import { explanation as schema } from "../../src/model/explanation.js";
import { explained, functionOf, profilesOf, type Program } from "./profiles.js";
import {
  HANDLER,
  LOOP,
  COSTLIER,
  FIVE_PERCENT,
  N_PLUS_ONE,
  PRETTY_JSON,
  SERVICE,
  WAITING,
  changed,
} from "./programs.js";

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
      /^`server\.js:41` `handler`: \+[2-5]\d(\.\d)? us \[.*\] CPU a request, of \+/u,
    );
  });

  test("the query that is sent once a row, with what it calls counted there", () => {
    const found = explained(SERVICE, N_PLUS_ONE);
    expect(firstRow(found)).toEqual(["pg/lib/client.js", "query"]);
    expect(found.named[0]).toMatchObject({ calls: { baseline: 1, candidate: 101 }, alike: 1 });
    expect(found.named.map(({ name }) => name)).toEqual(["query"]);
    expect(found.sentence).toContain("`pg/lib/client.js` `query`: 1 -> 101 calls a request");
  });

  test("the query that is sent once a row before the handler that awaits it, which V8 counts again each time", () => {
    const counted = (calls: number): Program["calls"] => ({
      [HANDLER]: calls + 1,
      "pg/lib/client.js:20 query": calls,
    });
    const loop = { [`${LOOP} > ${HANDLER}`]: 220 };
    const found = explained(changed(counted(1), {}), changed(counted(101), loop));
    expect(found.named.slice(0, 2).map(({ name }) => name)).toEqual(["query", "handler"]);
  });

  test("the repository's serializer that does what the framework's did", () => {
    const found = explained(SERVICE, PRETTY_JSON);
    expect(firstRow(found)).toEqual(["server.js", "serializer"]);
    expect(found.named.map(({ name }) => name)).toContain("serialize");
  });

  test("where nothing counts calls, the repository's function that makes a package do more", () => {
    const found = explained(SERVICE, N_PLUS_ONE, { counts: false });
    expect(firstRow(found)).toEqual(["server.js", "handler"]);
    expect(found.sentence).toMatch(
      /^`server\.js:41` `handler`: \+2\.\d+ ms \[.*\] CPU a request with what it calls, of \+2/u,
    );
    expect(found.named.map(({ name }) => name)).toContain("query");
    expect(firstRow(explained(SERVICE, FIVE_PERCENT, { counts: false }))).toEqual(["server.js", "handler"]);
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

  test("that the service waits, when all that differs is a function that costs less", () => {
    const loop = { [`${LOOP} > ${HANDLER}`]: 90 };
    const found = explained(SERVICE, changed({}, loop, { waitingUs: 2_300 }));
    expect(found.named).toMatchObject([{ name: "handler" }]);
    expect(found.finding).toBe("waiting");
    expect(explained(SERVICE, changed({}, loop)).finding).toBe("functions");
  });

  test("that the service waits, when a loop that wakes more often costs far less than the latency grew", () => {
    const loop = { [LOOP]: 40 };
    const found = explained(SERVICE, changed({}, loop, { waitingUs: 15_000 }));
    expect(found.named.some(({ cpu }) => cpu!.lowUs > 0)).toBe(true);
    expect(found.finding).toBe("waiting");
    expect(found.sentence).toContain("the time is spent waiting");
    expect(explained(SERVICE, changed({}, loop)).finding).toBe("functions");
  });

  test("that the service waits, when a pool that is short of connections is asked less often", () => {
    const pool = changed({ "pg/lib/client.js:20 query": 0.75 }, {}, { waitingUs: 2_300 });
    const found = explained(SERVICE, pool);
    expect(found.named).toMatchObject([{ name: "query", calls: { baseline: 1, candidate: 0.75 } }]);
    expect(found.finding).toBe("waiting");
    expect(explained(pool, { ...SERVICE, waitingUs: 5_000 }).finding).toBe("functions");
  });

  test("that some requests wait, when only the slowest take longer", () => {
    const found = explained(SERVICE, { ...SERVICE, tailUs: 20_000 });
    expect(found.finding).toBe("waiting");
    expect(found.sentence).toMatch(/its p99 by \+\d+\.\d ms \[.*\]\. So some requests wait: for a database/u);
    expect(explained(SERVICE, { ...SERVICE, tailUs: 1_000 }).finding).toBe("nothing");
    expect(explained(SERVICE, { ...FIVE_PERCENT, tailUs: 20_000 }).finding).toBe("functions");
  });

  test("that calls cost more, when all of them do by a little", () => {
    const found = explained(SERVICE, COSTLIER, { launch: 0.005 });
    expect(found.finding).toBe("costlier-calls");
    // As it does while a service waits much longer: then that is not why.
    const waits = explained(SERVICE, { ...COSTLIER, waitingUs: 15_000 }, { launch: 0.005 });
    expect(waits.finding).toBe("waiting");
  });

  test("nothing of costlier calls, when a function of the runtime is called that was not", () => {
    const head = { ...COSTLIER, calls: { ...COSTLIER.calls, alloc: 1 } };
    const handler = { ...COSTLIER.cpuUs, [`${LOOP} > ${HANDLER} > alloc`]: 9 };
    const found = explained(SERVICE, { ...head, cpuUs: handler }, { launch: 0.005 });
    expect(explained(SERVICE, COSTLIER, { launch: 0.005 }).finding).toBe("costlier-calls");
    expect(found.finding).toBe("functions");
    expect(found.sentence).not.toContain("called as often as before");
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

test("with many blocks, a small change is named though some blocks differ the other way", () => {
  const profiles = profilesOf(SERVICE, SERVICE, { blocks: 18 }).map((profile) => ({
    ...profile,
    cpu: {
      ...profile.cpu!,
      stacks: profile.cpu!.stacks.map((stack) => {
        const isChanged =
          profile.functions[stack.frames.at(-1)!]!.name === "handler" && profile.arm === "head";
        // Two of eighteen blocks lean the other way.
        const moreUs = profile.block % 9 === 0 ? -4_000 : 22_000;
        return isChanged ? { ...stack, cpuUs: stack.cpuUs + moreUs } : stack;
      }),
    },
  }));
  const found = explained(SERVICE, SERVICE, {}, { profiles });
  expect(found.named.map(({ name }) => name)).toEqual(["handler"]);
});

test("waiting is not said when the CPU may have grown by what the latency needs", () => {
  const found = explained(SERVICE, { ...SERVICE, waitingUs: 340 });
  expect(found.finding).toBe("nothing");
});

test("waiting is not said of a service that may have come to its capacity", () => {
  const found = explained(SERVICE, { ...N_PLUS_ONE, waitingUs: 2_000_000 });
  expect(found.finding).toBe("functions");
  expect(found.sentence).not.toContain("waits");
});

test("beside exact calls, CPU is told only if it changed", () => {
  const found = explained(SERVICE, changed({ [HANDLER]: 3 }, {}));
  expect(found.sentence).toBe("`server.js:41` `handler`: 1 -> 3 calls a request.");
});

test("a function whose CPU is not next to nothing beside the latency is named, and the service said to wait beyond it", () => {
  const handler = { [`${LOOP} > ${HANDLER}`]: 360 };
  const found = explained(SERVICE, changed({}, handler, { waitingUs: 2_800 }));
  expect(found.finding).toBe("functions");
  expect(firstRow(found)).toEqual(["server.js", "handler"]);
  expect(found.sentence).toMatch(/Beyond that the service waits: latency changed by \+2\.\d+ ms/u);
});

test("beyond new calls, the service may wait", () => {
  const found = explained(SERVICE, { ...changed({ "server.js:70 sleep": 1 }, {}), waitingUs: 2_300 });
  expect(found.sentence).toMatch(
    /`sleep`: new; 0 -> 1 calls a request\. Beyond that the service waits: latency/u,
  );
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

describe("functions that are not in both arms", () => {
  test("one that moved to another file is compared with itself", () => {
    const move = (text: string): string => text.replaceAll("server.js:60 serializer", "json.js:3 serializer");
    const moved = (of: Readonly<Record<string, number>>): Record<string, number> =>
      Object.fromEntries(Object.entries(of).map(([key, value]) => [move(key), value]));
    const slower = changed({}, { [`${LOOP} > server.js:60 serializer`]: 60 });
    const found = explained(changed({}, { [`${LOOP} > server.js:60 serializer`]: 20 }), {
      ...slower,
      calls: moved(slower.calls),
      cpuUs: moved(slower.cpuUs),
    });
    expect(found.named).toHaveLength(1);
    expect(found.named[0]).toMatchObject({ kind: "moved", file: "json.js", from: { file: "server.js" } });
    expect(found.sentence).toMatch(/^`json\.js:3` `serializer`: was `server\.js:60` `serializer`; \+[34]\d/u);
  });

  test("one whose file is known in one arm alone has not moved", () => {
    const cpu = (us: number): Program => changed({}, { [`${LOOP} > server.js:60 serializer`]: us });
    // As the lines of a function that was inlined once.
    const profiles = profilesOf(cpu(20), cpu(60)).map((profile) => ({
      ...profile,
      functions: profile.functions.map((one) =>
        one.name === "serializer" && profile.arm === "base" ? { ...one, file: null, line: null } : one,
      ),
    }));
    const found = explained(SERVICE, SERVICE, {}, { profiles });
    expect(found.named[0]).toMatchObject({ name: "serializer", kind: "changed", from: null });
  });

  test("a new one is named as new, and what it alone calls is counted there", () => {
    const audit = "server.js:80 audit";
    const found = explained(
      SERVICE,
      changed(
        { [audit]: 1, "server.js:90 digest": 3 },
        {
          [`${LOOP} > ${HANDLER} > ${audit}`]: 20,
          [`${LOOP} > ${HANDLER} > ${audit} > server.js:90 digest`]: 60,
        },
      ),
    );
    expect(found.named.map(({ name }) => name)).toEqual(["audit"]);
    expect(found.named[0]).toMatchObject({ kind: "new", calls: { baseline: 0, candidate: 1 }, alike: 1 });
    expect(found.named[0]!.cpuWithCalls!.changeUs).toBeGreaterThan(70);
  });

  test("one that is gone is named as gone", () => {
    const calls = Object.fromEntries(
      Object.entries(SERVICE.calls).filter(([text]) => text !== "server.js:60 serializer"),
    );
    const found = explained(SERVICE, { ...SERVICE, calls });
    expect(found.named).toHaveLength(1);
    expect(found.sentence).toContain("gone; 2 -> 0 calls a request");
  });
});

test("what the runtime calls more stands for itself only where nothing of the service does", () => {
  const buffers = { FastBuffer: 3, write: 2 };
  expect(explained(SERVICE, changed(buffers, {})).named.map(({ name }) => name)).toEqual(["FastBuffer"]);
  const found = explained(SERVICE, changed({ ...buffers, "server.js:9 isKnown": 1 }, {}));
  expect(found.named.map(({ name }) => name)).toEqual(["isKnown"]);
});

test("a part of the service whose calls nothing counts is named by its CPU alone", () => {
  const proxy = "proxy.go:9 main.relay";
  const withProxy = (program: Program, us: number): Program => ({
    ...program,
    cpuUs: { ...program.cpuUs, [proxy]: us },
  });
  const counted = profilesOf(SERVICE, SERVICE, { blocks: 2, samples: false });
  const sampled = profilesOf(withProxy(SERVICE, 100), withProxy(SERVICE, 200), { counts: false }).map(
    (profile) => ({ ...profile, block: profile.block + 2 }),
  );
  const found = explained(SERVICE, SERVICE, {}, { profiles: [...counted, ...sampled] });
  expect(found.named).toMatchObject([{ name: "main.relay", calls: null }]);
  expect(found.sentence).toMatch(/^`proxy\.go:9` `main\.relay`: \+\d/u);
});

test("an anonymous function is named by its place", () => {
  const callback = "server.js:44 ()";
  const found = explained(
    SERVICE,
    changed({ [callback]: 100 }, { [`${LOOP} > ${HANDLER} > ${callback}`]: 50 }),
  );
  expect(found.sentence).toContain("`server.js:44` an anonymous function: new; 0 -> 100 calls a request");
});

test("a timer that fires as it likes is not named, though its count differs a little", () => {
  const profiles = profilesOf(SERVICE, SERVICE).map((profile, index) => ({
    ...profile,
    functions: [...profile.functions, functionOf("server.js:7 onTimer")],
    calls: {
      ...profile.calls!,
      counts: [...profile.calls!.counts, 100 + ((index * 37) % 29) + (profile.arm === "head" ? 6 : 0)],
    },
  }));
  expect(explained(SERVICE, SERVICE, {}, { profiles }).named).toEqual([]);
});

test.each([
  ["of the service that two percent of the requests call", "server.js:70 sleep", [15, 18]],
  ["of the runtime that two percent of the requests call", "sleep", [15, 18]],
  ["that six in a thousand requests call", "server.js:70 sleep", [4, 7]],
])("a function %s, and base's never, is new though its count varies", (_, text, counts) => {
  const profiles = profilesOf(SERVICE, SERVICE, { blocks: 2 }).map((profile) =>
    profile.arm === "base"
      ? profile
      : {
          ...profile,
          functions: [...profile.functions, functionOf(text)],
          calls: { ...profile.calls!, counts: [...profile.calls!.counts, counts[profile.block - 1]!] },
        },
  );
  const found = explained(SERVICE, SERVICE, {}, { profiles });
  expect(found.named.map(({ name }) => name)).toEqual(["sleep"]);
});

test("of ten thousand functions with names of ten kilobytes the one is found, in a result of bounded size", () => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [
      `lib/part${i}.js:1 ${"x".repeat(i % 50 === 0 ? 10_000 : 9)}${i}`,
      1,
    ]),
  );
  const base: Program = {
    calls: { ...SERVICE.calls, ...many },
    cpuUs: {
      ...SERVICE.cpuUs,
      ...Object.fromEntries(Object.keys(many).map((name) => [`${LOOP} > ${name}`, 0.02])),
    },
  };
  const head = { ...base, calls: { ...base.calls, [HANDLER]: 3 } };
  const found = explained(base, head, { blocks: 3 });
  expect(firstRow(found)).toEqual(["server.js", "handler"]);
  expect(JSON.stringify(found).length).toBeLessThan(1_000_000);
  expect(schema.parse(found)).toEqual(found);
});
