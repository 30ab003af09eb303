import { expect, test } from "vitest";
import { placeOfFile } from "../../src/probes/place-function.js";

const FILES = new Set(["/work/shop/views.py", "/work/src/api/app.py", "/work/express/index.js"]);

test.each([
  ["/work/server.js", "repository", "server.js"],
  ["/work/node_modules/pg/lib/client.js", "dependency", "pg/lib/client.js"],
  ["/work/.venv/lib/python3.12/site-packages/starlette/routing.py", "dependency", "starlette/routing.py"],
  ["/work/.venv/lib/python3.12/site-packages/shop/views.py", "repository", "shop/views.py"],
  ["/usr/lib/python3/dist-packages/api/app.py", "repository", "src/api/app.py"],
  ["/work/node_modules/express/index.js", "dependency", "express/index.js"],
  ["/opt/tools/lib/run.js", "dependency", "tools/lib/run.js"],
])("%s is the %s's, as %s", (path, origin, file) => {
  expect(placeOfFile(path, "/work", (one) => FILES.has(one))).toEqual({ origin, file });
});
