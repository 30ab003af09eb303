import { TailgateError } from "../error.js";
import type { ArmPlan, Plan } from "../model/plan.js";
import type { ConfigFile } from "./file/file.js";
import type { Inputs } from "./inputs.js";
import { resolveDeployment } from "./resolve-deployment.js";
import { resolveService } from "./resolve-service.js";
import { DEFAULT_MAX_RATE } from "./defaults.js";

/** What `arms` of a file says. */
type NamedArms = Pick<Plan, "arms" | "baseline" | "deployments">;

/** @throws TailgateError "config" for fewer than two, an unknown baseline, or services here beside services elsewhere */
export function resolveArms(file: ConfigFile, inputs: Inputs): NamedArms {
  const sections = file.arms ?? {};
  const names = Object.keys(sections);
  if (names.length < 2) {
    throw new TailgateError(
      "config",
      "`arms` needs at least two services.",
      "Add a second one, or remove `arms`.",
    );
  }
  const elsewhere = names.filter((name) => sections[name]!.url !== undefined);
  const first = elsewhere.includes("base") ? "base" : names[0]!;
  const baseline = file.baseline ?? first;
  if (!names.includes(baseline)) {
    throw new TailgateError(
      "config",
      `\`baseline\` is \`${baseline}\`, which is not one of the arms.`,
      `Use one of: ${names.join(", ")}.`,
    );
  }
  if (elsewhere.length === 0) {
    const arms = names.map((name): ArmPlan => {
      const service = resolveService({ ...file.service, ...sections[name]! }, inputs, name);
      return { name, role: "stack", service };
    });
    return { arms, baseline };
  }
  const here = names.find((name) => !elsewhere.includes(name));
  if (here !== undefined) {
    throw new TailgateError(
      "config",
      `\`arms.${elsewhere[0]!}\` has a \`url\` and \`arms.${here}\` has none: the network would be a part of one of them only.`,
      "Give each arm a `url`, or none.",
    );
  }
  return {
    arms: names.map((name) => ({
      name,
      role: roleOf(name, names, baseline),
      service: resolveDeployment(sections[name]!, file.service, name),
    })),
    baseline,
    deployments: {
      allowedHosts: (file["allowed-hosts"] ?? []).map((host) => host.toLowerCase()),
      maxRatePerSecond: file["max-rate"] ?? DEFAULT_MAX_RATE,
    },
  };
}

/** Deployments of a pull request and of its base are gated as two commits are; others are compared without limits. */
function roleOf(name: string, names: readonly string[], baseline: string): ArmPlan["role"] {
  const ofPullRequest =
    baseline === "base" &&
    names.includes("head") &&
    names.every((one) => one === "base" || one === "head" || one === "control");
  return ofPullRequest ? (name as "base" | "head" | "control") : "stack";
}
