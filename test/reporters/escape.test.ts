import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import {
  codeBlock,
  htmlLines,
  htmlProse,
  htmlText,
  markdownName,
  markdownProse,
  markdownText,
  shortened,
  visible,
  visibleLines,
} from "../../src/text/escape.js";
import { HOSTILE_NAMES } from "./samples.js";

/** Markdown as GitHub reads it, before it looks for mentions. */
function asHtml(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** Text made of what is dangerous, with anything else between. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."\\`*_{}[]()#+-.!|<>&@~^:$=/\"' \n\t".split(""),
        "<!--",
        "-->",
        "</code>",
        "</details>",
        "<script>",
        "https://a.test",
        "www.a.test",
        "@org/team",
        "#1",
        "GH-1",
        "a@b.co",
        "1. ",
        "- ",
        "&lt;",
        "&#64;",
        "```",
        "~~~",
        "\u202e",
        "\u200b",
        "\r\n",
        "![x](y)",
        "[x](javascript:y)",
        "|-|",
      ),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("text from outside in Markdown", () => {
  test("never becomes markup, whatever it holds", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(asHtml(markdownText(text))).toMatch(/^(<p>[^<]*<\/p>)?$/u);
      }),
      { numRuns: 300 },
    );
  });

  test("never ends the code span, list item or table cell that holds it", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(asHtml(`- ${markdownText(text)}`).match(/<[a-z/]+/gu) ?? []).toEqual([
          "<ul",
          "<li",
          "</li",
          "</ul",
        ]);
        const table = asHtml(`| a | b |\n| - | - |\n| ${markdownName(text)} | end |`);
        expect(table.match(/<td/gu)).toHaveLength(2);
        expect(table).toContain("<td>end</td>");
        expect(table.match(/<(?!\/?(?:table|thead|tbody|tr|th|td|code)\b)/gu)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test("reads as it was written", () => {
    expect(asHtml(markdownText("GET /users?a=1&b=2 | *new*"))).toBe("<p>GET /users?a=1&amp;b=2 | *new*</p>");
  });

  test.each([
    ["a mention", "@org/team", /@(?=\w)/u],
    ["a mention written as an entity", "&#64;org/team", /@(?=\w)/u],
    ["an issue", "#12", /#(?=\d)/u],
    ["an issue in another repository", "org/repo#12", /#(?=\d)/u],
    ["an issue in the old way", "GH-12", /gh-\d/iu],
    ["a link", "https://example.test", /:\/\//u],
    ["a bare host", "www.example.test", /www\./u],
    ["an address", "a@example.test", /@(?=\w)/u],
  ])("%s finds nothing to hold on to in the finished text", (_, text, pattern) => {
    const finished = asHtml(markdownText(text)).replaceAll("&amp;#64;", "");
    expect(finished).not.toMatch(pattern);
    expect(finished).not.toContain("<a");
  });

  test("names between backticks in our own sentences become code, and an odd backtick stays text", () => {
    expect(asHtml(markdownProse("The p99 of `list <users>` is noisy."))).toBe(
      "<p>The p99 of <code>list &lt;users&gt;</code> is noisy.</p>",
    );
    expect(asHtml(markdownProse("odd ` backtick"))).toBe("<p>odd ` backtick</p>");
  });
});

describe("a code block", () => {
  test("cannot be ended by what it holds", () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 0, max: 9 }), (text, ticks) => {
        const html = asHtml(`${codeBlock(`${text}\n${"`".repeat(ticks)}\n${text}`)}\n\nafter`);
        expect(html.match(/<pre>/gu)).toHaveLength(1);
        expect(html.endsWith("<p>after</p>")).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("what cannot be seen", () => {
  test.each([
    ["bidirectional overrides", "a\u202eb\u2066c\u2069", "abc"],
    ["zero-width characters", "a\u200b\u200c\u200d\u2060\ufeffb", "ab"],
    ["controls", "a\u0000\u0007\u001b\u009bb", "ab"],
    ["tags that spell in secret", "a\u{e0041}\u{e0042}", "a"],
    ["variation selectors", "a\ufe00\u{e0100}b", "ab"],
    ["blanks that are letters", "a\u3164\u2800\u115fb", "ab"],
    ["lone surrogates", "a\ud800b", "ab"],
    ["line breaks of every kind", "a\r\nb\u2028c\u0085d\ve", "a b c d e"],
    ["piles of marks", `a${"\u0301".repeat(50)}b`, "a\u0301\u0301\u0301b"],
  ])("%s", (_, text, seen) => {
    expect(visible(text)).toBe(seen);
  });

  test.each(["naïve café", "قائمة", "ユーザー", "नमस्ते", "❤️ 🚀"])(
    "living scripts stay as they are: %s",
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  test("a log keeps its lines and loses its colours", () => {
    expect(visibleLines("\u001b[31mred\u001b[0m\r\n\tindented  \n\u202eend")).toBe("red\n  indented\nend");
  });
});

describe("text from outside in HTML", () => {
  test("holds no character that could open or close anything", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"'`]|&(?!#\d+;)/u);
        expect(htmlLines(text)).not.toMatch(/[<>"'`]|&(?!#\d+;)/u);
        expect(htmlProse(text).replace(/<\/?code>/gu, "")).not.toMatch(/[<>"']|&(?!#\d+;)/u);
      }),
    );
    for (const name of HOSTILE_NAMES) expect(htmlText(name)).not.toContain("<");
  });
});

test("text is shortened by whole characters and says so", () => {
  expect(shortened("🚀🚀🚀🚀", 3)).toBe("🚀🚀…");
  expect(shortened("abc", 3)).toBe("abc");
});
