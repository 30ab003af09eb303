import { DEFAULT_GATES } from "./defaults.js";
import type { GatesSection, ScenarioGatesSection } from "./file/file.js";
import { type Gate, type Gates, type ServiceGateKey, serviceGateKey } from "../model/gates-plan.js";
import type { Plan } from "../model/plan.js";
import { ofEachMetric, type Registered, SERVICE_METRICS } from "../metrics/metrics.js";

/** What a file says about one gate, whichever metric it is for. */
type Written = "off" | { readonly [Key in keyof Gate]?: Gate[Key] | undefined };

/** Defaults, then the file's gates, then the scenario's own: the later one fills in what it names. */
export function resolveGates(
  file: GatesSection | undefined,
  scenario: ScenarioGatesSection | undefined,
): Gates {
  const ofScenario: GatesSection | undefined = scenario;
  return ofEachMetric((metric) =>
    [file?.[metric.name], ofScenario?.[metric.name]].reduce<Gate | null>(
      (gate, layer) => applied(gate, layer, metric),
      DEFAULT_GATES[metric.name],
    ),
  );
}

/** The gates of metrics of the service as a whole, which no scenario has. */
export function resolveServiceGates(file: GatesSection | undefined): Pick<Plan, ServiceGateKey> {
  const gates = resolveGates(file, undefined);
  return Object.fromEntries(SERVICE_METRICS.map(({ name }) => [serviceGateKey(name), gates[name]])) as Pick<
    Plan,
    ServiceGateKey
  >;
}

function applied(gate: Gate | null, layer: Written | undefined, metric: Registered): Gate | null {
  if (layer === undefined) return gate;
  if (layer === "off") return null;
  // A gate that a file asks for has whatever it leaves out from its metric.
  const below = gate ?? metric.gate;
  return {
    limit: layer.limit ?? below.limit,
    floor: layer.floor ?? below.floor,
    proof: layer.proof ?? below.proof,
  };
}
