import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { loadCommand, type LoadCommandOptions } from "../../../src/commands/load/load.js";
import { generatorEntry } from "../../load/support/entry.js";
import { rawServer, responseOf } from "../../load/support/raw-server.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

let entry: string;

beforeAll(() => {
  entry = generatorEntry();
});

function dataFile(content: string): string {
  const path = join(temporaryFolder(), "users.csv");
  writeFileSync(path, content);
  return path;
}

async function load(path: string, options: Omit<LoadCommandOptions, "url">) {
  const asked: string[] = [];
  await using server = await rawServer(({ socket, text }) => {
    const [, target] = text.split(" ");
    asked.push(`${target!} ${text.slice(text.indexOf("\r\n\r\n") + 4)}`);
    socket.write(
      target === "/old"
        ? "HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"
        : responseOf("ok"),
    );
  });
  let stdout = "";
  const streams = { stdout: { write: (text: string) => (stdout += text) }, stderr: { write: () => true } };
  const url = `http://127.0.0.1:${server.port}${path}`;
  const code = await loadCommand({ url, json: true, ...options }, streams, { processors: null, entry });
  return { code, asked, json: JSON.parse(stdout) as { warnings: { code: string; message: string }[] } };
}

test("--data fills in path and body, row after row, and says where rows repeat", async () => {
  const data = dataFile("id,name\n1,Ada\n2,Bob\n3,Eve\n");
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { code, asked, json } = await load("/users/{id}", {
    data,
    method: "POST",
    body: "{name} {sequence}",
    requests: "30",
    connections: "1",
  });
  expect(code).toBe(0);
  expect(new Set(asked.map((line) => line.split(" ").slice(0, 2).join(" ")))).toEqual(
    new Set(["/users/1 Ada", "/users/2 Bob", "/users/3 Eve"]),
  );
  // 10 requests of warm-up come before the 30 that count.
  expect(asked.map((line) => Number(line.split(" ")[2]))).toEqual(
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  expect(json.warnings).toContainEqual({
    code: "rows-repeat",
    message: expect.stringContaining("has 3 rows for 30 requests") as string,
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("a column that the data do not have is refused before anything is sent", async () => {
  await expect(load("/users/{nme}", { data: dataFile("id,name\n1,Ada\n") })).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("did you mean `name`?") as string,
  });
});

test("--redirects follows them", async () => {
  const options = { requests: "5", connections: "1" };
  expect((await load("/old", { ...options, redirects: "1" })).code).toBe(0);
  expect((await load("/old", options)).code).toBe(1);
});
