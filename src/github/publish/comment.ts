import type { CommentWhen } from "../../model/plan.js";
import { GithubFault } from "../api/fault.js";
import type { Conversation } from "./conversation.js";
import { hidesWorse, keyInMarker, markerLine, supersedes, type Marker } from "./marker.js";
import {
  createComment,
  deleteComment,
  findOwnComments,
  updateComment,
  type OwnComment,
} from "./own-comments.js";

/** What the comment shall say. */
export interface Wanted {
  readonly marker: Marker;
  /** The text in at most so many characters. */
  readonly render: (maxCharacters: number) => string;
  readonly when: CommentWhen;
  /** Whether a comment may be created; an existing one is updated in any case. */
  readonly mayCreate: boolean;
}

export type CommentOutcome =
  | { readonly kind: "posted"; readonly id: number; readonly url: string }
  /** There is a comment already and it stays. */
  | {
      readonly kind: "kept";
      readonly id: number;
      readonly url: string;
      readonly why: string;
      /** Whether another job of the same run has the same key, which the user should mend. */
      readonly otherJob: boolean;
    }
  | { readonly kind: "none"; readonly why: string };

/** GitHub takes 65,536 characters; a text that is refused all the same is made shorter in these steps. */
const LENGTHS = [60_000, 30_000, 8_000] as const;
/** After a write, so long until the next look: time for another run's write to show. */
const SETTLE_MS = 1_500;
const MOST_ROUNDS = 8;

/**
 * Brings the conversation to the one state that is right: a single comment of ours with this key, which tells of the
 * newest run. It looks, makes the one change that is needed, and looks again, until nothing is left to do. So a
 * time-out after the effect, a comment deleted meanwhile, and two runs that publish at once all end the same way:
 * the oldest comment stays, with the newest text.
 *
 * @throws GithubFault
 */
export async function upsertComment(conversation: Conversation, wanted: Wanted): Promise<CommentOutcome> {
  let length = 0;
  let known: OwnComment | null = null;
  let last: CommentOutcome = { kind: "none", why: "the comment did not settle" };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const ours = await findOwnComments(
      conversation,
      (marker) => marker.key === keyInMarker(wanted.marker.key),
    );
    // A list may lag behind a write; what was just created exists.
    if (known !== null && !ours.some((comment) => comment.id === known?.id)) ours.push(known);
    const step = nextStep(ours, wanted, conversation.currentHead, compose(wanted, length));
    if (step.do === "nothing") return step.outcome;
    try {
      if (step.do === "create") known = await createComment(conversation, step.body);
      else if (step.do === "update") {
        const comment = await updateComment(conversation, step.id, step.body);
        if (known?.id === comment.id) known = comment;
        last = { kind: "posted", id: comment.id, url: comment.url };
      } else await deleteComment(conversation, step.id);
    } catch (fault) {
      if (!(fault instanceof GithubFault)) throw fault;
      if (fault.kind === "too-long" && length < LENGTHS.length - 1) length++;
      else if (step.do === "update" && fault.kind === "not-found") known = null;
      else if (step.do === "delete" && fault.kind === "not-found")
        known = known?.id === step.id ? null : known;
      else if (!(step.do === "create" && fault.ambiguous && round < 3)) throw fault;
    }
    await conversation.sleep(SETTLE_MS);
  }
  return last;
}

type Step =
  | { readonly do: "nothing"; readonly outcome: CommentOutcome }
  | { readonly do: "create"; readonly body: string }
  | { readonly do: "update"; readonly id: number; readonly body: string }
  | { readonly do: "delete"; readonly id: number };

/** The one change that is needed, from what is there. */
function nextStep(
  ours: readonly OwnComment[],
  wanted: Wanted,
  currentHead: string | null,
  body: string,
): Step {
  if (ours.length === 0) {
    const why = noCommentBecause(wanted);
    return why === null ? { do: "create", body } : { do: "nothing", outcome: { kind: "none", why } };
  }
  const keeper = ours.reduce((a, b) => (a.id <= b.id ? a : b));
  const newest = ours.reduce((a, b) => (supersedes(b.marker, a.marker, currentHead) ? b : a));
  const mineWins = supersedes(wanted.marker, newest.marker, currentHead);
  const stays = mineWins && wanted.when === "on-change" && saysNothingNew(wanted.marker, newest.marker);
  const right = mineWins && !stays ? body : newest.body;
  if (!sameText(keeper.body, right)) return { do: "update", id: keeper.id, body: right };
  const duplicate = ours.find((comment) => comment.id !== keeper.id);
  if (duplicate !== undefined) return { do: "delete", id: duplicate.id };
  const { id, url } = keeper;
  if (right === body) return { do: "nothing", outcome: { kind: "posted", id, url } };
  const why = stays ? "the verdict has not changed" : keptBecause(wanted.marker, newest.marker);
  const otherJob = !stays && isOtherJobs(wanted.marker, newest.marker);
  return { do: "nothing", outcome: { kind: "kept", id, url, why, otherJob } };
}

function keptBecause(mine: Marker, posted: Marker): string {
  return isOtherJobs(mine, posted)
    ? `another job of this run has commented \`${posted.state}\` under the key \`${mine.key}\`, which stays; give each job its own \`comment-key\``
    : "a newer run has already commented";
}

/** A late progress line is the job's own; a verdict that is milder than the one posted is another job's. */
function isOtherJobs(mine: Marker, posted: Marker): boolean {
  return mine.state !== "progress" && hidesWorse(mine, posted);
}

function noCommentBecause(wanted: Wanted): string | null {
  if (!wanted.mayCreate) return "the pull request is closed";
  if (wanted.when === "on-change" && wanted.marker.state === "pass")
    return "nothing changed (`comment: on-change`)";
  return null;
}

/** A pass over another run's pass. Any other verdict has numbers that a reader needs fresh. */
function saysNothingNew(mine: Marker, posted: Marker): boolean {
  const own = mine.runId === posted.runId && mine.runAttempt === posted.runAttempt;
  return !own && mine.state === "pass" && posted.state === "pass";
}

/** GitHub may store other line ends and no blanks at the end. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll("\r\n", "\n").trimEnd();
  return plain(a) === plain(b);
}

function compose(wanted: Wanted, length: number): string {
  const line = markerLine(wanted.marker);
  return `${line}\n${wanted.render(LENGTHS[length]! - line.length - 1)}`;
}
