import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { printable } from "../../src/service/log/printable.js";
import { redact, redactPiece, withoutSecrets } from "../../src/service/log/redact.js";
import { PLAIN_INPUTS, secretsOf } from "../../src/service/log/secrets.js";

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

/** What an Actions job holds. */
const JOB = {
  "INPUT_GITHUB-TOKEN": "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
  ACTIONS_RUNTIME_TOKEN: `eyJ0eXAiOiJKV1Qi.${"Qx7-_kLm".repeat(60)}`,
  INPUT_START: "DB_PASSWORD='hunter two' node server.js",
  INPUT_PATH: "/users",
  "INPUT_FAIL-ON": "regression",
  "INPUT_SOME-OTHER-ACTIONS": "value-that-nobody-knows",
};
const TOKEN = JOB["INPUT_GITHUB-TOKEN"];
const RUNTIME = JOB.ACTIONS_RUNTIME_TOKEN;

describe("a secret of the job that a service prints", () => {
  const secrets = secretsOf(JOB);
  const base64 = (text: string): string => Buffer.from(text).toString("base64");

  test.each([
    [
      "as an ancestor's environment holds it",
      `PATH=/bin\0INPUT_GITHUB-TOKEN=${TOKEN}\0ACTIONS_RUNTIME_TOKEN=${RUNTIME}`,
    ],
    ["in base64", base64(TOKEN)],
    ["in base64 of a header, shifted by a byte", base64(`:${TOKEN}`)],
    ["in base64 of a header, shifted by two", base64(`x-access-token:${TOKEN}:`)],
    ["in base64 as `base64` breaks it into lines", base64(`:${RUNTIME}`).replace(/.{76}/g, "$&\n")],
    ["in base64 for URLs", Buffer.from(`a${RUNTIME}`).toString("base64url")],
    ["broken into lines", RUNTIME.replace(/.{64}/g, "$&\n")],
    ["as an input that is not known", JOB["INPUT_SOME-OTHER-ACTIONS"]],
    ["as a command sets it", "password is hunter two"],
  ])("is masked %s", (_how, text) => {
    const masked = redact(text, secrets);
    expect(masked).toContain("***");
    // Neither the values nor any longer part of their base64, at any shift.
    for (const form of secrets) expect(masked.replaceAll("\n", "")).not.toContain(form.slice(0, 40));
    expect(masked).not.toContain("hunter");
  });

  test("leaves what is no secret as it is", () => {
    expect(redact("GET /users node server.js regression", secrets)).toBe(
      "GET /users node server.js regression",
    );
  });

  test("is masked where a cut goes through it, on either side", () => {
    for (const at of [4, 17, TOKEN.length - 4]) {
      expect(redactPiece(`end ${TOKEN.slice(0, at)}`, secrets, { start: false, end: true })).toBe("end ***");
      expect(redactPiece(`${TOKEN.slice(at)} start`, secrets, { start: true, end: false })).toBe("*** start");
    }
  });

  test("is masked in sentences, commands and values of a document, and names stay names", () => {
    const document = {
      arms: [{ name: TOKEN, service: { start: `run ${TOKEN}` } }],
      startOrder: [TOKEN],
      blocks: [{ distrust: [{ kind: "arm-gone", arm: TOKEN, reason: `it said ${TOKEN}` }] }],
    };
    expect(withoutSecrets(document, secrets)).toEqual({
      arms: [{ name: TOKEN, service: { start: "run ***" } }],
      startOrder: [TOKEN],
      blocks: [{ distrust: [{ kind: "arm-gone", arm: TOKEN, reason: "it said ***" }] }],
    });
  });
});

test("every input of the action but its token is one that reports may show", () => {
  const { inputs } = parse(readFileSync("action.yml", "utf8")) as { inputs: Record<string, unknown> };
  const known = Object.keys(inputs).filter((name) => name !== "github-token");
  expect(known.filter((name) => !PLAIN_INPUTS.has(name))).toEqual([]);
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
