// GitHub's API with state, in a process of its own: it needs Node 24. Prints where it listens and the app's key; ends
// with its standard input.
import { subscribe } from "node:diagnostics_channel";
import { createEmulator } from "emulate";

// After the usual five seconds it would close an idle connection just when a busy test sends its next request over it.
const LONGER_THAN_ANY_TEST_MS = 3_600_000;
subscribe("http.server.request.start", ({ server }) => {
  server.keepAliveTimeout = LONGER_THAN_ANY_TEST_MS;
});

const seed = JSON.parse(process.argv[2]);
const emulator = await createEmulator({ service: "github", port: 0, hostname: "127.0.0.1", seed });
const [key] = emulator.generatedSecrets;
process.stdout.write(`${JSON.stringify({ url: emulator.url, privateKey: key.value })}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
