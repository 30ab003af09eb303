import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { initCommand } from "../../../src/commands/init/init.js";
import { makeRepository, type Repository } from "../../e2e/parts/repository.js";
import { REPOSITORIES, type Files } from "../../init/repositories.js";

let repository: Repository;
let said: string;
beforeEach(() => {
  repository = makeRepository();
  said = "";
});
afterEach(() => {
  repository.remove();
});

function put(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(repository.folder, folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/** `answer`: a person's to the first question; `null`: nobody is asked. */
function init(answer: string | null): Promise<number> {
  const answers = answer === null ? [] : [answer];
  return initCommand(
    { action: "OWNER/tailgate@v1", forks: false, release: false, yes: answer === null },
    repository.folder,
    {
      stderr: { write: (text: string) => (said += text) },
      ask: answer === null ? null : () => Promise.resolve(answers.shift() ?? ""),
      environment: {},
    },
  );
}

const ROOT: Files = {
  "package.json": JSON.stringify({ private: true, scripts: { start: "turbo run start" } }),
};

test("a folder without a service leads to the only one below it, and says so", async () => {
  put("", ROOT);
  put("backend", REPOSITORIES.FASTAPI_UV);
  put("web", { "package.json": JSON.stringify({ scripts: { start: "vite" }, dependencies: { vue: "3" } }) });
  expect(await init(null)).toBe(0);
  expect(said).toContain("This folder starts no service of its own; looking at backend.");
  expect(readFileSync(join(repository.folder, "backend/tailgate.yml"), "utf8")).toContain("uvicorn");
  const workflow = readFileSync(join(repository.folder, ".github/workflows/tailgate-backend.yml"), "utf8");
  expect(workflow).toContain("working-directory: backend");
});

test("several services below are listed, with how to look at one, and nothing is written", async () => {
  put("", ROOT);
  put("services/api", REPOSITORIES.GO);
  put("services/users", REPOSITORIES.AXUM);
  await expect(init(null)).rejects.toThrow(
    expect.objectContaining({
      message: expect.stringContaining("services/api, services/users") as string,
      hint: expect.stringContaining('cd "services/api" && tailgate init') as string,
    }) as Error,
  );
  expect(existsSync(join(repository.folder, ".github"))).toBe(false);
});

test("of several services below a person chooses one", async () => {
  put("", ROOT);
  put("services/api", REPOSITORIES.GO);
  put("services/users", REPOSITORIES.AXUM);
  expect(await init("./services/users/")).toBe(0);
  expect(readFileSync(join(repository.folder, "services/users/tailgate.yml"), "utf8")).toContain("users-api");
});
