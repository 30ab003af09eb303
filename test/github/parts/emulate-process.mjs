// GitHub's API with state, in a process of its own: it needs Node 24. Prints where it listens and the app's key; ends
// with its standard input.
import { createEmulator } from "emulate";

const seed = JSON.parse(process.argv[2]);
const emulator = await createEmulator({ service: "github", port: 0, hostname: "127.0.0.1", seed });
const [key] = emulator.generatedSecrets;
process.stdout.write(`${JSON.stringify({ url: emulator.url, privateKey: key.value })}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
