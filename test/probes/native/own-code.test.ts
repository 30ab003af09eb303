import { expect, test } from "vitest";
import { readOwnCode } from "../../../src/probes/native/own-code.js";
import { folderOf } from "../instrumented-service.js";

test("modules and crates of a repository are read from its manifests, those that it only carries are not", async () => {
  const folder = folderOf({
    "go.mod": 'module "example.com/users"\n\ngo 1.22\n',
    "services/api/go.mod": "// API\nmodule example.com/api // import\n",
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
    "crates/web/Cargo.toml":
      '[package]\nname = "web-server"\n[lib]\nname = "web"\n[[bin]]\nname = "web-cli"\n',
    "crates/broken/Cargo.toml": "[package",
    "target/other/Cargo.toml": '[package]\nname = "other"\n',
    "vendor/dep/go.mod": "module example.com/dep\n",
  });
  const { goModules, rustCrates } = await readOwnCode(folder);
  expect(goModules).toEqual(["example.com/users", "example.com/api"]);
  expect([...rustCrates]).toEqual(["web_server", "web", "web_cli"]);
});

test("a folder without manifests, or that is not there, has none", async () => {
  expect((await readOwnCode(folderOf({ "main.c": "" }))).goModules).toEqual([]);
  expect((await readOwnCode("/nowhere")).rustCrates.size).toBe(0);
});
