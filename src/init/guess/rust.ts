import { parse } from "smol-toml";
import {
  findAll,
  nearestFile,
  type ProjectGuess,
  type Snapshot,
  sourcesOf,
  startOnly,
  textAt,
  upOf,
} from "./snapshot.js";

const FRAMEWORKS = ["axum", "actix-web", "rocket", "warp", "poem", "salvo", "hyper", "tide"];

/** One package of a Cargo workspace that serves HTTP. */
interface Crate {
  readonly path: string;
  readonly binary: string;
  readonly framework: string;
}

/** A Rust project; `null` where there is no Cargo.toml at the top. */
export function guessRust(snapshot: Snapshot): ProjectGuess | null {
  if (!snapshot.texts.has("Cargo.toml")) return null;
  const crates = [...snapshot.texts]
    .filter(([path]) => /(^|\/)Cargo\.toml$/.test(path))
    .flatMap(([path, text]) => crateOf(snapshot, path, text) ?? []);
  const crate = crates[0];
  // Members of a workspace are built into the folder of its root.
  const lock = nearestFile(snapshot, "Cargo.lock");
  const workspace = nearestWorkspace(snapshot);
  const target = `${upOf(lock ?? workspace ?? "")}target/release/`;
  const locked = lock !== null;
  const others = crates.slice(1).map(({ binary }) => binary);
  return {
    language: "rust",
    build: {
      value: `cargo build --release${locked ? " --locked" : ""}${crate === undefined ? "" : ` --bin ${crate.binary}`}`,
      from: locked ? `Cargo.toml, ${lock}` : "Cargo.toml",
    },
    start:
      crate === undefined
        ? null
        : {
            value: `${crate.framework === "rocket" ? "ROCKET_PORT={port} " : ""}${target}${crate.binary}${portOption(snapshot)}`,
            from: `${crate.path} (${crate.framework})`,
          },
    setup: [],
    envFile: null,
    serves: crate !== undefined,
    deployed: (command) => (crate === undefined ? startOnly(command) : null),
    extensions: [".rs"],
    steps: [],
    unknown: others.length > 0 ? [`Other services of the workspace are left out: ${others.join(", ")}.`] : [],
    portFrom: crate?.framework === "rocket" ? "Rocket reads ROCKET_PORT" : null,
  };
}

function crateOf(snapshot: Snapshot, path: string, text: string): Crate | null {
  let manifest: Record<string, unknown>;
  try {
    manifest = parse(text);
  } catch {
    return null;
  }
  const {
    package: about,
    dependencies,
    bin,
  } = manifest as {
    package?: { name?: unknown; "default-run"?: unknown };
    dependencies?: Record<string, unknown>;
    bin?: readonly { name?: unknown }[];
  };
  const framework = FRAMEWORKS.find((name) => dependencies?.[name] !== undefined);
  const folder = path.replace(/Cargo\.toml$/, "");
  const runs = snapshot.paths.some(
    (one) => one === `${folder}src/main.rs` || one.startsWith(`${folder}src/bin/`),
  );
  if (framework === undefined || (!runs && bin === undefined)) return null;
  const name = [about?.["default-run"], bin?.[0]?.name, about?.name].find((one) => typeof one === "string");
  return name === undefined || !/^[\w-]+$/.test(name) ? null : { path, binary: name, framework };
}

/** A Cargo.toml above that is a workspace's. */
function nearestWorkspace(snapshot: Snapshot): string | null {
  return (
    [...snapshot.above.keys()].find(
      (path) => /Cargo\.toml$/.test(path) && /^\[workspace\]/m.test(textAt(snapshot, path) ?? ""),
    ) ?? null
  );
}

/** clap's `#[arg(long)] port: u16`, which no variable sets. */
function portOption(snapshot: Snapshot): string {
  const option = /#\[(?:arg|clap)\(([^)\n]{0,300})\)\]\s*(?:pub\s+)?port\s*:/g;
  const [found] = findAll(snapshot, sourcesOf(snapshot, [".rs"]), option);
  return found !== undefined && /\blong\b/.test(found.match[1]!) && !/\benv\b/.test(found.match[1]!)
    ? " --port {port}"
    : "";
}
