import type { Plan } from "../model/plan.js";
import { redact, secretsOf } from "../service/log/redact.js";

/** Results travel further than configuration files: what looks like a secret in `service.env` stays behind. */
export function withoutSecrets(plan: Plan): Plan {
  const arms = plan.arms.map((arm) => {
    const secrets = secretsOf(arm.service.env);
    const env = Object.entries(arm.service.env).map(([name, value]) => [name, redact(value, secrets)]);
    return { ...arm, service: { ...arm.service, env: Object.fromEntries(env) as Record<string, string> } };
  });
  return { ...plan, arms };
}
