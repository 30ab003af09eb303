import { z } from "zod";
import { sentAsWritten } from "../as-written.js";
import { body, form } from "./body.js";
import { fileName, headerName, headerValue, method, path, text } from "../values.js";

export const PATH = { description: "Path and query.", examples: ["/users?limit=10"] };

const capture = z.union(
  [
    z.strictObject({
      json: text(1000).meta({
        description: "Dotted path in the JSON of the response.",
        examples: ["data.0.id"],
      }),
    }),
    z.strictObject({
      header: headerName.meta({ description: "Name of a header of the response.", examples: ["location"] }),
    }),
  ],
  { error: "write `{ json: data.0.id }` or `{ header: location }`" },
);

/** Values by name, and where they are found. */
export const captures = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name for a value"),
  capture,
);

export const request = z
  .strictObject({
    method: method
      .optional()
      .meta({ description: "HTTP method.", default: "GET", examples: ["GET", "POST"] }),
    path: path.optional().meta({ ...PATH, default: "/" }),
    headers: z
      .record(
        headerName,
        z.union([headerValue, z.array(headerValue).min(1).max(100)], {
          error: "write text, a number, `true` or `false`, or a list of them",
        }),
      )
      .optional()
      .meta({
        description:
          "Headers, sent as they are; a list is sent as one header for each of its values. `${NAME}` is a variable of the job: masked in everything that is written, refused where it is missing, and never read for pull requests from forks. `$${NAME}` is text. `User-Agent` (Tailgate and its version) and `Accept: */*` are sent where they are not named here.",
        default: {},
        examples: [{ authorization: "Bearer ${API_TOKEN}", "accept-language": ["de", "en"] }],
      }),
    rpc: z
      .string()
      .max(300)
      .regex(/^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/, "is not the full name of a gRPC method")
      .optional()
      .meta({
        description: "A unary method of gRPC, in place of method and path.",
        examples: ["shop.Users/Get"],
      }),
    proto: fileName.optional().meta({
      description:
        "The .proto file that describes the method, or a descriptor set (`protoc --include_imports --descriptor_set_out`); base's where base has it.",
      examples: ["protos/shop.proto"],
    }),
    message: z
      .record(z.string(), z.unknown())
      .register(sentAsWritten, { as: "json" })
      .optional()
      .meta({
        description:
          "The message that `rpc` takes, as protobuf writes it in JSON. Bytes of a message: `body: { file }`.",
        default: {},
        examples: [{ id: 7 }],
      }),
    body,
    form,
    redirects: z
      .int()
      .min(0)
      .max(20)
      .optional()
      .meta({
        description:
          "How many redirects are followed, to the service itself only. They count in the latency, and `expect` is for the last response.",
        default: 0,
        examples: [3],
      }),
    capture: captures.optional().meta({
      description: "Values of the response for later requests of the sequence, written there as `{name}`.",
      default: {},
      examples: [{ id: { json: "data.0.id" } }],
    }),
  })
  .refine((r) => r.form === undefined || r.body === undefined || r.body === null, {
    message: "may have one of `body` and `form`, not both",
  })
  .refine((r) => r.rpc === undefined || (r.path ?? r.method ?? r.form) === undefined, {
    message: "has `rpc`, which stands in place of `path`, `method` and `form`",
  })
  .refine((r) => r.message === undefined || (r.proto !== undefined && r.rpc !== undefined), {
    message: "has a `message`, which needs `rpc` and the `proto` that describes it",
  })
  .refine((r) => r.rpc !== undefined || r.proto === undefined, {
    message: "has a `proto` and no `rpc` that it describes",
  })
  .refine((r) => r.rpc === undefined || r.proto !== undefined || (r.body ?? null) !== null, {
    message:
      "has a `rpc`: write the `proto` that describes its message, or the bytes as `body: { file: message.bin }`",
  })
  .refine((r) => r.proto === undefined || (r.body ?? null) === null, {
    message: "may have one of `message` and `body`, not both",
  });

export type RequestSection = z.output<typeof request>;
