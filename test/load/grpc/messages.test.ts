import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { describe, expect, test } from "vitest";
import { describeProto } from "../../../src/load/grpc/describe-proto.js";
import { framed, unframed } from "../../../src/load/grpc/frame.js";
import { messageCodec, type MessageCodec } from "../../../src/load/grpc/message-codec.js";
import { requireMessages } from "../../../src/load/grpc/require-messages.js";
import { temporaryFolder } from "../../parts/temporary-folder.js";
import { GET } from "../support/phases.js";

const SHOP = `
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "common/money.proto";
service Users {
  rpc Get (GetRequest) returns (User);
  rpc Watch (GetRequest) returns (stream User);
}
message GetRequest { int64 user_id = 1; repeated string fields = 2; Kind kind = 3; }
message User { string full_name = 1; google.protobuf.Timestamp created = 2; Money spent = 3; }
enum Kind { ANY = 0; ADMIN = 1; }`;
const MONEY = `syntax = "proto3"; package shop; message Money { string currency = 1; int64 units = 2; }`;

/** A folder with these files in it. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const FILES = { "protos/shop.proto": SHOP, "protos/common/money.proto": MONEY };

async function codecOf(method = "shop.Users/Get"): Promise<MessageCodec> {
  const folder = folderOf(FILES);
  return messageCodec(await describeProto(join(folder, "protos/shop.proto"), folder), method);
}

describe("messages", () => {
  test("fields go by either of their names, enums by name, and 64 bits as text or number", async () => {
    const codec = await codecOf();
    const hex = (json: string): string => codec.encode(json).toString("hex");
    expect(hex(`{"user_id":"9223372036854775807","fields":["a"],"kind":"ADMIN"}`)).toBe(
      "08ffffffffffffffff7f1201611801",
    );
    expect(hex(`{"userId":300,"fields":["a"],"kind":1}`)).toBe("08ac021201611801");
  });

  test("a response reads as protobuf writes it in JSON", async () => {
    const codec = await codecOf();
    const money = Buffer.from("0a0345555210ffffffffffffffff7f", "hex");
    const bytes = Buffer.concat([
      Buffer.from("0a03416461", "hex"),
      Buffer.from("120208" + "0a", "hex"),
      Buffer.of(0x1a, money.length),
      money,
    ]);
    expect(codec.decode(bytes)).toEqual({
      fullName: "Ada",
      created: "1970-01-01T00:00:10Z",
      spent: { currency: "EUR", units: "9223372036854775807" },
    });
  });

  test.each([
    [`{"user":1}`, /user/],
    [`{"userId":"many"}`, /user|int64|many/i],
    [`{"fields":"a"}`, /fields|array/i],
    [`[1]`, /object/i],
    [`{"kind":"KING"}`, /KING/],
  ])("%s is refused with what is wrong in it", async (json, words) => {
    const codec = await codecOf();
    expect(() => codec.encode(json)).toThrow(words);
  });

  test("a method that is not there, or streams, is refused", async () => {
    await expect(codecOf("shop.Users/List")).rejects.toThrow("shop.Users has no method List");
    await expect(codecOf("shop.Nobody/Get")).rejects.toThrow(/shop\.Nobody/);
    await expect(codecOf("shop.Users/Watch")).rejects.toThrow("streams");
  });

  test("a message that fits no method is refused before anything is sent; one with values to come is not", async () => {
    const codec = await codecOf();
    const files = { bytesOf: () => Buffer.alloc(0), codecOf: () => codec };
    const call = (json: string) => ({
      ...GET,
      bodySource: { from: "message", proto: "shop.proto", method: "shop.Users/Get", json } as const,
    });
    requireMessages([call(`{"userId":"1"}`), call(`{"userId":{id}}`), GET], files);
    expect(() => {
      requireMessages([call(`{"usrId":1}`)], files);
    }).toThrow(/The message for `shop.Users\/Get` cannot be written: .*usrId/);
  });
});

describe("descriptions", () => {
  test("a descriptor set describes the same", async () => {
    const folder = folderOf(FILES);
    const parsed = protobuf.Root.fromJSON(
      JSON.parse(
        (await describeProto(join(folder, "protos/shop.proto"), folder)).toString(),
      ) as protobuf.INamespace,
    );
    parsed.resolveAll();
    const set = descriptor.FileDescriptorSet.encode(parsed.toDescriptor("proto3")).finish();
    const described = await describeProto(join(folderOf({ "shop.pb": set }), "shop.pb"), folder);
    const codec = messageCodec(described, "shop.Users/Get");
    expect(codec.encode(`{"userId":1}`).toString("hex")).toBe("0801");
  });

  test.each([
    [
      "an import that is not there",
      { "a.proto": `syntax = "proto3"; import "b.proto";` },
      "`a.proto` imports `b.proto`",
    ],
    ["a file that is no .proto file", { "a.proto": "hello" }, "`a.proto` cannot be read"],
    [
      "a type that is nowhere",
      { "a.proto": `syntax = "proto3"; message A { B b = 1; }` },
      "`a.proto` cannot be read",
    ],
    ["bytes that are no descriptor set", { "a.pb": "\xff\xff\xff" }, "`a.pb` cannot be read"],
  ])("%s is refused by name", async (_, files: Record<string, string>, words) => {
    const folder = folderOf(files);
    await expect(describeProto(join(folder, Object.keys(files)[0]!), folder)).rejects.toThrow(words);
  });

  test("a name that is none is refused: of a descriptor set it may be anything", async () => {
    const field = { name: "a", number: 1, type: 9, label: 1, jsonName: 'a"];process.exit();//' };
    const set = {
      file: [{ name: "a.proto", messageType: [{ name: "A", field: [field] }], syntax: "proto3" }],
    };
    const bytes = descriptor.FileDescriptorSet.encode(descriptor.FileDescriptorSet.fromObject(set)).finish();
    const folder = folderOf({ "a.pb": bytes });
    await expect(describeProto(join(folder, "a.pb"), folder)).rejects.toThrow("is no name");
  });

  test("an import that leads out of the folder is not followed", async () => {
    const outside = folderOf({ "secret.proto": MONEY });
    const folder = folderOf({ "a.proto": `syntax = "proto3"; import "link.proto";` });
    symlinkSync(join(outside, "secret.proto"), join(folder, "link.proto"));
    await expect(describeProto(join(folder, "a.proto"), folder)).rejects.toThrow("which is not there");
  });

  test("files that import each other are read once", async () => {
    const folder = folderOf({
      "a.proto": `syntax = "proto3"; import "b.proto"; message A { B b = 1; }`,
      "b.proto": `syntax = "proto3"; import "a.proto"; message B { A a = 1; }`,
    });
    await expect(describeProto(join(folder, "a.proto"), folder)).resolves.toBeInstanceOf(Buffer);
  });
});

describe("frames", () => {
  test("a message comes out of its frame as it went in", () => {
    expect(unframed(framed(Buffer.from("hello")))).toEqual(Buffer.from("hello"));
  });

  test.each([
    ["less than its head", Buffer.of(0, 0)],
    ["a compressed message", Buffer.from("0100000001ff", "hex")],
    ["less than its length", Buffer.from("0000000002ff", "hex")],
    ["two messages", Buffer.from("000000000000000000000000", "hex")],
  ])("%s is no message", (_, bytes) => {
    expect(unframed(bytes)).toBeNull();
  });
});
