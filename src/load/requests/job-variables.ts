import type { RequestPlan } from "../../model/scenario-plan.js";
import { fillVariables, variablesIn } from "../../text/job-variables.js";
import { textsOfBody } from "./body-of.js";
import { linesOf } from "./header-lines.js";

/** Names of the job's variables that a request needs, as `${NAME}` in headers and body. */
export function variablesOf(request: RequestPlan): string[] {
  return [...Object.values(request.headers).flat(), ...textsOfBody(request)].flatMap(variablesIn);
}

/** The request as it is sent. In JSON a value is written as the inside of a string. */
export function withJobVariables(request: RequestPlan, values: ReadonlyMap<string, string>): RequestPlan {
  const fill = (text: string): string => fillVariables(text, values);
  const fillJson = (text: string): string =>
    fillVariables(text, values, (value) => JSON.stringify(value).slice(1, -1));
  const type = linesOf(request.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const isJson = /[/+]json\b/i.test(type);
  const isForm = /x-www-form-urlencoded/i.test(type);
  const fillBody = isJson
    ? fillJson
    : isForm
      ? (text: string) => fillVariables(text, values, encodeURIComponent)
      : fill;
  const { bodySource } = request;
  return {
    ...request,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        typeof value === "string" ? fill(value) : value.map(fill),
      ]),
    ),
    body: request.body === null ? null : fillBody(request.body),
    ...(bodySource === undefined ? {} : { bodySource: filledSource(bodySource, fill, fillJson) }),
  };
}

type Source = NonNullable<RequestPlan["bodySource"]>;

function filledSource(
  source: Source,
  fill: (text: string) => string,
  fillJson: (text: string) => string,
): Source {
  switch (source.from) {
    case "file":
      return source;
    case "form":
      return {
        ...source,
        parts: source.parts.map((part) =>
          part.kind === "value" ? { ...part, value: fill(part.value) } : part,
        ),
      };
    case "message":
      return { ...source, json: fillJson(source.json) };
  }
}
