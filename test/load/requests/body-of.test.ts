import { expect, test } from "vitest";
import { bodyOf } from "../../../src/load/requests/body-of.js";
import { filesOf } from "../support/files-of.js";

const BYTES = Buffer.from([0, 255, 13, 10, 123, 125]);

test("a file goes out byte for byte, whatever looks like a placeholder in it", () => {
  const request = { headers: {}, body: null, bodySource: { from: "file", file: "a.bin" } } as const;
  expect(
    bodyOf(
      request,
      new Map([["", "x"]]),
      filesOf((file) => Buffer.concat([Buffer.from(file), BYTES])),
    ),
  ).toEqual(Buffer.concat([Buffer.from("a.bin"), BYTES]));
});

test("a form goes out as a browser writes it, with values filled in and files as they are", () => {
  const bodySource = {
    from: "form",
    boundary: "--b",
    parts: [
      { kind: "value", name: 'na"me\r\n', value: "{who}, ä" },
      { kind: "file", name: "photo", file: "x/ada.png", type: "image/png" },
    ],
  } as const;
  const body = bodyOf(
    { headers: {}, body: null, bodySource },
    new Map([["who", "Ada"]]),
    filesOf(() => BYTES),
  )!;
  expect(body.toString("latin1")).toBe(
    [
      "----b",
      'Content-Disposition: form-data; name="na%22me%0D%0A"',
      "",
      `Ada, ${Buffer.from("ä").toString("latin1")}`,
      "----b",
      'Content-Disposition: form-data; name="photo"; filename="ada.png"',
      "Content-Type: image/png",
      "",
      BYTES.toString("latin1"),
      "----b--",
      "",
    ].join("\r\n"),
  );
});

test("a request without a body has none", () => {
  expect(
    bodyOf(
      { headers: {}, body: null },
      new Map(),
      filesOf(() => BYTES),
    ),
  ).toBeNull();
});
