import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { printable } from "../../src/service/log/printable.js";
import { redact, secretsOf } from "../../src/service/log/redact.js";

test.each([
  ["API_TOKEN", true],
  ["DB_PASSWORD", true],
  ["PGPASSWORD", true],
  ["CLIENT_SECRET", true],
  ["AWS_SECRET_ACCESS_KEY", true],
  ["STRIPE_KEY", true],
  ["apiKey", true],
  ["SENTRY_DSN", true],
  ["MYSQL_PWD", true],
  ["KEYBOARD", false],
  ["MONKEY", false],
  ["LOG_LEVEL", false],
  ["PWD", false],
  ["SSH_AUTH_SOCK", false],
  ["PATH", false],
])("that the value of a variable %s is masked is %s", (name, masked) => {
  expect(secretsOf({ [name]: "a-value-of-mine" }).length > 0).toBe(masked);
});

test.each([["true"], ["test"], ["abc"], [""]])("%j is no secret, whatever its name says", (value) => {
  expect(secretsOf({ API_KEY: value })).toEqual([]);
});

test("passwords inside URLs are masked, in any variable and in any output", () => {
  const secrets = secretsOf({ DATABASE_URL: "postgres://app:p%40ss-word@db:5432/x" });
  expect(redact("connecting with p@ss-word", secrets)).toBe("connecting with ***");
  expect(redact("see https://me:other-secret@host/path", [])).toBe("see https://me:***@host/path");
});

test("a secret that holds another is masked whole, and one of several lines line by line", () => {
  const secrets = secretsOf({ A_TOKEN: "abcd", B_TOKEN: "abcdefgh", KEY: "-----BEGIN-----\nMIIEvQIBADAN\n" });
  expect(redact("abcdefgh MIIEvQIBADAN abcd", secrets)).toBe("*** *** ***");
});

test("no secret survives in any text around it", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.stringMatching(/^[a-z0-9%&=]{8,30}$/),
      (before, after, secret) => {
        expect(redact(before + secret + after, secretsOf({ MY_TOKEN: secret }))).not.toContain(secret);
      },
    ),
  );
});

describe("text that is printed", () => {
  test.each([
    ["\u001b[1;31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007text", "text"],
    ["\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["a\u0000b\u0008c\u007f", "abc"],
    ["evil\u202Etxt.exe\u200b\ufeff", "eviltxt.exe"],
    ["progress 1\rprogress 2\r\ndone", "progress 1\nprogress 2\ndone"],
    ["tab\tkept\nline kept", "tab\tkept\nline kept"],
  ])("%j is printed as %j", (raw, clean) => {
    expect(printable(raw)).toBe(clean);
  });

  test("text that is printed holds no control character but newline and tab, whatever came in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(
          // eslint-disable-next-line no-control-regex -- that is the claim
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
      }),
    );
  });
});
