import { z } from "zod";
import { sentAsWritten } from "../as-written.js";
import { unsendableNumbers } from "./json-number.js";
import { fileName, scalar, text } from "../values.js";

const file = fileName.meta({
  description: "A file, from the folder that Tailgate runs in; base's where base has it.",
  examples: ["load/payload.json"],
});

const bodyText = scalar.refine((value) => !/^@\S+$/.test(value), {
  error: ({ input }) =>
    `is sent as text, and no file is read for it; write \`{ file: ${String(input).slice(1)} }\``,
});

/** A body that is read from a file. */
export class BodyFile {
  constructor(readonly file: string) {}
}

/** A mapping of nothing but the name of a file means that file; any other is JSON. */
function namedFile(value: object): string | null {
  const [[key, name] = ["", null], ...more] = Object.entries(value) as [string, unknown][];
  return key === "file" && typeof name === "string" && more.length === 0 ? name : null;
}

const structured = z
  .union([
    z.record(z.string(), z.unknown()).register(sentAsWritten, { as: "json" }),
    z.array(z.unknown()).register(sentAsWritten, { as: "json" }),
  ])
  .superRefine((value, context) => {
    const name = namedFile(value);
    const refused = name === null ? undefined : fileName.safeParse(name).error?.issues[0];
    if (refused !== undefined) context.addIssue({ code: "custom", path: ["file"], message: refused.message });
    for (const path of unsendableNumbers(value)) {
      context.addIssue({
        code: "custom",
        path,
        message: "is no number in JSON; write it in quotes to send it as text",
      });
    }
  })
  .transform((value) => {
    const name = namedFile(value);
    return name === null ? value : new BodyFile(name);
  });

export const body = z
  .union([z.null(), bodyText, structured], {
    error: "write text, a mapping, a list, or `{ file: payload.json }`",
  })
  .optional()
  .meta({
    description:
      "Text as it is; a mapping or a list is sent as JSON; `{ file: payload.json }`: the bytes of that file.",
    default: null,
    examples: [{ name: "Ada" }, "a=1&b=2", { file: "load/payload.json" }],
  });

const filePart = z.strictObject({
  file,
  type: text(200)
    .optional()
    .meta({ description: "Its content type. Left out: by the ending of its name.", examples: ["image/png"] }),
});

const part = z.union([scalar, filePart], { error: "write text, a number, or `{ file: photo.png }`" });

export const form = z
  .record(
    text(300),
    z.union([part, z.array(part).min(1).max(100)], { error: "write text, a file, or a list" }),
  )
  .optional()
  .meta({
    description: "A form, sent as `multipart/form-data`; a list is sent as one part for each of its values.",
    examples: [{ title: "Ada", photo: { file: "load/ada.png" } }],
  });

export type FormSection = NonNullable<z.output<typeof form>>;
