import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: {
      type: "string",
      default:
        "speed,unchanged,plain,ten,narrow,at-limit-p50,at-limit-p95,at-limit-cpu,stalling,rivals,clear,beside",
    },
    runs: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    alpha: { type: "string", default: "0.01" },
    keep: { type: "string" },
  },
});
/** Made-up runs of a kind. */
export const RUNS = Number(options.runs);
export const SEED = Number(options.seed);
/** Number of the first run: shares of the work on several machines. */
export const FROM = Number(options.from);
/** Sections, named one by one or after `--only`. */
export const ONLY: readonly string[] = positionals.length > 0 ? positionals : options.only.split(",");
export const ALPHA = Number(options.alpha);
/** File in which the parts of the grid are kept, so that it can be stopped and go on. */
export const KEEP = options.keep;
