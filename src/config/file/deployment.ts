import { z } from "zod";
import { DEFAULT_MAX_RATE, HIGHEST_MAX_RATE } from "../defaults.js";
import { service } from "./service.js";
import { text } from "./values.js";

/** A name or an address; `*.` before at least two labels stands for any names. */
const HOST =
  /^(\*\.(?=[^.]+\.[^.]))?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$|^\[[0-9a-f:.]+\]$/i;

/** Keys of a service that a deployment has a use for. */
export const KEYS_OF_DEPLOYMENTS: readonly string[] = ["url", "redeploy", "ready", "env", "build-timeout"];

/** One of `arms`: a service that is started here, or one that runs elsewhere. */
export const arm = service.extend({
  url: text(2000)
    .optional()
    .meta({
      description:
        "Where the service runs already: nothing is built or started. The scheme, the host and the port if need be; `${NAME}` is replaced by a variable of the job. Its host has to be one of `allowed-hosts`. All arms have a `url`, or none.",
      examples: ["https://shop.example.com", "${PREVIEW_URL}"],
    }),
  redeploy: text(10_000)
    .optional()
    .meta({
      description:
        "Deploys the service at `url` anew, before each block, and ends when the new deployment serves. `{arm}` is replaced. With it, what differs from one deployment to the next is measured too.",
      examples: ["./deploy.sh {arm}"],
    }),
});

export const allowedHosts = z
  .array(z.string().max(300).regex(HOST, "is no host: write `shop.example.com`, or `*.preview.example.com`"))
  .min(1)
  .max(100)
  .meta({
    description:
      "Hosts that load may be sent to, for `arms` with a `url`. Only base's file counts. `*.` stands for any names before the rest.",
    examples: [["shop.example.com", "*.preview.example.com"]],
  });

export const maxRate = z
  .number()
  .positive()
  .max(HIGHEST_MAX_RATE)
  .meta({
    description:
      "The most requests per second that a service elsewhere is sent. Its capacity is therefore not looked for.",
    default: DEFAULT_MAX_RATE,
    examples: [50],
  });
