import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { javaInstrument } from "../../../src/probes/java/java-instrument.js";
import { cpuOf, folderOf, lookInto } from "../instrumented-service.js";

const SERVER = `import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;

public class Server {
  static long work(long sum) {
    for (int i = 0; i < 9_000_000; i++) sum = (sum ^ i) * 16777619L;
    return sum;
  }
  static long other(long sum) {
    for (int i = 0; i < 3_000_000; i++) sum = (sum ^ i) * 16777619L;
    return sum;
  }
  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      byte[] body = Long.toString((work(1) + other(2)) & 1).getBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    System.out.println("port " + server.getAddress().getPort());
  }
}
`;

/** What is missing here; `null`: nothing is. */
function missing(): string | null {
  try {
    for (const tool of ["javac", "jcmd", "jfr"]) execFileSync(tool, ["--help"], { stdio: "ignore" });
    return null;
  } catch (error) {
    return String(error).split("\n", 1)[0]!;
  }
}

const because = missing();
if (because !== null) console.warn(`The Flight Recorder is not tested here: ${because}`);

test.skipIf(because !== null)(
  "CPU of a Java service is found in the methods that spend it, and its own JAVA_TOOL_OPTIONS stay",
  async () => {
    const folder = folderOf({ "src/Server.java": SERVER });
    const { readings, words, output } = await lookInto(
      javaInstrument(),
      // Compiled as it starts.
      ["java", "-XX:+UseSerialGC", "src/Server.java"],
      { folder, looking: "cpu", requests: 40, environment: { JAVA_TOOL_OPTIONS: "-Down=kept" } },
    );
    expect(words).toMatch(/^Java [\d.]+: CPU clocks of its threads, sampled every 1 ms/);
    expect(output).toContain("Picked up JAVA_TOOL_OPTIONS: -Down=kept\n");
    const work = cpuOf(readings, { name: "Server.work", file: "src/Server.java", origin: "repository" });
    const other = cpuOf(readings, { name: "Server.other" });
    expect(work + other).toBeGreaterThan(0.9 * cpuOf(readings, { origin: "repository" }));
    // Three to one is the truth. The recorder leaves out moments at which it cannot walk a stack, and on a busy machine few are left.
    expect(work).toBeGreaterThan(1.5 * other);
  },
);

test("a Java that has no jcmd and jfr is told with the line that installs them", async () => {
  const folder = folderOf({ "jre/release": 'JAVA_VERSION="21.0.2"\n', "jre/bin/README": "" });
  // Known by the name of its program alone.
  mkdirSync(join(folder, "jre/bin"), { recursive: true });
  copyFileSync("/bin/sleep", join(folder, "jre/bin/java"));
  const child = spawn(join(folder, "jre/bin/java"), ["60"]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const prepared = await javaInstrument().prepare({
    looking: "cpu",
    environment: { PATH: "/nowhere" },
    checkout: folder,
    folder,
  });
  const attached = await prepared.attach([process.pid, child.pid!]);
  expect(attached).toMatchObject({ processes: [child.pid], probe: null });
  expect(attached!.words).toMatch(
    /^Java 21\.0\.2: its CPU is sampled by jcmd and jfr, which only a JDK has: (sudo apt-get install --yes openjdk-21-jdk-headless|install one, or set JAVA_HOME to one)$/,
  );
});
