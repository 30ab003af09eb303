import { TailgateError } from "../../error.js";
import type { ProgramChange, ProgramRecord } from "../../service/integrity/program-record.js";
import { sharedProgram } from "../../service/integrity/shared-program.js";
import type { RunningService } from "../../service/lifecycle/running-service.js";
import type { PreparedArm } from "./prepare-arm.js";

/**
 * Whether base, while none of its processes runs, is the program that served before.
 *
 * @param program - `null` where there is none to hold it against
 * @param step - what came in between, as a clause: "head was built and set up"
 * @returns the refusal, or `null` when it is the same
 */
export async function requireSameProgram(
  program: ProgramRecord | null,
  step: string,
): Promise<TailgateError | null> {
  const change = (await program?.changedAtRest()) ?? null;
  return change === null ? null : baseChanged(change, `while ${step}`);
}

/**
 * Whether base is still that program while the arms are measured.
 *
 * @throws TailgateError "revision" that names what was changed
 */
export async function verifyWhileMeasured(program: ProgramRecord | null): Promise<void> {
  const change = (await program?.changedWhileServing()) ?? null;
  if (change !== null) throw baseChanged(change, "while the arms were measured");
}

/**
 * Whether an arm that has just started runs what it should: base the images that it ran first, and head another program
 * than base. Two commits whose services load nothing from their own checkouts, and the very same files from elsewhere or
 * the very same images, are one program measured twice.
 *
 * @throws TailgateError "revision" that names what was changed, or what both run; the service is stopped then
 */
export async function verifyStartedProgram(
  base: PreparedArm,
  arm: PreparedArm,
  service: RunningService,
): Promise<void> {
  const error = await wrongProgram(base, arm, service);
  if (error === null) return;
  await service.stop();
  throw error;
}

async function wrongProgram(
  base: PreparedArm,
  arm: PreparedArm,
  service: RunningService,
): Promise<TailgateError | null> {
  if (base.program === null || arm.checkout === null) return null;
  const first = base.program.loaded;
  if (arm.plan.name === base.plan.name) {
    if (first.images === null || first.images.length === 0) return null;
    const known = new Set(first.images.map(({ id }) => id));
    const other = ((await service.program()).images ?? []).find(({ id }) => !known.has(id));
    return other === undefined
      ? null
      : baseChanged({ path: other.id, what: "is an image that it had not run then," }, "but runs now");
  }
  if (arm.plan.role !== "head") return null;
  if (arm.checkout.revision.sha === base.checkout?.revision.sha && !arm.checkout.revision.dirty) return null;
  const shared = sharedProgram(
    { folder: base.folder, loaded: first },
    { folder: arm.folder, loaded: await service.program() },
  );
  if (shared === null) return null;
  return new TailgateError(
    "revision",
    `base and ${arm.plan.name} run the very same program: ${JSON.stringify(shared)}, which lies outside of both checkouts`,
    "Start what each checkout's own build made. Keep outputs apart with {arm} or TAILGATE_ARM; docs/service.md has a recipe for each tool.",
  );
}

function baseChanged({ path, what }: NonNullable<ProgramChange>, when: string): TailgateError {
  return new TailgateError(
    "revision",
    `base is no longer the program that served first: ${JSON.stringify(path)} ${what} ${when}`,
    "Base and head must not share what they write. Keep outputs apart with {arm} or TAILGATE_ARM (docs/service.md has a recipe for each tool); what the service itself writes, let it write outside of tracked and built files.",
  );
}
