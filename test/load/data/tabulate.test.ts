import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tabulate } from "../../../src/load/data/tabulate.js";
import { TableRows } from "../../../src/load/data/table-rows.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

async function tableOf(content: string | Buffer, name = "users.csv") {
  const folder = temporaryFolder();
  const [source, to] = [join(folder, name), join(folder, "table")];
  writeFileSync(source, content);
  const table = await tabulate(source, name, to);
  const lines = readFileSync(to, "utf8").trimEnd().split("\n");
  return { ...table, to, values: lines.slice(1).map((line) => JSON.parse(line) as string[]) };
}

describe("a CSV file", () => {
  test("may have quotes, line ends in quotes, a byte order mark and the line ends of Windows", async () => {
    const { columns, rows, values } = await tableOf(
      '\uFEFFid, name\r\n1,"a ""b"", c"\r\n\r\n2,"x\r\ny"\r\n3,',
    );
    expect(columns).toEqual(["id", "name"]);
    expect([rows, values]).toEqual([
      3,
      [
        ["1", 'a "b", c'],
        ["2", "x\r\ny"],
        ["3", ""],
      ],
    ]);
  });

  test("with tabs is read by its ending", async () => {
    expect((await tableOf("a\tb\n1,5\t2\n", "x.TSV")).values).toEqual([["1,5", "2"]]);
  });

  test.each([
    ["nothing", "", "it is empty"],
    ["only blank lines", "\n\n", "it has no rows"],
    ["only its columns", "a,b\n", "it has no rows"],
    [
      "a row that is too short",
      "a,b\n1,2\n3\n",
      "it has a row of 1 values that does not fit its columns (line 3)",
    ],
    [
      "a row that is too long",
      "a,b\n1,2,3\n",
      "it has a row of 3 values that does not fit its columns (line 2)",
    ],
    ["a quote that is not closed", 'a,b\n1,"2\n3,4\n', "it has a quote that is not closed"],
    ["a column without a name", "a,,b\n1,2,3\n", "it has a column without a name (names of the columns)"],
    ["two columns of one name", "a,b,a\n1,2,3\n", "it has two columns called `a` (names of the columns)"],
    ["Latin-1", Buffer.from("a\nM\xfcller\n", "latin1"), "it has bytes that are no UTF-8 (row 1)"],
  ])("with %s is refused", async (_, content, why) => {
    await expect(tableOf(content)).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(`\`users.csv\` cannot be used: ${why}`) as string,
    });
  });
});

describe("an NDJSON file", () => {
  const read = (content: string) => tableOf(content, "users.ndjson");

  test("keeps the digits of its numbers, and sends a nested value as JSON", async () => {
    const { columns, values } = await read(
      '\uFEFF{"id":12345678901234567890,"price":3.10,"tags":["a",1.0],"on":true,"none":null}\r\n' +
        '{"price":1,"id":"x","tags":{},"on":false,"none":""}\n\n',
    );
    expect(columns).toEqual(["id", "price", "tags", "on", "none"]);
    expect(values).toEqual([
      ["12345678901234567890", "3.10", '["a",1.0]', "true", ""],
      ["x", "1", "{}", "false", ""],
    ]);
  });

  test.each([
    ["a line that is no JSON", '{"a":1}\n{"a":', "it has something that is no JSON (line 2)"],
    ["a list", "[1]\n", "it has a value that is no object (line 1)"],
    ["a row without a key", '{"a":1,"b":2}\n{"a":1}\n', "it has a row without `b` (line 2)"],
    [
      "a row with another key",
      '{"a":1}\n{"a":1,"b":2}\n',
      "it has a key `b` that the first row does not have (line 2)",
    ],
  ])("with %s is refused", async (_, content, why) => {
    await expect(read(content)).rejects.toMatchObject({ message: expect.stringContaining(why) as string });
  });
});

test("a file of another kind is refused with the kinds that are read", async () => {
  await expect(tableOf("a\n1\n", "users.xlsx")).rejects.toMatchObject({
    hint: "Its name ends with one of: csv, tsv, ndjson, jsonl.",
  });
});

test("rows come in an order that only the seed decides, and after the last comes the first", async () => {
  const { to } = await tableOf(`id\n${Array.from({ length: 5000 }, (_, id) => id).join("\n")}\n`);
  const idsOf = (seed: number, from: number, count: number): string[] => {
    const rows = new TableRows(to, seed);
    return Array.from({ length: count }, (_, i) => rows.at(from + i)[0]!);
  };
  const all = idsOf(1, 0, 5000);
  expect(new Set(all).size).toBe(5000);
  expect(idsOf(1, 5000, 3)).toEqual(all.slice(0, 3));
  expect(idsOf(2, 0, 5000)).not.toEqual(all);
});

test("a table that is too large for memory gives the same rows as they are needed", async () => {
  const long = "x".repeat(2000);
  const { to } = await tableOf(
    `id,text\n${Array.from({ length: 6000 }, (_, id) => `${id},${long}`).join("\n")}\n`,
  );
  const rows = new TableRows(to, 1);
  const ids = new Set<string>();
  for (let number = 0; number < 6000; number++) {
    const [id, text] = rows.at(number);
    if (text === long) ids.add(id!);
  }
  expect(ids.size).toBe(6000);
});

test("a file of a gigabyte is refused at once, with how much is enough", async () => {
  const folder = temporaryFolder();
  const source = join(folder, "users.csv");
  writeFileSync(source, "id\n1\n");
  truncateSync(source, 2 ** 30);
  await expect(tabulate(source, "users.csv", join(folder, "table"))).rejects.toMatchObject({
    message: "`users.csv` has 1073741824 bytes, and at most 268435456 are read.",
  });
});
