import { z } from "zod";
import { fileSchema } from "./file.js";

/** JSON Schema (draft 2020-12) of tailgate.yml as a user writes it, for editors and the documentation. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(fileSchema, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      // Defaults and examples of values that are transformed are dropped by zod; ours are written in input form.
      const about = z.globalRegistry.get(zodSchema);
      if (about?.["default"] !== undefined) jsonSchema.default = about["default"];
      if (about?.["examples"] !== undefined) jsonSchema.examples = about["examples"] as unknown[];
    },
  });
}
