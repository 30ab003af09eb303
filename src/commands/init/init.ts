import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { createColors } from "picocolors";
import { checkInputs } from "../../config/inputs.js";
import { TailgateError } from "../../error.js";
import { type Change, changeTo, kindOf, write } from "../../init/changes.js";
import { configText } from "../../init/guess/config-text.js";
import { type Given, type Proposal, propose } from "../../init/guess/propose.js";
import { shardedWorkflowText } from "../../init/guess/sharded-workflow-text.js";
import { releaseWorkflowText, workflowText, workflowTexts } from "../../init/guess/workflow-text.js";
import { MOST_SHARDS } from "../../model/shard.js";
import { ignoredFiles } from "../../init/ignored-files.js";
import { type Place } from "../../init/place.js";
import { type Ask, findService } from "./find-service.js";
import { afterTrial } from "../../init/guess/trial.js";
import { isBuilt, tryService } from "../../init/try-service.js";
import { describeChange, nextSteps, describeProposal, oneLine } from "./init-text.js";
import { wantsColor } from "../terminal/progress-line.js";
import type { OutputStream } from "../terminal/streams.js";

/** Flags of `tailgate init`. */
export interface InitOptions {
  readonly build?: string | undefined;
  readonly start?: string | undefined;
  readonly path?: string | undefined;
  readonly action: string;
  readonly forks: boolean;
  readonly release: boolean;
  /** Number of machines among which the workflow divides a run; left out: one measures all. */
  readonly shards?: string | undefined;
  /** Whether the service is started once to see what it does; left out: where it is built already. */
  readonly try?: boolean | undefined;
  readonly yes: boolean;
}

export type { Ask };

