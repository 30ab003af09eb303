import type { NetworkTime } from "../../metrics/measurement.js";
import type { Result } from "../../model/result.js";
import { median } from "../../stats/quantile.js";
import { formatDuration } from "../../text/format-quantity.js";
import type { MethodologyItem } from "./methodology-item.js";
import { countedBlocks } from "./paired-series.js";

/** Where the services of a comparison run, and how long the way to them is; none where they run here. */
export function deploymentItems(result: Result): MethodologyItem[] {
  if (result.plan.deployments === undefined) return [];
  const places = result.plan.arms.map(({ name, service }) => `${name} at ${service.deployment?.url ?? "?"}`);
  const ways = result.plan.arms.flatMap(({ name }) => {
    const measured = countedBlocks(result).flatMap((block) => block.arms[name]?.network ?? []);
    return measured.length === 0 ? [] : [`to ${name} ${describeWay(measured)}`];
  });
  return [
    { label: "Deployments", text: places.join("; ") },
    { label: "Network", text: ways.join("; ") },
  ];
}

/** "12 ms (TLS 14 ms, a bare request 31 ms)": medians over the blocks. */
function describeWay(measured: readonly NetworkTime[]): string {
  const tls = measured.flatMap(({ tlsUs }) => tlsUs ?? []);
  const middle = (values: readonly number[]): string => formatDuration(median(values));
  const more = [
    ...(tls.length === 0 ? [] : [`TLS ${middle(tls)}`]),
    `a bare request ${middle(measured.map(({ requestUs }) => requestUs))}`,
  ];
  return `${middle(measured.map(({ connectUs }) => connectUs))} (${more.join(", ")})`;
}

/** What a block is where nothing is started: "every block deploys all arms anew", "blocks are groups of turns". */
export function describeDeploymentBlocks({ plan }: Result): string {
  const anew = plan.arms.filter(({ service }) => service.deployment?.redeploy !== undefined);
  const blocks =
    anew.length === 0
      ? "nothing is started: a block is a group of turns"
      : anew.length === plan.arms.length
        ? "every block deploys all arms anew"
        : `every block deploys ${anew.map(({ name }) => name).join(", ")} anew`;
  return `${blocks}; arms take turns burst by burst in random order, and each burst begins after the last response of the burst before`;
}
