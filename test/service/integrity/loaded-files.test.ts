import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

import { loadedFiles } from "../../../src/service/integrity/loaded-files.js";
import { traceRuntime } from "../../../src/service/integrity/runtime-trace.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

/** A process that has said "up". */
async function running(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...environment } });
  children.push(child);
  let errors = "";
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Error(`it ended: ${errors}`))),
  ]);
  return child.pid!;
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(temporaryFolder());
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe("the kernel tells of a process", () => {
  test("its executable, its script, and what it holds open for reading; not what it writes", async () => {
    const folder = folderWith({
      "server.js": `const fs = require("node:fs");
        fs.openSync("read.dat", "r"); fs.openSync("written.log", "a"); fs.openSync("both.db", "r+");
        console.log("up"); setInterval(() => {}, 1000);`,
      "read.dat": "r",
      "both.db": "b",
    });
    const pid = await running(process.execPath, ["server.js"], folder);
    const loaded = loadedFiles([pid]);
    expect(loaded.has(realpathSync(process.execPath))).toBe(true);
    expect([...loaded.keys()].filter((path) => path.startsWith(folder)).sort()).toEqual([
      join(folder, "read.dat"),
      join(folder, "server.js"),
    ]);
  });

  test("nothing, once it has ended", () => {
    expect(loadedFiles([2 ** 22 + 1]).size).toBe(0);
  });
});

describe("a runtime tells the files that it loads:", () => {
  const EVERY: [string, string, string[], Record<string, string>, string[]][] = [
    [
      "Node, CommonJS",
      process.execPath,
      ["server.js"],
      {
        "server.js": `require("./lib/part.js"); console.log("up"); setInterval(() => {}, 1000);`,
        "lib/part.js": "",
      },
      ["lib/part.js", "server.js"],
    ],
    [
      "Python",
      "python3",
      ["server.py"],
      {
        "server.py": `import shop.part, time\nprint("up", flush=True)\ntime.sleep(60)\n`,
        "shop/__init__.py": "",
        "shop/part.py": "VALUE = 1\n",
      },
      ["shop/__init__.py", "shop/part.py"],
    ],
  ];

  test.each(EVERY)("%s", async (_, command, args, files, wanted) => {
    const folder = folderWith(files);
    const trace = traceRuntime(temporaryFolder(), {});
    await running(command, args, folder, trace.variables);
    const told = trace.told().map((path) => path.replace(`${folder}/`, ""));
    expect(told).toEqual(expect.arrayContaining(wanted));
  });

  test("a service's own NODE_OPTIONS, PYTHONPATH and sitecustomize stay in force", async () => {
    const folder = folderWith({
      "own.cjs": "globalThis.own = true;",
      "server.js": `if (!globalThis.own) throw new Error("not there"); console.log("up"); setInterval(() => {}, 1000);`,
      "path/sitecustomize.py": "import builtins\nbuiltins.OWN = True\n",
      "server.py": `print("up" if OWN else "", flush=True)\nimport time\ntime.sleep(60)\n`,
    });
    const node = traceRuntime(temporaryFolder(), { NODE_OPTIONS: `--require ${join(folder, "own.cjs")}` });
    await running(process.execPath, ["server.js"], folder, node.variables);
    expect(node.told()).toContain(join(folder, "server.js"));
    const python = traceRuntime(temporaryFolder(), { PYTHONPATH: join(folder, "path") });
    await running("python3", ["server.py"], folder, python.variables);
    expect(python.told().length).toBeGreaterThan(0);
  });
});
