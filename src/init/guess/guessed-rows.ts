import type { Proposal } from "./propose.js";

/** The parts of a proposal as rows: what, value, where from. */
export function guessedRows(proposal: Proposal): (readonly [string, string, string])[] {
  const { build, start, port, envFile, setup, setupOnce, services, ready, paths } = proposal;
  return [
    ...(build === null ? [] : [["build", build.value, build.from] as const]),
    ...(start === null ? [] : [["start", start.value, start.from] as const]),
    ...portRow(port),
    ...(envFile === null ? [] : [["variables", envFile.value, envFile.from] as const]),
    ...services.map(({ image, from }) => ["beside it", image, from] as const),
    ...(setupOnce === null ? [] : [["set up once", setupOnce.value, setupOnce.from] as const]),
    ...(setup === null ? [] : [["set up", setup.value, setup.from] as const]),
    ...(ready === null ? [] : [["ready when", `GET ${ready.value} succeeds`, ready.from] as const]),
    ...paths.map(({ value, from }) => ["measure", `GET ${value}`, from] as const),
  ];
}

function portRow(port: Proposal["port"]): (readonly [string, string, string])[] {
  switch (port.kind) {
    case "told":
      return [["port", "any free one", port.from]];
    case "variable":
      return [["port", `any free one, in ${port.name}`, port.from]];
    case "fixed":
      return [["port", `always ${port.port}`, port.from]];
    case "unknown":
      return [];
  }
}
