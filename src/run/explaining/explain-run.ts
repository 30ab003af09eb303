import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { DiagnosisPorts } from "../../diagnosis/diagnosis-ports.js";
import { runDiagnosis, type DiagnosisTask } from "../../diagnosis/run-diagnosis.js";
import { explain } from "../../explanation/explain.js";
import type { Explanation } from "../../model/explanation.js";
import { withoutSecrets } from "../../service/log/redact.js";
import { secretsOf } from "../../service/log/secrets.js";
import type { RunContext } from "../run-context.js";
import { PROFILES_FOLDER, writeProfiles } from "./write-profiles.js";

const LOOKING_AT = { calls: "counting calls", cpu: "sampling CPU" } as const;

/**
 * Diagnosis blocks -> why the candidate is slower. Whatever goes wrong is part of the answer, as is a run that is
 * cancelled meanwhile: nothing of it is thrown.
 */
export async function explainRun(
  task: DiagnosisTask,
  ports: DiagnosisPorts,
  context: Pick<RunContext, "journal" | "outFolder" | "environment">,
): Promise<Explanation> {
  const { journal } = context;
  const { plan, candidate } = task;
  const { profiles, failure, ...found } = await runDiagnosis(task, ports, (block, blocks, looking) => {
    journal.step(`finding out why (block ${block} of ${blocks}, ${LOOKING_AT[looking]})`);
  });
  const folder = join(context.outFolder, PROFILES_FOLDER);
  const profileFiles = await writeProfiles(profiles, folder).catch(async (error: unknown) => {
    journal.note(`The profiles were not written: ${String(error)}`);
    // Half of them would fill a disk for nothing.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return [];
  });
  const explanation = explain({
    profiles,
    baseline: plan.baseline,
    candidate,
    scenario: found.scenario,
    instruments: found.instruments,
    durationMs: found.durationMs,
    profileFiles,
    failure,
  });
  // It is uploaded, and shown to whoever may read the pull request.
  return withoutSecrets(
    explanation,
    secretsOf(context.environment, ...plan.arms.map(({ service }) => service.env)),
  );
}
