import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGenerator } from "../../../src/load/generator/generator.js";
import { tabulate } from "../../../src/load/data/tabulate.js";
import type { LoadGenerator, RequestProfile } from "../../../src/load/phase.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { generatorEntry } from "../support/entry.js";
import { closedPhase, GET, openPhase, targetOf } from "../support/phases.js";
import { rawServer, responseOf } from "../support/raw-server.js";

let generator: LoadGenerator;

beforeAll(async () => {
  generator = await startGenerator({ processors: null, entry: generatorEntry() });
});

afterAll(() => generator.stop());

async function profileWith(csv: string, changes: Partial<RequestProfile>): Promise<Partial<RequestProfile>> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "users.csv"), csv);
  await tabulate(join(folder, "users.csv"), "users.csv", join(folder, "table"));
  return { data: "users.csv", tables: { "users.csv": join(folder, "table") }, ...changes };
}

const ROWS = Array.from({ length: 30 }, (_, id) => `${id},"na ""${id}"""`);

test("both arms are sent the same rows in the same order, and the seed decides which", async () => {
  const requests = [
    { ...GET, method: "POST", path: "/users/{id}", headers: { "X-Name": "{name}" }, body: '{"n":"{id}"}' },
  ];
  // Over several connections a server may read two requests in another order than they were sent.
  const profile = await profileWith(`id,name\n${ROWS.join("\n")}\n`, { requests, connections: 1 });
  const sent = new Map<string, string[]>();
  const serve = (arm: string) =>
    rawServer(({ socket, text }) => {
      sent.set(arm, [...(sent.get(arm) ?? []), text]);
      socket.write(responseOf("ok"));
    });
  const orderOf = async (arms: readonly string[], seed: number, first = 0): Promise<string[][]> => {
    sent.clear();
    await using one = await serve(arms[0]!);
    await using two = await serve(arms[1]!);
    await generator.run({
      ...openPhase(one.port, 40, 400, profile),
      numbering: { first, seed },
      targets: [targetOf(one.port, { arm: arms[0]! }), targetOf(two.port, { arm: arms[1]! })],
      turns: [[0, 1]],
    });
    await generator.disconnect();
    return arms.map((arm) => sent.get(arm)!.map((text) => /POST \/users\/(\d+) /.exec(text)![1]!));
  };
  const [base, head] = await orderOf(["base", "head"], 3);
  expect(head).toEqual(base);
  expect(new Set(base!.slice(0, 30)).size).toBe(30);
  expect(base!.slice(30)).toEqual(base!.slice(0, 10));
  expect(base).not.toEqual([...base!].sort((a, b) => Number(a) - Number(b)));
  for (const text of sent.get("base")!) {
    const [, id] = /POST \/users\/(\d+) /.exec(text)!;
    expect(text).toContain(`X-Name: na "${id!}"\r\n`);
    expect(text).toContain(`{"n":"${id!}"}`);
  }
  expect((await orderOf(["base", "head"], 3, 10))[0]!.slice(0, 20)).toEqual(base!.slice(10, 30));
  expect((await orderOf(["base", "head"], 4))[0]).not.toEqual(base);
});

test("{sequence} and {uuid} never repeat, and are the same for every arm", async () => {
  const bodies: string[] = [];
  await using server = await rawServer(({ socket, text }) => {
    bodies.push(text.slice(text.indexOf("\r\n\r\n") + 4));
    socket.write(responseOf("ok"));
  });
  const requests = [{ ...GET, method: "POST", body: "{sequence} {uuid}" }];
  const phase = { ...closedPhase(server.port, 50, { requests }), numbering: { first: 100, seed: 9 } };
  const target = targetOf(server.port);
  await generator.run({ ...phase, targets: [target, { ...target, arm: "other" }], turns: [[0, 1]] });
  await generator.disconnect();
  const unique = [...new Set(bodies)];
  expect([bodies.length, unique.length]).toEqual([100, 50]);
  expect(unique.map((body) => Number(body.split(" ")[0])).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, i) => 101 + i),
  );
  for (const body of unique) {
    expect(body.split(" ")[1]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

test("parts of a mix compete on the same connections, by their weights, in the same order for every arm", async () => {
  const paths: Record<string, string[]> = { a: [], b: [] };
  const serve = (arm: "a" | "b") =>
    rawServer(({ socket, text }) => {
      paths[arm]!.push(text.split(" ")[1]!);
      socket.write(responseOf("ok"));
    });
  await using a = await serve("a");
  await using b = await serve("b");
  const expectation = { status: [], contains: null, bytes: null };
  const mix = [
    { weight: 70, requests: [{ ...GET, path: "/list" }], expect: expectation },
    { weight: 30, requests: [{ ...GET, path: "/one" }], expect: expectation },
  ];
  await generator.run({
    ...openPhase(a.port, 400, 2000, { requests: [], mix, connections: 1 }),
    targets: [targetOf(a.port, { arm: "a" }), targetOf(b.port, { arm: "b" })],
    turns: [[0, 1]],
  });
  await generator.disconnect();
  expect(paths["b"]).toEqual(paths["a"]);
  const share = paths["a"]!.filter((path) => path === "/list").length / 400;
  expect(share).toBeGreaterThan(0.6);
  expect(share).toBeLessThan(0.8);
});
