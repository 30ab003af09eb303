import { z } from "zod";
import { LARGEST } from "../../bounded-values.js";
import { scenarioGates } from "./gates.js";
import { load } from "./load.js";
import { PATH, request } from "./request/request.js";
import { dataFile, path, text } from "./values.js";

const status = z.union([z.int().min(100).max(599), z.int().min(0).max(16)]);
const bytes = (which: string) =>
  z
    .int()
    .min(0)
    .max(LARGEST)
    .optional()
    .meta({ description: `The ${which} size of the body, in bytes.`, examples: [100] });

export const expectation = z
  .strictObject({
    status: z
      .union([status.transform((code) => [code]), z.array(status).min(1)], {
        error: "write a status code from 100 to 599 (of gRPC from 0 to 16), or a list of them",
      })
      .optional()
      .meta({
        description: "One status code or several. Left out: any from 200 to 299; of gRPC, 0.",
        examples: [200, [200, 304]],
      }),
    contains: text(10_000)
      .optional()
      .meta({ description: "A text that the body must hold.", examples: ['"users"'] }),
    bytes: z
      .strictObject({ min: bytes("smallest"), max: bytes("largest") })
      .refine((range) => (range.min ?? 0) <= (range.max ?? Infinity), { message: "has a min above its max" })
      .optional()
      .meta({ description: "How large the body may be.", examples: [{ min: 100, max: 20_000 }] }),
  })
  .meta({
    description: "What a response must look like; else it is an error and has no latency.",
    examples: [{ status: 200, contains: '"users"' }],
  });

const scenario = z
  .strictObject({
    name: text(300)
      .optional()
      .meta({
        description: "Its name in reports. Left out: method and path of its first request.",
        examples: ["list users"],
      }),
    path: path.optional().meta({ ...PATH, description: "Short for `request: { path }`.", default: "/" }),
    request: request.optional().meta({
      description: "One request.",
      examples: [{ method: "POST", path: "/users", body: { name: "Ada" }, headers: { "x-tenant": "t1" } }],
    }),
    requests: z
      .array(request)
      .min(1)
      .max(20)
      .optional()
      .meta({
        description: "A short sequence sent in order on one connection; the whole sequence is one sample.",
        examples: [[{ path: "/users", capture: { id: { json: "0.id" } } }, { path: "/users/{id}" }]],
      }),
    data: dataFile.optional().meta({
      description: "Rows for this scenario alone, in place of the top-level `data`.",
      examples: ["load/users.csv"],
    }),
    expect: expectation.optional(),
    load: load.optional().meta({ description: "Load of this scenario alone.", examples: [{ rate: 50 }] }),
    gates: scenarioGates.optional(),
  })
  .refine((s) => [s.path, s.request, s.requests].filter((one) => one !== undefined).length <= 1, {
    message: "may have one of `path`, `request` and `requests`, not several",
  });

export const scenarios = z
  .array(scenario)
  .min(1)
  .max(200)
  .optional()
  .meta({
    description: "What is requested. Each scenario is measured, gated and reported on its own.",
    default: [{ path: "/" }],
    examples: [[{ name: "list users", path: "/users" }, { path: "/users/1" }]],
  });

export type ScenarioSection = z.output<typeof scenario>;
