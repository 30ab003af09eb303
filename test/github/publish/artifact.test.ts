import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { artifactName, uploadArtifact } from "../../../src/github/publish/artifact.js";
import { readZipEntry } from "../../../src/github/untrusted/zip.js";
import { startArtifactStore, type ArtifactStore } from "../parts/artifact-store.js";

let store: ArtifactStore;
let folder: string;

beforeAll(async () => {
  store = await startArtifactStore();
  folder = await mkdtemp(join(tmpdir(), "tailgate-artifact-"));
  await mkdir(join(folder, "logs"));
  await writeFile(join(folder, "result.json"), `{"n":"${"x".repeat(100_000)}"}`);
  await writeFile(join(folder, "logs", "head.log"), "listening\n");
  for (const [name, value] of Object.entries(store.environment)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  for (const [name, value] of Object.entries(store.environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await store.stop();
  await rm(folder, { recursive: true });
});

const files = (): string[] => [join(folder, "result.json"), join(folder, "logs", "head.log")];

describe("upload", () => {
  test("uploaded files arrive under the suite's name with their paths, and our reader takes them out again", async () => {
    const uploaded = await uploadArtifact(artifactName("api"), { root: folder, files: files() });
    expect(uploaded).toMatchObject({ name: "tailgate-api" });
    const [stored] = store.artifacts;
    expect(stored).toMatchObject({ id: uploaded.id, name: "tailgate-api", bytes: uploaded.bytes });
    const archive = await store.content(uploaded.id);
    expect(Object.keys(unzipSync(archive)).sort()).toEqual(["logs/head.log", "result.json"]);
    expect(readZipEntry(archive, "logs/head.log", 1000).toString()).toBe("listening\n");
    expect(readZipEntry(archive, "result.json", 200_000).length).toBe(100_008);
  });

  test("a second artifact of the same name is refused in words", async () => {
    await uploadArtifact("twice", { root: folder, files: files() });
    await expect(uploadArtifact("twice", { root: folder, files: files() })).rejects.toMatchObject({
      code: "artifact",
      message: expect.stringContaining("already exists") as string,
    });
  });

  test("an upload on GitHub Enterprise Server, which has no artifact service, is refused with a hint to the outputs", async () => {
    vi.stubEnv("GITHUB_SERVER_URL", "https://github.example.com");
    await expect(uploadArtifact("ghes", { root: folder, files: files() })).rejects.toMatchObject({
      code: "artifact",
      hint: expect.stringContaining("result-json") as string,
    });
  });

  test("an upload without the runner's token is refused in words", async () => {
    vi.stubEnv("ACTIONS_RUNTIME_TOKEN", "");
    await expect(uploadArtifact("none", { root: folder, files: files() })).rejects.toMatchObject({
      code: "artifact",
    });
  });
});

describe("names", () => {
  test.each([
    ["default", "tailgate"],
    ["", "tailgate"],
    ["api", "tailgate-api"],
    ["a/b", "tailgate-a%2fb"],
    ["a:b", "tailgate-a%3ab"],
    ["käse", "tailgate-k%e4se"],
    ['"<>|*?\r\n\\', "tailgate-%22%3c%3e%7c%2a%3f%d%a%5c"],
  ])("the artifact of key %j is called %j", (key, name) => {
    expect(artifactName(key)).toBe(name);
  });
});
