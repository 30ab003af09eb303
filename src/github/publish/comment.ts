import type { CommentWhen } from "../../model/plan.js";
import { boundedPages } from "../api/client.js";
import { GithubFault } from "../api/fault.js";
import { isAuthor } from "../api/identity.js";
import type { Conversation } from "./conversation.js";
import { keyInMarker, markerLine, parseMarker, supersedes, type Marker } from "./marker.js";
import { OPERATIONS } from "../api/operation.js";

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
  | { readonly kind: "kept"; readonly id: number; readonly url: string; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

/** One of our comments with our key. */
export interface OwnComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  readonly marker: Marker;
}

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
export async function upsertComment(talk: Conversation, wanted: Wanted): Promise<CommentOutcome> {
  let length = 0;
  let known: OwnComment | null = null;
  let last: CommentOutcome = { kind: "none", why: "the comment did not settle" };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const ours = await findOwn(talk, (marker) => marker.key === keyInMarker(wanted.marker.key));
    // A list may lag behind a write; what was just created exists.
    if (known !== null && !ours.some((comment) => comment.id === known?.id)) ours.push(known);
    const step = nextStep(ours, wanted, talk.currentHead, compose(wanted, length));
    if (step.do === "nothing") return step.outcome;
    try {
      if (step.do === "create") known = await create(talk, step.body);
      else if (step.do === "update") {
        const comment = await updateComment(talk, step.id, step.body);
        if (known?.id === comment.id) known = comment;
        last = { kind: "posted", id: comment.id, url: comment.url };
      } else await remove(talk, step.id);
    } catch (fault) {
      if (!(fault instanceof GithubFault)) throw fault;
      if (fault.kind === "too-long" && length < LENGTHS.length - 1) length++;
      else if (step.do === "update" && fault.kind === "not-found") known = null;
      else if (step.do === "delete" && fault.kind === "not-found")
        known = known?.id === step.id ? null : known;
      else if (!(step.do === "create" && fault.ambiguous && round < 3)) throw fault;
    }
    await talk.sleep(SETTLE_MS);
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
  const double = ours.find((comment) => comment.id !== keeper.id);
  if (double !== undefined) return { do: "delete", id: double.id };
  const { id, url } = keeper;
  if (right === body) return { do: "nothing", outcome: { kind: "posted", id, url } };
  const why = stays ? "the verdict has not changed" : "a newer run has already commented";
  return { do: "nothing", outcome: { kind: "kept", id, url, why } };
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

/** Our comments whose marker is wanted, from all pages. */
export async function findOwn(
  talk: Conversation,
  isWanted: (marker: Marker) => boolean,
): Promise<OwnComment[]> {
  const comments = await talk.client.call(OPERATIONS.listComments, (api) =>
    api.paginate(
      api.rest.issues.listComments,
      { ...place(talk), issue_number: talk.number, per_page: 100 },
      boundedPages(),
    ),
  );
  return comments.flatMap((comment) => {
    const marker = parseMarker(comment.body ?? "");
    if (marker === null || !isWanted(marker) || !isAuthor(comment.user, talk.login)) return [];
    return [{ id: comment.id, url: comment.html_url, body: comment.body ?? "", marker }];
  });
}

async function create(talk: Conversation, body: string): Promise<OwnComment> {
  const { data: comment } = await talk.client.call(OPERATIONS.createComment, (api, request) =>
    api.rest.issues.createComment({ ...place(talk), issue_number: talk.number, body, request }),
  );
  return { id: comment.id, url: comment.html_url, body, marker: parseMarker(body)! };
}

export async function updateComment(talk: Conversation, id: number, body: string): Promise<OwnComment> {
  const { data: comment } = await talk.client.call(OPERATIONS.updateComment, (api, request) =>
    api.rest.issues.updateComment({ ...place(talk), comment_id: id, body, request }),
  );
  return { id, url: comment.html_url, body, marker: parseMarker(body)! };
}

async function remove(talk: Conversation, id: number): Promise<void> {
  await talk.client.call(OPERATIONS.deleteComment, (api, request) =>
    api.rest.issues.deleteComment({ ...place(talk), comment_id: id, request }),
  );
}

function place(talk: Conversation): { owner: string; repo: string } {
  return { owner: talk.owner, repo: talk.repository };
}
