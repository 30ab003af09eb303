import { expect, test } from "vitest";
import { readSourceFiles } from "../../../src/probes/java/source-files.js";
import { folderOf } from "../instrumented-service.js";

test("a class is found in the source that its compiler made it of, and others' are not", async () => {
  const { fileOf } = await readSourceFiles(
    folderOf({
      "src/main/java/com/example/Server.java": "",
      "admin/src/com/example/admin/Server.java": "",
      "src/main/kotlin/com/example/Routes.kt": "",
      "build/generated/com/example/Made.java": "",
    }),
  );
  expect(fileOf("com/example/Server$Handler$1")).toBe("src/main/java/com/example/Server.java");
  expect(fileOf("com/example/admin/Server")).toBe("admin/src/com/example/admin/Server.java");
  expect(fileOf("com/example/RoutesKt")).toBe("src/main/kotlin/com/example/Routes.kt");
  expect(fileOf("com/example/Made")).toBeNull();
  expect(fileOf("org/other/Server")).toBeNull();
});
