import type { Plan } from "../../model/plan.js";
import type { Journal } from "../../run/journal.js";
import { describePlan } from "../../run/describe-plan.js";
import { progressState } from "../../run/progress-state.js";
import { type ProgressState, renderProgressLine } from "../../reporters/progress/progress.js";
import type { GithubContext } from "../event/github-context.js";
import { logText } from "../../text/log-text.js";
import { logGroup } from "./log-commands.js";
import { outputsOf } from "./outputs.js";
import { type Progress, startProgress } from "./progress.js";
import { STEP_STATE } from "./step-state.js";

/** Lines about the measuring come no more often than this. */
const LINE_EVERY_MS = 20_000;

/** A journal in the log of an action and, while it measures, in the pull request's comment. */
export interface ActionJournal extends Journal {
  /** Ends the updates of the comment; call before the result is published. */
  stop(): Promise<void>;
}

/** @param speaks - whether this job may comment: not in `mode: measure` */
export function actionJournal(
  context: GithubContext,
  speaks: boolean,
  saveState: (name: string, value: string) => void,
): ActionJournal {
  let progress: Promise<Progress> | null = null;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const line = (text: string): void => {
    context.core.info(logText(text));
  };
  const show = (state: ProgressState): void => {
    void progress?.then((comment) => {
      comment.update(state);
    });
  };
  return {
    begun(plan) {
      if (!speaks) return;
      saveState(STEP_STATE.comment, "begun");
      progress = startProgress(context, {
        comment: plan.report.comment,
        key: plan.report.key,
        state: preparing(plan),
      });
    },
    runOpened: (runId) => {
      saveState(STEP_STATE.runId, runId);
    },
    step: line,
    note: (text) => {
      line(`Note: ${text}`);
    },
    output: (title, text) => {
      if (text !== "") logGroup(context.core, title, text);
    },
    planned(plan, schedule) {
      logGroup(context.core, "Plan", describePlan(plan, schedule).join("\n"));
      show(progressState(plan, schedule, [], 0));
    },
    measured(state) {
      show(state);
      if (performance.now() - writtenAt < LINE_EVERY_MS) return;
      writtenAt = performance.now();
      line(renderProgressLine(state));
    },
    decided({ result, files }) {
      line(`Verdict: ${result.verdict}. ${result.reason}`);
      for (const [name, value] of Object.entries(outputsOf(result, files)))
        context.core.setOutput(name, value);
    },
    async stop() {
      await (await progress)?.stop();
    },
  };
}

/** Before the schedule stands, the budget is all that is known of how long it takes. */
function preparing(plan: Plan): ProgressState {
  return {
    step: "checking out and building",
    block: 0,
    maximumBlocks: null,
    elapsedMs: 0,
    remainingMs: plan.experiment.budgetMs,
    arms: [],
    watched: [],
  };
}
