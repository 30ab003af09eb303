import { expect, test } from "vitest";
import { parsePerfScript } from "../../../src/probes/native/perf-script.js";

/** As perf 6.1 printed it of a server in Go and of one in Rust, shortened. */
const TEXT = `    250062 
	ffffffff813a2413 finish_task_switch.isra.0+0x93 ([kernel.kallsyms])
	ffffffff821f8914 __schedule+0x3d4 ([kernel.kallsyms])
	           96ae internal/runtime/syscall/linux.Syscall6+0x2e (/app/server)
	          226f7e main.work+0x5e (/app/server)

    250062 
	          1987e3 <&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_str+0x73 (/app/my (new) server)
	           9abc0 [unknown] (/usr/lib/libfast.so)
	ffffffffffffffff [unknown] ([unknown])

    250062 
	          226f7e main.work+0x5e (/app/server)

    500124 
	          226f7e main.work+0x5e (/app/server)
`;

test("samples of the same frames are added up, in microseconds of CPU", () => {
  const stacks = parsePerfScript(TEXT);
  expect(stacks.map(({ cpuUs }) => cpuUs)).toEqual([250.062, 250.062, 750.186]);
});

test("a frame has its object file, its place in it and its symbol, however the names are written", () => {
  const [first, second] = parsePerfScript(TEXT);
  expect(first!.frames[3]).toEqual({
    object: "/app/server",
    offset: 0x226f7e,
    symbol: "main.work",
    intoSymbol: 0x5e,
  });
  expect(second!.frames).toEqual([
    {
      object: "/app/my (new) server",
      offset: 0x1987e3,
      symbol: "<&mut serde_json::ser::Serializer<W,F> as serde_core::ser::Serializer>::serialize_str",
      intoSymbol: 0x73,
    },
    { object: "/usr/lib/libfast.so", offset: 0x9abc0, symbol: null, intoSymbol: 0 },
  ]);
});

test.each(["", "\n\n", "perf: no samples", "12\n", "x\n\t1 f+0x1 (/a)\n", "9\n\tnot a frame\n"])(
  "text that is no sample (%j) names no function",
  (text) => {
    expect(parsePerfScript(text).flatMap(({ frames }) => frames)).toEqual([]);
  },
);
