import { parse } from "smol-toml";
import type { ProjectGuess, Snapshot } from "./snapshot.js";

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
  const locked = snapshot.paths.includes("Cargo.lock");
  const others = crates.slice(1).map(({ binary }) => binary);
  return {
    language: "rust",
    build: {
      value: `cargo build --release${locked ? " --locked" : ""}${crate === undefined ? "" : ` --bin ${crate.binary}`}`,
      from: locked ? "Cargo.toml, Cargo.lock" : "Cargo.toml",
    },
    start:
      crate === undefined
        ? null
        : {
            value: `${crate.framework === "rocket" ? "ROCKET_PORT={port} " : ""}target/release/${crate.binary}`,
            from: `${crate.path} (${crate.framework})`,
          },
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
