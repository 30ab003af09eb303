import { folderInput, heading, measuringJob, type WorkflowOptions } from "./workflow-text.js";

/** How a workflow divides a run among several machines. */
export interface Sharding {
  readonly shards: number;
  /** Whether a workflow of its own reports, for pull requests from forks. */
  readonly forks: boolean;
}

/** What earlier jobs of the run have stored, where the action looks for it. */
const DOWNLOAD = `      - uses: actions/download-artifact@v6
        with:
          pattern: "*-shard-*"
          path: tailgate-shards
`;

/** One workflow that divides a run: a pilot fixes the load, each machine measures its part, and the last job judges. */
export function shardedWorkflowText(options: WorkflowOptions, { shards, forks }: Sharding): string {
  const numbers = Array.from({ length: shards }, (_, place) => place + 1).join(", ");
  const own = folderInput(options.subfolder);
  const merge = ["mode: merge", ...(forks ? ["comment: never # the other workflow comments"] : []), ...own];
  return `${heading("Latency")}jobs:
  pilot:
    name: Pilot
    permissions:
      contents: read # the checkout
${measuringJob(options, [`shard: pilot/${shards}`])}  measure:
    name: Measure
    needs: pilot
    permissions:
      contents: read # the checkout
    strategy:
      fail-fast: false # the others are judged without one that failed
      matrix:
        shard: [${numbers}]
${measuringJob(options, [`shard: \${{ matrix.shard }}/${shards}`], DOWNLOAD)}  merge:
    name: Merge
    needs: [pilot, measure]
    if: \${{ !cancelled() }}
    permissions:${forks ? " {}" : "\n      pull-requests: write # the comment"}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
${DOWNLOAD}      - uses: ${options.action}
        with:
${merge.map((one) => `          ${one}\n`).join("")}`;
}
