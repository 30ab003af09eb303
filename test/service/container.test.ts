import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { removeAll } from "../../src/service/container/container.js";
import { HELLO, launched, node, optionsOf } from "./made-up-services.js";

let engine = "";
let path: string | undefined;

/**
 * An engine in the shape of docker's command line: `run` serves in the foreground under a name, `ps` lists it by that
 * name, `inspect` tells its process, `rm` ends it. Containers are files that hold a pid. A container's command follows `img`.
 */
const DOCKER = `#!/bin/sh
cd "$(dirname "$0")"
case "$1" in
  run) trap 'rm -f container' TERM; echo $$ > container; echo "$@" > options
    while [ "$1" != img ]; do shift; done; shift; exec "$@" ;;
  ps) echo "$@" >> asked; [ -f container ] && echo 0123456789abcdef0123456789abcdef; exit 0 ;;
  inspect) case "$3" in *Image*) cat image ;; *) cat container ;; esac ;;
  rm) echo "$@" >> removed; kill -KILL "$(cat container)" 2>/dev/null; rm -f container ;;
esac
`;

beforeEach(() => {
  engine = mkdtempSync(join(tmpdir(), "tailgate-engine-"));
  writeFileSync(join(engine, "docker"), DOCKER);
  chmodSync(join(engine, "docker"), 0o755);
  path = process.env["PATH"];
  process.env["PATH"] = `${engine}${delimiter}${path ?? ""}`;
});

afterEach(() => {
  process.env["PATH"] = path;
  rmSync(engine, { recursive: true, force: true });
});

describe("a service in a container", () => {
  test("a container that the command names is read through its control group, or says why not", async () => {
    const burn = node(`
      require("http").createServer((q, r) => { const from = process.cpuUsage(); while (q.url === "/burn" && process.cpuUsage(from).user < 200e3); r.end(); })
        .listen(process.env.PORT, "127.0.0.1")`);
    const service = await launched(optionsOf(`exec docker run --name api-{port} img ${burn}`));
    // Here the container shares our own group, whose figures are real all the same.
    if (service.usageUnavailable !== null) {
      expect(service.usageUnavailable).toBe(
        `the control group of container api-${service.port} cannot be read from here`,
      );
      expect(await service.usage()).toEqual({ cpuNs: null, peakResidentBytes: null });
      return;
    }
    const before = (await service.usage()).cpuNs!;
    await fetch(`http://127.0.0.1:${service.port}/burn`);
    expect((await service.usage()).cpuNs! - before).toBeGreaterThan(190e6);
    expect((await service.usage()).peakResidentBytes).toBeGreaterThan(0);
  });

  test("a container that the command names is removed when the service is stopped", async () => {
    const service = await launched(optionsOf(`exec docker run --name api-{port} img ${HELLO}`));
    expect(readFileSync(join(engine, "options"), "utf8")).toContain(`--name api-${service.port} img`);
    expect(await service.stop()).toMatchObject({ left: [], portFree: true });
    expect(readFileSync(join(engine, "removed"), "utf8")).toBe(
      "rm --force --volumes 0123456789abcdef0123456789abcdef\n",
    );
    expect(existsSync(join(engine, "container"))).toBe(false);
  });

  test("a name with a dot finds no other container that a pattern would match", async () => {
    await removeAll({ tool: "docker", kind: "name", value: "shop.api" });
    expect(readFileSync(join(engine, "asked"), "utf8")).toContain("--filter name=^/?shop\\.api$\n");
  });

  test("a container's image is told with what it mounts; one that is not told is none", async () => {
    writeFileSync(
      join(engine, "image"),
      '"sha256:1a" [{"Type":"bind","Source":"/data","Destination":"/d"}]\n',
    );
    const service = await launched(optionsOf(`exec docker run --name api-{port} img ${HELLO}`));
    expect((await service.program()).images).toEqual([{ id: "sha256:1a", mounted: ["/data"] }]);
    writeFileSync(join(engine, "image"), "Error: no such object\n");
    expect((await service.program()).images).toBeNull();
    expect((await (await launched(optionsOf(HELLO))).program()).images).toEqual([]);
  });

  test("a container that the command does not name is given a name, and found by it", async () => {
    const options = optionsOf(`exec docker run --rm img ${HELLO}`);
    const noted: unknown[] = [];
    const service = await launched({ ...options, onContainers: (containers) => noted.push(containers) });
    expect(readFileSync(join(engine, "options"), "utf8")).toMatch(/--name tailgate-\S+ --rm img/);
    expect(noted).toEqual([{ tool: "docker", kind: "run", value: options.runId }]);
    expect(await service.health()).toEqual({ alive: true, ownsPort: true, reason: null });
  });

  describe.skipIf(availableParallelism() < 2)(
    "a container that its engine does not keep to its processors",
    () => {
      const OPEN = DOCKER.replace('shift; exec "$@"', 'shift; exec taskset --cpu-list 0,1 "$@"');
      const allowed = (): string =>
        /^Cpus_allowed_list:\s*(\S+)$/m.exec(
          readFileSync(`/proc/${readFileSync(join(engine, "container"), "utf8").trim()}/status`, "utf8"),
        )![1]!;

      test("is moved there process by process", async () => {
        writeFileSync(join(engine, "docker"), OPEN);
        const options = { ...optionsOf(`exec docker run --name api-{port} img ${HELLO}`), processors: "0" };
        expect((await launched(options)).processors).toBe("0");
        expect(allowed()).toBe("0");
      });

      test("is not said to be there where its processes may not be moved", async () => {
        writeFileSync(join(engine, "docker"), OPEN);
        const real = execFileSync("which", ["taskset"], { encoding: "utf8" }).trim();
        const refusing = `#!/bin/sh\ncase "$*" in *--pid*) exit 1;; esac\nexec ${real} "$@"\n`;
        writeFileSync(join(engine, "taskset"), refusing, { mode: 0o755 });
        const options = { ...optionsOf(`exec docker run --name api-{port} img ${HELLO}`), processors: "0" };
        expect((await launched(options)).processors).toBeNull();
        expect(allowed()).toBe("0-1");
      });
    },
  );

  test("a container that its engine does not know has no figures, and says why", async () => {
    writeFileSync(join(engine, "docker"), DOCKER.replace("ps)", "ps) exit 1;;\n  nothing)"));
    const service = await launched(optionsOf(`exec docker run --name api-{port} img ${HELLO}`));
    expect(service.usageUnavailable).toBe(`docker does not know a running container api-${service.port}`);
  });

  test.each([
    [{ kind: "name", value: "api" }, false],
    [{ kind: "project", value: "shop" }, false],
    [{ kind: "project", value: "tailgate-r1-1" }, true],
    [{ kind: "run", value: "r1" }, true],
  ] as const)("of %j, networks, volumes and images are removed: %j", async (named, removed) => {
    writeFileSync(
      join(engine, "docker"),
      '#!/bin/sh\ncd "$(dirname "$0")"\necho "$1 $2" >> asked\n[ "$2" = ls ] && echo data; exit 0\n',
    );
    await removeAll({ tool: "docker", ...named });
    const asked = readFileSync(join(engine, "asked"), "utf8");
    for (const what of ["network", "volume", "image"]) expect(asked.includes(`${what} rm`)).toBe(removed);
  });
});
