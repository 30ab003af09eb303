import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../src/text/shell-word.js";

test.each(["plain", "a b", "it's", '"$HOME"', "`id`", "a\nb", "*", "", "-n", "ä;|&"])(
  "a shell reads the word %j back unchanged",
  (text) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  },
);

test("a word that needs no quotes gets none", () => {
  expect(shellWord("./bin/service-1.2:latest@x=y")).toBe("./bin/service-1.2:latest@x=y");
});
