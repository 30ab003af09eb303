import { expect, test } from "vitest";
import { placeOfFile } from "../../src/probes/place-function.js";

const FILES = new Set(["/repo/shop/views.py", "/repo/src/api/app.py", "/repo/express/index.js"]);

test.each([
  ["/repo/server.js", "repository", "server.js"],
  ["/repo/node_modules/pg/lib/client.js", "dependency", "pg/lib/client.js"],
  ["/repo/.venv/lib/python3.12/site-packages/starlette/routing.py", "dependency", "starlette/routing.py"],
  ["/repo/.venv/lib/python3.12/site-packages/shop/views.py", "repository", "shop/views.py"],
  ["/usr/lib/python3/dist-packages/api/app.py", "repository", "src/api/app.py"],
  ["/repo/node_modules/express/index.js", "dependency", "express/index.js"],
  ["/opt/tools/lib/run.js", "dependency", "tools/lib/run.js"],
])("%s is the %s's, as %s", (path, origin, file) => {
  expect(placeOfFile(path, "/repo", (one) => FILES.has(one))).toEqual({ origin, file });
});
