import { expect, test } from "vitest";
import { parseGoLines, parseInlinedLines } from "../../../src/probes/native/source-lines.js";

test("an address has the function that was put there before the one around it", () => {
  // As addr2line of binutils 2.40 prints it.
  const lines = parseInlinedLines(`0x0000000000102971
tracing::span::Span::do_exit
/registry/tracing-0.1.44/src/macros.rs:3313 (discriminator 3)
users::list_users::{{closure}}
/code/src/main.rs:21
0x0000000000102cfb
??
??:0
0x0000000000102e93
main
??:?
`);
  expect(lines.get(0x102971)).toEqual([
    {
      name: "tracing::span::Span::do_exit",
      file: "/registry/tracing-0.1.44/src/macros.rs",
      line: 3313,
    },
    { name: "users::list_users::{{closure}}", file: "/code/src/main.rs", line: 21 },
  ]);
  expect(lines.get(0x102cfb)).toEqual([]);
  expect(lines.get(0x102e93)).toEqual([{ name: "main", file: null, line: null }]);
});

test("Go's tool answers in the order in which it was asked", () => {
  const lines = parseGoLines("main.work\n/code/main.go:12\n?\n?:0\n", [16, 32]);
  expect([...lines]).toEqual([[16, [{ name: "main.work", file: "/code/main.go", line: 12 }]]]);
});
