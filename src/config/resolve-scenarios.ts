import { TailgateError } from "../error.js";
import { DEFAULT_LOAD } from "./defaults.js";
import type { ConfigFile, LoadSection, RequestSection, ScenarioSection } from "./file/file.js";
import { resolveBody } from "./resolve-body.js";
import { resolveGates } from "./resolve-gates.js";
import type { Capture, Expectation, LoadPlan, RequestPlan, ScenarioPlan } from "../model/plan.js";

/**
 * Base's scenarios, and those of head that base does not have. `path` from the inputs replaces them all by one.
 *
 * @throws TailgateError "config" when two scenarios have the same name
 */
export function resolveScenarios(base: ConfigFile, head: ConfigFile, path: string | null): ScenarioPlan[] {
  const listed = (file: ConfigFile): ScenarioSection[] =>
    path === null ? (file.scenarios ?? [{}]) : [{ path }];
  const known = listed(base).map((section) => resolve(section, base, false));
  const names = new Set(known.map((scenario) => scenario.name));
  const added =
    head === base
      ? []
      : listed(head)
          // Load and gates that a new scenario does not name itself are base's.
          .map((section) => resolve(section, base, true))
          .filter((scenario) => !names.has(scenario.name) && head.scenarios !== undefined);
  const all = [...known, ...added];
  refuseDuplicates(all.map((scenario) => scenario.name));
  return all;
}

function refuseDuplicates(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new TailgateError(
    "config",
    `Two scenarios are called \`${twice}\`.`,
    "Give each its own `name`; without one, a scenario is called by its method and path.",
  );
}

function resolve(section: ScenarioSection, file: ConfigFile, newInHead: boolean): ScenarioPlan {
  const written = section.requests ?? [section.request ?? { path: section.path }];
  const requests = written.map(resolveRequest);
  const first = requests[0]!;
  return {
    name: section.name ?? `${first.method} ${first.path}`,
    requests,
    expect: resolveExpectation(section.expect),
    load: resolveLoad(file.load, section.load),
    gates: resolveGates(file.gates, section.gates),
    newInHead,
  };
}

function resolveRequest(section: RequestSection): RequestPlan {
  const { type, ...body } = resolveBody(section);
  const headers = { ...section.headers };
  const named = Object.keys(headers).map((name) => name.toLowerCase());
  if (type !== null && !named.includes("content-type")) headers["content-type"] = type;
  return {
    method: section.method ?? "GET",
    path: section.path ?? "/",
    headers,
    ...body,
    capture: Object.fromEntries(
      Object.entries(section.capture ?? {}).map(([name, where]) => [name, resolveCapture(where)]),
    ),
  };
}

function resolveCapture(where: NonNullable<RequestSection["capture"]>[string]): Capture {
  return "json" in where
    ? { from: "json", path: where.json.split(".") }
    : { from: "header", name: where.header.toLowerCase() };
}

function resolveExpectation(section: ScenarioSection["expect"]): Expectation {
  return {
    status: section?.status ?? [],
    contains: section?.contains ?? null,
    bytes: section?.bytes
      ? { min: section.bytes.min ?? 0, max: section.bytes.max ?? Number.MAX_SAFE_INTEGER }
      : null,
  };
}

function resolveLoad(file: LoadSection | undefined, scenario: LoadSection | undefined): LoadPlan {
  const pick = <K extends keyof LoadSection>(key: K): LoadSection[K] => scenario?.[key] ?? file?.[key];
  return {
    connections: pick("connections") ?? DEFAULT_LOAD.connections,
    connection: pick("connection") ?? DEFAULT_LOAD.connection,
    rate: pick("rate") ?? DEFAULT_LOAD.rate,
    requests: pick("requests") ?? DEFAULT_LOAD.requests,
    warmup: pick("warmup") ?? DEFAULT_LOAD.warmup,
    timeoutMs: pick("timeout") ?? DEFAULT_LOAD.timeoutMs,
  };
}
