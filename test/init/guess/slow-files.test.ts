import { expect, test } from "vitest";
import { propose } from "../../../src/init/guess/propose.js";

test("files that are made to be slow to search are searched in time", () => {
  const files = {
    "package.json": "{}",
    "requirements.txt": "flask\n",
    "go.mod": "",
    "a.js": ".route({".repeat(30_000),
    "b.js": '.route({ method: "GET" '.repeat(11_000),
    "c.js": "app.listen({ ".repeat(19_000),
    "d.py": '@app.get("/'.repeat(20_000),
    "e.py": "x = APIRouter(".repeat(18_000),
    "f.py": '@app.route("/a" methods=['.repeat(9000),
    "g.go": '.Run("'.repeat(40_000),
    "h.js": "x.use(a,".repeat(30_000),
    "i.js": "import {".repeat(30_000),
    "j.py": "from a import (".repeat(17_000),
    "k.py": "x.include_router(a".repeat(14_000),
    "l.go": '.Route("/a", func('.repeat(14_000),
    "m.js": 'app.use("/a", b)\n'.repeat(15_000),
    "n.go": 'x := r.Group("/a")\nx.GET("/b", c)\n'.repeat(7_000),
    "o.go": '.Route("/a", func(r) {\nr.Get("/b", c)\n'.repeat(5_500),
    Procfile: "web: node c.js\n",
    Dockerfile: "FROM a\n".repeat(30_000),
  };
  // An hour, if the time grew with the square of the size; seconds even on a machine that does other things.
  const snapshot = { paths: Object.keys(files), texts: new Map(Object.entries(files)), above: new Map() };
  const given = { build: null, start: null, path: null };
  expect(propose(snapshot, given).start?.value).toBe("node c.js");
}, 30_000);
