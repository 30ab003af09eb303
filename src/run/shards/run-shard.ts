import { join } from "node:path";
import { TailgateError } from "../../error.js";
import { replaceFile } from "../../files/atomic-write.js";
import type { Plan } from "../../model/plan.js";
import type { Result } from "../../model/result.js";
import type { Schedule } from "../../model/schedule.js";
import { SHARD_SCHEMA, type ShardDocument, type ShardPart } from "../../model/shard.js";
import { planWithoutSecrets } from "../../service/log/redact.js";
import { requireSameRun } from "../../shards/check-parts.js";
import { scenariosOfShards } from "../../shards/own-scenarios.js";
import { shardFileName, shardName } from "../../shards/shard-name.js";
import { shardSeed } from "../../shards/shard-seed.js";
import { prepareArms } from "../arms/prepare-arms.js";
import { buildResult } from "../build-result.js";
import { connectPorts } from "../connect-ports.js";
import type { Course } from "../course.js";
import { readJobVariables } from "../job-variables.js";
import { measureAvailableArms } from "../measure-available-arms.js";
import { type PlannedRun, readPlan, revisionOf } from "../read-plan.js";
import type { RunContext } from "../run-context.js";
import { openRunWorkspace } from "../run-workspace.js";
import { VERSION } from "../../version.js";
import { planHash } from "./plan-hash.js";
import { readParts } from "./read-parts.js";

/** What a part of a run leaves: its file, from which the merge judges. */
export interface ShardOutcome {
  readonly document: ShardDocument;
  /** Absolute path. */
  readonly file: string;
}

/**
 * One part of a run that is divided among several machines: its pilot, which finds rate and schedule for all, or a shard,
 * which measures its blocks by them. It judges nothing: the verdict comes with the merge.
 *
 * @param pilotFolder - below which a shard finds the pilot's file
 * @throws TailgateError as `runGate`; "artifact" for a shard without its pilot, or of another plan
 */
export async function runShard(
  given: RunContext,
  part: ShardPart,
  pilotFolder: string,
  connect = connectPorts,
): Promise<ShardOutcome> {
  const startedAt = new Date();
  const startedMs = performance.now();
  const workspace = await openRunWorkspace(given);
  try {
    const planned = await readPlan(given, workspace);
    const { plan, revisions, source } = planned;
    if (plan.deployments !== undefined) throw sharedDeployments();
    const pilot = part.part === "pilot" ? null : await readPilot(part, planned, pilotFolder);
    const [own, course] = taskOf(part, plan, pilot);
    const context = readJobVariables(given, own);
    context.journal.begun(own);
    await workspace.beginResults();
    const prepared = await prepareArms(own, (arm) => revisionOf(arm, revisions), source, context, workspace);
    const ports = await connect(own, prepared.arms, context, workspace);
    try {
      const measured = await measureAvailableArms(own, prepared, ports, context, course);
      const durationMs = Math.round(performance.now() - startedMs);
      const record = {
        context,
        planned: { ...planned, plan: own },
        prepared,
        ports,
        measured,
        startedAt,
        durationMs,
      };
      const result = buildResult(record);
      const schedule = pilot?.schedule ?? result.schedule;
      // Without a schedule there is nothing that shards could measure by.
      if (schedule === null) throw notPiloted(result.reason);
      const document = documentOf(part, planWithoutSecrets(plan), schedule, result);
      const file = join(context.outFolder, `${shardFileName(part)}.json`);
      await replaceFile(file, `${JSON.stringify(document)}\n`);
      return { document, file };
    } finally {
      await ports.close();
    }
  } finally {
    await workspace.close();
  }
}

/** What this part measures, and how far it goes. */
function taskOf(part: ShardPart, plan: Plan, pilot: ShardDocument | null): [Plan, Course] {
  if (part.part === "pilot" || pilot === null) return [plan, { kind: "pilot", division: part }];
  const scenarios =
    part.by === "scenarios"
      ? scenariosOfShards(plan, pilot.schedule.loads, part.of)[part.part - 1]!
      : plan.scenarios;
  const loads = pilot.schedule.loads.filter(({ scenario }) =>
    scenarios.some(({ name }) => name === scenario),
  );
  const schedule = { ...pilot.schedule, loads, seed: shardSeed(pilot.schedule.seed, part.part) };
  return [
    { ...plan, scenarios },
    { kind: "shard", shard: part.part, schedule },
  ];
}

/** The pilot's file, which has to be of the same run. */
async function readPilot(part: ShardPart, planned: PlannedRun, folder: string): Promise<ShardDocument> {
  const found = (await readParts(folder)).filter(({ document }) => document.part === "pilot");
  const pilot = found[0];
  if (pilot === undefined || found.length > 1) {
    throw new TailgateError(
      "artifact",
      `${shardName(part)} finds ${found.length === 0 ? "no file of a pilot" : `${found.length} files of pilots`} below ${folder}.`,
      `Run the pilot first (\`shard: pilot/${part.of}\`), and hand its one file to all shards.`,
    );
  }
  const { document } = pilot;
  const own = ownPart(part, planned, document);
  requireSameRun({ file: "this job", document: own }, pilot);
  return document;
}

/** What this job would hand on, as far as the pilot has to agree with it. */
function ownPart(part: ShardPart, { plan, revisions }: PlannedRun, pilot: ShardDocument): ShardDocument {
  const shown = planWithoutSecrets(plan);
  return {
    ...pilot,
    part: part.part,
    of: part.of,
    by: part.by,
    seed: plan.experiment.seed,
    environment: { ...pilot.environment, tailgate: VERSION },
    arms: pilot.arms.map((arm) => ({ ...arm, revision: revisionOf(arm, revisions) })),
    planHash: planHash({ plan: shown, schedule: pilot.schedule }),
  };
}

function documentOf(part: ShardPart, plan: Plan, schedule: Schedule, result: Result): ShardDocument {
  const { seed, startedAt, durationMs, arms, environment, warnings, blocks, reproduce, logTail } = result;
  const { sinceRelease, between, verdict, reason } = result;
  const outcome: ShardDocument["outcome"] =
    verdict === "invalid"
      ? { kind: "failed", reason }
      : verdict === "no-baseline"
        ? { kind: "no-baseline", reason }
        : { kind: "measured" };
  return {
    schema: SHARD_SCHEMA,
    part: part.part,
    of: part.of,
    by: part.by,
    planHash: planHash({ plan, schedule }),
    outcome,
    plan,
    schedule,
    ...{ seed, startedAt, durationMs, arms, environment, warnings, blocks, reproduce, logTail },
    ...{ sinceRelease, between },
  };
}

function notPiloted(reason: string): TailgateError {
  return new TailgateError(
    "service",
    `The pilot found no rate: ${reason}.`,
    "No shard can measure without it. See the log of the service above.",
  );
}

function sharedDeployments(): TailgateError {
  return new TailgateError(
    "config",
    "Services that run elsewhere are not measured in shards: all of them would send load to the same deployments, more than `max-rate` together, and disturb one another.",
    "Measure them in one job, without `shard`.",
  );
}