export interface InitEdges {
  readonly stderr: OutputStream;
  readonly ask: Ask;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const ACTION = /^[\w.-]+\/[\w./-]+@[\w./-]+$/;

/**
 * `tailgate init`: proposes tailgate.yml and a workflow, shows the difference, and writes what is agreed to. What is
 * there already is overwritten only if a person says so; with `--yes` it is kept. Exits with 0 when the files are as
 * wanted, 2 when nothing could be written.
 */
export async function initCommand(options: InitOptions, folder: string, edges: InitEdges): Promise<number> {
  const inputs = checkInputs(options, "flag");
  if (!ACTION.test(options.action)) {
    throw new TailgateError(
      "config",
      `\`--action\` is \`${options.action}\`: that is not how a workflow names an action.`,
      "Write it like OWNER/tailgate@v1.",
    );
  }
  shardsOf(options);
  const { stderr, ask } = edges;
  const palette = createColors(wantsColor(stderr, edges.environment));
  const say = (lines: readonly string[]): void => {
    stderr.write(lines.map((line) => `${line}\n`).join(""));
  };

  const given = { build: inputs.build, start: inputs.start, path: inputs.path };
  const asked = options.yes ? null : ask;
  const { place, snapshot, remarks } = await findService(folder, given, asked);
  say(remarks);
  const guessed = await proposeWithStart(snapshot, given, asked);
  const proposal = await tried(guessed, join(place.root, place.subfolder), options, edges, say);
  const changes = await changesFor(proposal, place, options);
  say(describeProposal(proposal, place, palette));
  for (const change of changes) say(describeChange(change, palette));

  const kinds = changes.map(kindOf);
  if (kinds.every((kind) => kind === "same")) {
    say(["", "Nothing to write: everything is there already."]);
    return 0;
  }
  if (!options.yes && ask === null) {
    throw new TailgateError(
      "config",
      "Nothing was written: there is no terminal to ask on.",
      "Give --yes to write what is new; files that are there already are kept.",
    );
  }
  const written = await writeAgreed(changes, place, options.yes ? null : ask, say);
  const paths = written.map(({ path }) => path);
  say(nextSteps(written, await ignoredFiles(place, paths), place, options.action, palette));
  return 0;
}

/** @throws TailgateError "config" for what is no number of shards */
function shardsOf({ shards }: InitOptions): number | null {
  if (shards === undefined) return null;
  const count = /^[0-9]{1,3}$/u.test(shards) ? Number(shards) : NaN;
  if (count >= 2 && count <= MOST_SHARDS) return count;
  throw new TailgateError(
    "config",
    `\`--shards\` is \`${shards.slice(0, 80)}\`: it must be a number from 2 to ${MOST_SHARDS}.`,
    "Leave it out where one machine measures all.",
  );
}

/** The proposal; asks for the start command where nothing in the repository gives it. */
async function proposeWithStart(
  snapshot: Parameters<typeof propose>[0],
  given: Given,
  ask: Ask,
): Promise<Proposal> {
  const proposal = propose(snapshot, given);
  if (proposal.start !== null) return proposal;
  const answer = ask === null ? "" : (await ask("Which command starts the service? ")).trim();
  if (answer === "") {
    throw new TailgateError(
      "config",
      "Nothing here says how the service is started, so nothing was written.",
      'Say it: tailgate init --start "node server.js". It gets its port as PORT, and {port} is replaced.',
    );
  }
  return propose(snapshot, { ...given, start: answer });
}

/**
 * The proposal after its service was started once. Unless that is asked for, only a service that is built already is
 * started, and only if somebody agrees or files are written unasked.
 */
async function tried(
  proposal: Proposal,
  folder: string,
  options: InitOptions,
  { ask, environment }: InitEdges,
  say: (lines: readonly string[]) => void,
): Promise<Proposal> {
  if (options.try === false || proposal.start === null) return proposal;
  if (options.try === undefined) {
    if (!isBuilt(folder, proposal) || (!options.yes && ask === null)) return proposal;
    const question = `Start it once (${oneLine(proposal.start.value)}) to see what it responds to? [Y/n] `;
    if (!options.yes && !(await isYes(ask!, question, true))) return proposal;
  }
  say([`Trying it: ${oneLine(proposal.start.value)}`, ""]);
  return afterTrial(proposal, await tryService(folder, proposal, environment));
}

async function changesFor(proposal: Proposal, place: Place, options: InitOptions): Promise<Change[]> {
  const { root } = place;
  const workflow = {
    action: options.action,
    subfolder: place.subfolder,
    steps: proposal.steps,
    needs: proposal.needs,
    services: proposal.services,
  };
  const config = await changeTo(root, place.config, configText(proposal));
  const release = options.release
    ? [await changeTo(root, place.releaseWorkflow, releaseWorkflowText(workflow))]
    : [];
  const { forks } = options;
  const shards = shardsOf(options);
  const sharded = shards === null ? null : shardedWorkflowText(workflow, { shards, forks });
  if (!forks) {
    return [config, await changeTo(root, place.workflow, sharded ?? workflowText(workflow)), ...release];
  }
  const { measure, report } = workflowTexts(workflow);
  return [
    config,
    await changeTo(root, place.workflow, sharded ?? measure),
    await changeTo(root, place.reportWorkflow, report),
    ...release,
  ];
}

/** Writes new files, and different ones if a person agrees to each. */
async function writeAgreed(
  changes: readonly Change[],
  { root }: Place,
  ask: Ask,
  say: (lines: readonly string[]) => void,
): Promise<Change[]> {
  const agreed: Change[] = [];
  say([""]);
  for (const change of changes) {
    switch (kindOf(change)) {
      case "same":
        break;
      case "new":
        if (ask === null || (await isYes(ask, `Write ${change.path}? [Y/n] `, true))) agreed.push(change);
        break;
      case "different":
        if (ask === null)
          say([`Kept ${change.path}: it is there already, and is never overwritten unasked.`]);
        else if (await isYes(ask, `Overwrite ${change.path}? [y/N] `, false)) agreed.push(change);
        break;
    }
  }
  for (const change of agreed) {
    await write(root, change);
    say([`Wrote ${change.path}`]);
  }
  return agreed;
}

async function isYes(ask: NonNullable<Ask>, question: string, otherwise: boolean): Promise<boolean> {
  const answer = (await ask(question)).trim().toLowerCase();
  return answer === "" ? otherwise : answer === "y" || answer === "yes";
}

/** A person at a terminal; `null` where input or output is not one. */
export function askOnTerminal(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): { readonly ask: Ask; readonly close: () => void } {
  if (!input.isTTY || !output.isTTY) return { ask: null, close: () => undefined };
  const lines = createInterface({ input, output });
  return {
    ask: (question) =>
      lines.question(question).catch((cause: unknown) => {
        // Ctrl+C or Ctrl+D. Files are written after the last question.
        throw new TailgateError("config", "Stopped; nothing was written.", "Start again when you like.", {
          cause,
        });
      }),
    close: () => {
      lines.close();
    },
  };
}
