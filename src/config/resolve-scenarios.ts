import { TailgateError } from "../error.js";
import { DEFAULT_LOAD } from "./defaults.js";
import type { ConfigFile, LoadSection, RequestSection, ScenarioSection } from "./file/file.js";
import { meant } from "./file/nearest.js";
import { resolveExpectation } from "./resolve-expectation.js";
import { resolveGates } from "./resolve-gates.js";
import { resolveRequest } from "./resolve-request.js";
import { ofProtocol, resolveProtocol } from "./resolve-protocol.js";
import type { LoadPlan, ScenarioPlan } from "../model/scenario-plan.js";

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
  const mixed = path === null && base.mix !== undefined ? withMix(all, base, base.mix) : all;
  refuseDuplicates(mixed.map((scenario) => scenario.name));
  return mixed;
}

const MIX = "mix";

/** The whole before its parts, which have no load of their own. */
function withMix(
  scenarios: readonly ScenarioPlan[],
  file: ConfigFile,
  mix: Readonly<Record<string, number>>,
): ScenarioPlan[] {
  const names = scenarios.map(({ name }) => name);
  const unknown = Object.keys(mix).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TailgateError(
      "config",
      `\`mix\` names \`${unknown}\`, which is no scenario; ${meant(unknown, names)}`,
      "Name scenarios as they are called: by `name`, or by method and path.",
    );
  }
  const withLoad = (file.scenarios ?? []).find(
    (section) => section.load !== undefined && Object.hasOwn(mix, nameOf(section)),
  );
  if (withLoad !== undefined) {
    throw new TailgateError(
      "config",
      `\`${nameOf(withLoad)}\` is a part of \`mix\` and has a \`load\` of its own.`,
      "The parts of a mix are one load: set it in the top-level `load`.",
    );
  }
  const protocol = protocolOfMix(scenarios.filter(({ name }) => Object.hasOwn(mix, name)));
  const load = { ...resolveLoad(file.load, undefined), ...protocol };
  const whole: ScenarioPlan = {
    name: MIX,
    mix,
    requests: [],
    expect: resolveExpectation(undefined),
    load,
    gates: resolveGates(file.gates, undefined),
    newInHead: false,
  };
  const parts = scenarios.map((one) => (Object.hasOwn(mix, one.name) ? { ...one, partOf: MIX, load } : one));
  return [whole, ...parts];
}

/** The parts share their connections, so they go over one protocol. */
function protocolOfMix(parts: readonly ScenarioPlan[]): Pick<LoadPlan, "protocol"> {
  const protocol = parts[0]?.load.protocol;
  const other = parts.find(({ load }) => load.protocol !== protocol);
  if (other === undefined) return protocol === undefined ? {} : { protocol };
  throw new TailgateError(
    "config",
    `\`${parts[0]!.name}\` and \`${other.name}\` are parts of one \`mix\` and go over different protocols.`,
    "The parts of a mix are sent over the same connections: take one of them out.",
  );
}

function nameOf(section: ScenarioSection): string {
  const first = writtenRequests(section)[0]!;
  const { method, path } = resolveRequest(first);
  return section.name ?? first.rpc ?? `${method} ${path}`;
}

function writtenRequests(section: ScenarioSection): readonly RequestSection[] {
  return section.requests ?? [section.request ?? { path: section.path }];
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
  const data = section.data ?? file.data;
  const name = nameOf(section);
  const written = writtenRequests(section);
  const protocol = resolveProtocol(name, written, section.load?.protocol ?? file.load?.protocol);
  return {
    name,
    requests: written.map(resolveRequest),
    ...(data === undefined ? {} : { data }),
    expect: ofProtocol(name, resolveExpectation(section.expect), protocol),
    load: { ...resolveLoad(file.load, section.load), ...(protocol === "http1" ? {} : { protocol }) },
    gates: resolveGates(file.gates, section.gates),
    newInHead,
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
