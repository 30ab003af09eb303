import { boundedPages } from "../api/client.js";
import { isAuthor } from "../api/identity.js";
import { OPERATIONS } from "../api/operation.js";
import type { Conversation } from "./conversation.js";
import { parseMarker, type Marker } from "./marker.js";

/** A comment of ours, known by its marker and its author. */
export interface OwnComment {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  readonly marker: Marker;
}

interface PostedComment {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string | undefined;
}

/** Our comments whose marker is wanted, from all pages. */
export async function findOwnComments(
  conversation: Conversation,
  isWanted: (marker: Marker) => boolean,
): Promise<OwnComment[]> {
  const comments = await conversation.client.call(OPERATIONS.listComments, (api) =>
    api.paginate(
      api.rest.issues.listComments,
      { ...place(conversation), issue_number: conversation.number, per_page: 100 },
      boundedPages(),
    ),
  );
  return comments.flatMap((comment) => {
    const own = ownComment(comment);
    return own !== null && isWanted(own.marker) && isAuthor(comment.user, conversation.login) ? [own] : [];
  });
}

/** A comment as it is now; `null` if it has lost its marker. */
export async function readComment(conversation: Conversation, id: number): Promise<OwnComment | null> {
  const { data: comment } = await conversation.client.call(OPERATIONS.listComments, (api, request) =>
    api.rest.issues.getComment({ ...place(conversation), comment_id: id, request }),
  );
  return ownComment(comment);
}

function ownComment(comment: PostedComment): OwnComment | null {
  const body = comment.body ?? "";
  const marker = parseMarker(body);
  return marker === null ? null : { id: comment.id, url: comment.html_url, body, marker };
}

export async function createComment(conversation: Conversation, body: string): Promise<OwnComment> {
  const { data: comment } = await conversation.client.call(OPERATIONS.createComment, (api, request) =>
    api.rest.issues.createComment({
      ...place(conversation),
      issue_number: conversation.number,
      body,
      request,
    }),
  );
  return { id: comment.id, url: comment.html_url, body, marker: parseMarker(body)! };
}

export async function updateComment(
  conversation: Conversation,
  id: number,
  body: string,
): Promise<OwnComment> {
  const { data: comment } = await conversation.client.call(OPERATIONS.updateComment, (api, request) =>
    api.rest.issues.updateComment({ ...place(conversation), comment_id: id, body, request }),
  );
  return { id, url: comment.html_url, body, marker: parseMarker(body)! };
}

export async function deleteComment(conversation: Conversation, id: number): Promise<void> {
  await conversation.client.call(OPERATIONS.deleteComment, (api, request) =>
    api.rest.issues.deleteComment({ ...place(conversation), comment_id: id, request }),
  );
}

function place(conversation: Conversation): { owner: string; repo: string } {
  return { owner: conversation.owner, repo: conversation.repository };
}
