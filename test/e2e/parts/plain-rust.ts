import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A service in Rust that needs no other crate: Cargo fetches nothing, and compiles it in a second. */
const FILES = {
  "Cargo.toml": '[package]\nname = "plain"\nversion = "0.1.0"\nedition = "2021"\n',
  "Cargo.lock": 'version = 3\n\n[[package]]\nname = "plain"\nversion = "0.1.0"\n',
  "src/main.rs": `use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

fn main() {
    let port = std::env::var("PORT").expect("PORT is set");
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).expect("the port is free");
    for stream in listener.incoming().flatten() {
        std::thread::spawn(|| respond_to(stream));
    }
}

fn respond_to(mut stream: TcpStream) {
    stream.set_nodelay(true).expect("it is a TCP socket");
    let body = "x".repeat(10_000);
    let response = format!("HTTP/1.1 200 OK\\r\\ncontent-length: {}\\r\\n\\r\\n{body}", body.len());
    let lines = BufReader::new(stream.try_clone().expect("it is open")).lines();
    for line in lines.map_while(Result::ok) {
        // A GET ends with its headers.
        if line.is_empty() && stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}
`,
};

export const PLAIN_RUST = "plain-rust";

/** Writes the crate into a folder of its own, and gives the service that builds and starts it. */
export function writePlainRust(parent: string): Readonly<Record<string, unknown>> {
  mkdirSync(join(parent, PLAIN_RUST, "src"), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(parent, PLAIN_RUST, path), text);
  return {
    cwd: PLAIN_RUST,
    build: "cargo build --release --locked --offline",
    start: "target/release/plain",
  };
}
