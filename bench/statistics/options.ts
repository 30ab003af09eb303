import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    only: {
      type: "string",
      default:
        "speed,unchanged,plain,ten,narrow,at-limit-p50,at-limit-p95,at-limit-cpu,stalling,rivals,clear,beside",
    },
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
  },
});
/** Made-up runs of a kind. */
export const RUNS = Number(options.runs);
export const SEED = Number(options.seed);
/** Number of the first run: shares of the work on several machines. */
export const FROM = Number(options.from);
export const ONLY: readonly string[] = options.only.split(",");
