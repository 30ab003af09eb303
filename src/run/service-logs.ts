import { readFile } from "node:fs/promises";
import type { Plan } from "../model/plan.js";
import type { ServiceLog } from "../reporters/html/report-page.js";
import { printable } from "../service/log/printable.js";
import { redact, secretsOf } from "../service/log/redact.js";
import type { RunWorkspace } from "./run-workspace.js";

/** As much as helps a reader; the whole log lies beside the report. */
const LAST_LINES = 100;

/** The end of what each service printed in its last launch: printable, without secrets. */
export async function serviceLogs(
  plan: Plan,
  environment: Readonly<Record<string, string | undefined>>,
  workspace: RunWorkspace,
): Promise<ServiceLog[]> {
  const logs = await Promise.all(
    plan.arms.map(async ({ name, service }) => {
      // Bounded by whoever writes it; absent where the arm was never launched.
      const text = await readFile(workspace.log(`service-${name}`), "utf8").catch(() => "");
      const end = text.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
      return { arm: name, text: redact(printable(end), secretsOf(environment, service.env)) };
    }),
  );
  return logs.filter(({ text }) => text !== "");
}
