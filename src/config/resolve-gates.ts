import { DEFAULT_GATES } from "./defaults.js";
import type { GatesSection } from "./file/file.js";
import type { Gate, Gates } from "../model/plan.js";
import { METRICS, type Metric } from "../metrics/metrics.js";

/** What a file says about one gate, whichever metric it is for. */
type Written =
  "off" | { limit?: number | undefined; floor?: number | undefined; proof?: boolean | undefined };

/** Defaults, then the file's gates, then the scenario's own: the later one fills in what it names. */
export function resolveGates(
  file: GatesSection | undefined,
  scenario: Omit<GatesSection, "memory"> | undefined,
): Gates {
  const gates = {} as Record<Metric, Gate | null>;
  for (const metric of METRICS) {
    const layers = [file?.[metric], (scenario as GatesSection | undefined)?.[metric]] as (
      Written | undefined
    )[];
    gates[metric] = layers.reduce<Gate | null>(
      (gate, layer) => applied(gate, layer, metric),
      DEFAULT_GATES[metric],
    );
  }
  return gates;
}

function applied(gate: Gate | null, layer: Written | undefined, metric: Metric): Gate | null {
  if (layer === undefined) return gate;
  if (layer === "off") return null;
  const below = gate ?? DEFAULT_GATES[metric];
  return {
    limit: layer.limit ?? below.limit,
    floor: layer.floor ?? below.floor,
    proof: layer.proof ?? below.proof,
  };
}
