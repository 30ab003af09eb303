import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadCommand } from "../../../src/commands/load/load.js";
import { checkValidity } from "../../../src/load/samples/validity-checks.js";
import { startGenerator } from "../../../src/load/generator/generator.js";
import { summarizeSamples } from "../../../src/load/samples/summarize-samples.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { generatorEntry } from "../support/entry.js";
import { http2Server } from "../support/http2-server.js";
import { closedPhase, openPhase } from "../support/phases.js";
import { responseOf, rawServer } from "../support/raw-server.js";

/*
 * A generator that does not get the processor, or not enough of it, reads responses late as well as it sends late: what
 * it then measures is partly itself. It has to say so, with real processes and a service that responds at once.
 */

const serverOf = {
  http1: () => rawServer(({ socket }) => socket.write(responseOf("ok"))),
  http2: () =>
    http2Server((stream) => {
      stream.respond({ ":status": 200 });
      stream.end("ok");
    }),
};

/** Stops the process and lets it go on in turns, until what it returns is called. */
function stopInTurns(pid: number): () => void {
  let stopped = false;
  const turn = (): void => {
    process.kill(pid, stopped ? "SIGCONT" : "SIGSTOP");
    stopped = !stopped;
  };
  const timer = setInterval(turn, 40);
  return () => {
    clearInterval(timer);
    process.kill(pid, "SIGCONT");
  };
}

describe.runIf(process.platform !== "win32")("a generator that is stopped half of the time", () => {
  test.each(["http1", "http2"] as const)(
    "accounts for every request over %s and is not trusted",
    async (protocol) => {
      await using server = await serverOf[protocol]();
      const generator = await startGenerator({ processors: null, entry: generatorEntry() });
      try {
        await generator.run(closedPhase(server.port, 20, { protocol }));
        const phase = openPhase(server.port, 200, 200, { protocol });
        const letGo = stopInTurns(generator.pid);
        const { arms, health } = await generator.run(phase).finally(letGo);
        const summary = summarizeSamples(arms[0]!);
        expect(summary).toMatchObject({ measured: { requests: 200 }, accounted: 200 });
        const found = checkValidity(phase, [summary], health);
        expect(found.map(({ kind }) => kind)).toContain("dispatch-late");
      } finally {
        await generator.stop();
      }
    },
  );
});

test("what a generator without time for its work measures is not called the service's", async () => {
  const entry = join(temporaryFolder(), "starved.cjs");
  writeFileSync(
    entry,
    `setInterval(() => { for (const end = performance.now() + 40; performance.now() < end; ); }, 50);
    require(${JSON.stringify(generatorEntry())});`,
  );
  await using server = await rawServer(({ socket }) => socket.write(responseOf("ok")));
  let stdout = "";
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => undefined },
  };
  const options = { url: `http://127.0.0.1:${server.port}/`, rate: "200", requests: "200" };
  await loadCommand(options, streams, { processors: null, entry });
  expect(stdout).toMatch(
    /warning: The load generator was busy \d+ % of the time: some of the latency is its own/,
  );
  expect(stdout).toMatch(
    /warning: 1 % of the requests left .* late or later: .* some of the latency is its own/,
  );
});
