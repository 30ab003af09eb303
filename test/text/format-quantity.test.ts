import { expect, test } from "vitest";
import { formatDuration } from "../../src/text/format-quantity.js";

test.each([
  [0.5, "0.5 us"],
  [87.54, "87.5 us"],
  [999.4, "999 us"],
  [999.6, "1 ms"],
  [1234, "1.23 ms"],
  [999_600, "1 s"],
  [75_000_000, "75 s"],
  [200_000_000, "3 min 20 s"],
])("a duration of %d us reads %s", (us, text) => {
  expect(formatDuration(us)).toBe(text);
});
