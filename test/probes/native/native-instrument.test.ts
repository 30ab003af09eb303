import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nativeInstrument } from "../../../src/probes/native/native-instrument.js";
import type { PerfRefusal } from "../../../src/probes/native/perf-recording.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { cpuOf, folderOf, lookInto } from "../instrumented-service.js";

/** Answers one request after the other; `other` is put into `work`, and `work` into nothing. */
const SERVER = `#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline __attribute__((always_inline)) unsigned other(unsigned sum) {
  for (unsigned i = 0; i < 300000; i++) sum = sum * 31 + i;
  return sum;
}
__attribute__((noinline)) unsigned work(unsigned sum) {
  for (unsigned i = 0; i < 900000; i++) sum = (sum ^ i) * 16777619;
  return other(sum);
}
int main(void) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  bind(listening, (struct sockaddr *)&at, size);
  listen(listening, 16);
  getsockname(listening, (struct sockaddr *)&at, &size);
  printf("port %d\\n", ntohs(at.sin_port));
  fflush(stdout);
  for (unsigned sum = 1;;) {
    char text[4096];
    int one = accept(listening, 0, 0);
    read(one, text, sizeof text);
    sum = work(sum);
    int length = sprintf(text, "HTTP/1.1 200 OK\\r\\nconnection: close\\r\\ncontent-length: 1\\r\\n\\r\\n%d", sum & 1);
    write(one, text, length);
    close(one);
  }
}
`;

/** What is missing here; `null`: nothing is. */
function missing(): string | null {
  try {
    execFileSync("gcc", ["--version"], { stdio: "ignore" });
    execFileSync("perf", ["record", "--event=cpu-clock", "--output=/dev/null", "true"], { stdio: "ignore" });
    execFileSync("addr2line", ["--version"], { stdio: "ignore" });
    return null;
  } catch (error) {
    return String(error).split("\n", 1)[0]!;
  }
}

const because = missing();
if (because !== null) console.warn(`perf on a program in C is not tested here: ${because}`);

test.skipIf(because !== null)(
  "CPU of a program in C is found in its functions, those that the compiler put into others among them",
  async () => {
    const folder = folderOf({ "src/server.c": SERVER });
    execFileSync("gcc", ["-O2", "-g", "-o", "server", join(folder, "src/server.c")], { cwd: folder });
    const { readings, words } = await lookInto(nativeInstrument(), ["./server"], {
      folder,
      looking: "cpu",
      requests: 60,
    });
    expect(words).toBe("`server`, native code: CPU sampled every 250 us by perf");
    const all = cpuOf(readings, { origin: "repository" });
    expect(all).toBeGreaterThan(0.8 * cpuOf(readings, {}));
    const work = cpuOf(readings, { name: "work", file: "src/server.c", line: 10 });
    const other = cpuOf(readings, { name: "other", file: "src/server.c", line: null });
    expect(work + other).toBeGreaterThan(0.95 * all);
    // Three to one is the truth.
    expect(work / other).toBeGreaterThan(1.5);
    expect(work / other).toBeLessThan(6);
    const [{ functions, stacks }] = readings as [(typeof readings)[number]];
    const deepest = stacks!.reduce((one, next) => (next.cpuUs > one.cpuUs ? next : one));
    expect(deepest.frames.map((frame) => functions[frame]!.name)).toEqual(
      expect.arrayContaining(["main", "work"]),
    );
  },
);

test.each<[PerfRefusal, RegExp]>([
  [{ kind: "missing" }, /perf, which is not installed: (sudo apt-get install|install the package)/],
  [{ kind: "forbidden" }, /perf_event_paranoid is -?\d+\): sudo sysctl kernel\.perf_event_paranoid=1$/],
  [
    { kind: "failed", why: "WARNING: perf not found for kernel 6.8.0-1" },
    /perf failed: .*: (sudo apt-get install|install the package)/,
  ],
  [{ kind: "failed", why: "it did not begin" }, /perf failed: it did not begin$/],
])("where perf answers %j, a sentence says what would make it work", async (refusal, said) => {
  const instrument = nativeInstrument(() => Promise.resolve(refusal));
  const prepared = await instrument.prepare({
    looking: "cpu",
    environment: {},
    checkout: "/code",
    folder: temporaryFolder(),
  });
  const child = spawn("sleep", ["60"]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  // Node.js beside it is left to its own instrument.
  const attached = await prepared.attach([process.pid, child.pid!]);
  expect(attached).toMatchObject({ probe: null, processes: [child.pid] });
  expect(attached!.words).toMatch(said);
});
