import { stringify } from "yaml";
import type { Proposal } from "./propose.js";
import type { Guess } from "./snapshot.js";

/** A proposal with a start command -> tailgate.yml, each line saying where it comes from. */
export function configText(proposal: Proposal): string {
  const { build, start, port, envFile, setup, setupOnce, ready, paths, unknown } = proposal;
  if (start === null) throw new Error("a file without a start command would not be valid");
  const service = [
    ...(build === null ? [] : [line("  build", build)]),
    line("  start", start),
    ...(port.kind === "variable"
      ? [`  env: { ${port.name}: "{port}" } # ${comment(port.from)}`]
      : port.kind === "fixed"
        ? [`  port: ${port.port} # ${comment(port.from)}`]
        : []),
    ...(envFile === null ? [] : [line("  env-file", envFile)]),
    ...(setupOnce === null ? [] : [line("  setup-once", setupOnce)]),
    ...(setup === null ? [] : [line("  setup", setup)]),
    ...(ready === null ? [] : [line("  ready: { path", ready, " }")]),
  ];
  const requests = paths.length > 0 ? paths : [{ value: "/", from: "not known; name the paths that matter" }];
  return [
    "# What Tailgate starts from base and from head, and what it measures. Gates, load and budget have defaults.",
    ...unknown.map((sentence) => `# To look at: ${comment(sentence)}`),
    "service:",
    ...service,
    "scenarios:",
    ...requests.map((path) => line("  - path", path)),
    "",
  ].join("\n");
}

function line(key: string, { value, from }: Guess, end = ""): string {
  const inFlow = end !== "" && /[,[\]{}]/.test(value);
  const scalar = inFlow
    ? JSON.stringify(value)
    : stringify(value, { lineWidth: 0, blockQuote: false }).trim();
  return `${key}: ${scalar}${end} # ${comment(from)}`;
}

/** Names of files may hold anything; a comment ends with its line. */
function comment(text: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is the purpose
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}
