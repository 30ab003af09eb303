import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { prepared, SERVER } from "./prepared-arms.js";

test("the control shares base's checkout, and head has one of its own", async () => {
  const { arms, refusal } = await prepared({});
  const [base, control, head] = arms.map(({ folder }) => folder);
  expect(control).toBe(base);
  expect(head).not.toBe(base);
  expect(refusal).toBeNull();
});

test("where base does not build, neither does its control, and head is prepared all the same", async () => {
  const { arms, failures } = await prepared({ base: { build: "exit 3" } });
  expect(failures.map(({ arm }) => arm)).toEqual(["base"]);
  expect(failures[0]!.error.message).toContain("base: build exited with code 3");
  expect(arms.map(({ plan }) => plan.name)).toEqual(["head"]);
});

test("where there is no container engine, nothing is built for a service in a container", async () => {
  const log = join(temporaryFolder(), "log");
  const service = { container: { dockerfile: ".", network: "host" }, build: "echo built > $LOG" } as const;
  const { failures } = await prepared(
    { base: service, head: service },
    { environment: { LOG: log, PATH: "/nowhere" } },
  );
  expect(failures.map(({ error }) => error.message)).toEqual(
    Array(2).fill("The service runs in a container, and neither docker nor podman is installed here."),
  );
  expect(existsSync(log)).toBe(false);
});

test("what is set up once runs in base before any setup, with the variables of its env file", async () => {
  const service = {
    envFile: "test.env",
    setupOnce: "echo once $KIND >> $LOG",
    setup: "echo {arm} $KIND >> $LOG",
  };
  const log = join(temporaryFolder(), "log");
  const { failures } = await prepared(
    { base: service, head: service },
    { files: { "test.env": "KIND='of the file' # not the job's\n" }, environment: { LOG: log } },
  );
  expect(failures).toEqual([]);
  expect(readFileSync(log, "utf8")).toBe("once of the file\nbase of the file\nhead of the file\n");
});

test("where what is set up once fails, nothing is measured and its output is kept", async () => {
  const setupOnce = "echo no database; exit 4";
  const { refusal, arms } = await prepared({ base: { setupOnce }, head: { setupOnce } });
  expect(refusal?.message).toMatch(/^base: setup-once exited with code 4[\s\S]*no database/);
  expect(arms).toEqual([]);
});

test("a base that builds and does not serve has failed before head is built", async () => {
  const { failures, arms } = await prepared({}, { start: "grep -q head file && exit 7; exit 3" });
  expect(failures.map(({ arm }) => arm)).toEqual(["base"]);
  expect(failures[0]!.error.message).toContain("exited with code 3");
  expect(arms.map(({ plan }) => plan.name)).toEqual(["head"]);
});

test("builds that install hooks and set configuration leave the user's repository as it is", async () => {
  const hook = `git config core.hooksPath .husky/_ && mkdir -p "$(git rev-parse --git-common-dir)/hooks" && echo exit > "$(git rev-parse --git-common-dir)/hooks/pre-commit"`;
  const { failures } = await prepared({ base: { build: hook }, head: { build: hook } });
  expect(failures).toEqual([]);
});

describe("base is no longer the program that served first when head's build", () => {
  // $BASE is what an attacker would find out: the folder beside head's own.
  const base = "../base";
  test.each<[string, string, string]>([
    ["writes into a tracked file of base", `echo x > ${base}/file`, "file"],
    ["writes into a file that base's build made", `echo x > ${base}/built`, "built"],
    ["deletes a file of base", `rm ${base}/built`, "built"],
    [
      "writes a file of base and puts it back",
      `cp -p ${base}/built k && echo x > ${base}/built && cp -p k ${base}/built`,
      "built",
    ],
    ["adds a file to base", `echo x > ${base}/sitecustomize.py`, "sitecustomize.py"],
  ])("%s", async (_, build, path) => {
    const { refusal } = await prepared({ base: { build: "echo built > built" }, head: { build } });
    expect(refusal).toMatchObject({
      code: "revision",
      message: expect.stringMatching(
        new RegExp(
          `^base is no longer the program that served first: "${path}" .* while head was built and set up$`,
        ),
      ) as unknown,
      hint: expect.stringContaining("{arm}") as unknown,
    });
  });

  test("overwrites the program that base loaded from outside of its checkout", async () => {
    const target = temporaryFolder();
    const build = `mkdir -p ${target} && cp server.js ${target}/app.js && echo "// $(cat file)" >> ${target}/app.js`;
    const { refusal } = await prepared(
      { base: { build }, head: { build } },
      { start: `node ${target}/app.js`, files: { "server.js": SERVER } },
    );
    expect(refusal?.message).toContain(`${target}/app.js`);
    expect(refusal?.message).toContain("loaded from outside");
  });

  test("installs a package over the one that base imported", async () => {
    const site = temporaryFolder();
    const build = `mkdir -p ${site}/shoplib && cp file ${site}/shoplib/version && echo "VERSION = '$(cat file)'" > ${site}/shoplib/__init__.py`;
    const { refusal } = await prepared(
      { base: { build }, head: { build } },
      {
        start: "python3 server.py",
        files: { "server.py": PYTHON_SERVER },
        environment: { PYTHONPATH: site },
      },
    );
    expect(refusal?.message).toContain("shoplib/__init__.py");
  });
});

test("outputs that the job's environment would have the arms share are kept apart", async () => {
  const target = temporaryFolder();
  const build = `mkdir -p "$CARGO_TARGET_DIR" && cp server.js "$CARGO_TARGET_DIR/app.js"`;
  const { refusal, failures } = await prepared(
    { base: { build }, head: { build } },
    {
      start: `node "$CARGO_TARGET_DIR/app.js"`,
      files: { "server.js": SERVER },
      environment: { CARGO_TARGET_DIR: target },
    },
  );
  expect({ refusal, failures }).toEqual({ refusal: null, failures: [] });
  for (const arm of ["base", "head"]) {
    expect(readFileSync(join(target, `tailgate-${arm}`, "app.js"), "utf8")).toBe(SERVER);
  }
});

test("{arm} in a command is the arm's name", async () => {
  const folder = temporaryFolder();
  await prepared({ base: { build: `echo > ${folder}/{arm}` }, head: { setup: `echo > ${folder}/{arm}` } });
  expect(execFileSync("ls", [folder], { encoding: "utf8" })).toBe("base\nhead\n");
});

const PYTHON_SERVER = `import os, shoplib
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(shoplib.VERSION.encode())
    def log_message(self, *arguments):
        pass
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;
