import { TailgateError } from "../../error.js";
import { firstLine } from "../../text/lines.js";
import { faultKind, type FaultKind, type FaultSigns } from "./fault-kind.js";
import type { Operation } from "./operation.js";

/** A refusal or failure of GitHub's API, with what the user can do about it. */
export class GithubFault extends TailgateError {
  constructor(
    readonly kind: FaultKind,
    readonly operation: Operation,
    message: string,
    hint: string,
    options?: { cause?: unknown },
  ) {
    super("github", message, hint, options);
  }

  /** Whether the request may have had its effect although no response says so. */
  get ambiguous(): boolean {
    return ["server", "not-json", "timeout", "network"].includes(this.kind);
  }
}

/** The fault with its sentence and its hint. */
export function describeFault(operation: Operation, signs: FaultSigns, cause: unknown): GithubFault {
  const kind = faultKind(signs);
  const what = `GitHub did not let us ${operation.doing}`;
  const said = signs.message === "" ? "" : ` It said: ${shortLine(signs.message)}`;
  const status = signs.status === null ? "" : ` (${signs.status})`;
  const [message, hint] = words(kind, operation, what, status);
  return new GithubFault(kind, operation, `${message}${said}`, hint, { cause });
}

function words(kind: FaultKind, operation: Operation, what: string, status: string): [string, string] {
  switch (kind) {
    case "unauthorized":
      return [
        `${what}: the token is not valid${status}.`,
        "Leave `github-token` at its default, or renew the token: GITHUB_TOKEN ends with its job, others expire or are revoked.",
      ];
    case "forbidden":
      return [
        `${what}: the token may not${status}.`,
        `Grant \`permissions: { ${operation.permission} }\` to this job. On a pull request from a fork the token stays ` +
          "read-only whatever is granted: use `mode: measure` there and `mode: report` in a `workflow_run` workflow.",
      ];
    case "rate":
      return [
        `${what}: the rate limit is used up${status}.`,
        "Run it again later. The limit is shared by everything in the repository that uses the same token.",
      ];
    case "locked":
      return [
        `${what}: the conversation is locked${status}.`,
        "Unlock it to have a comment; the job summary has the report.",
      ];
    case "not-found":
      return [
        `${what}: not found${status}.`,
        `It was deleted, or the token cannot see it: then grant \`permissions: { ${operation.permission} }\` to this job.`,
      ];
    case "gone":
      return [`${what}: it is gone${status}.`, "It was deleted or has expired. Run the workflow again."];
    case "moved":
      return [
        `${what}: it has moved${status}.`,
        "The repository was renamed or transferred while the job ran. Run the workflow again.",
      ];
    case "too-long":
      return [`${what}: the text is too long${status}.`, "The job summary and the artifact have all of it."];
    case "invalid":
      return [`${what}: the request was refused${status}.`, "The job summary has the report."];
    case "server":
      return [
        `${what}: its server failed${status}.`,
        "See https://www.githubstatus.com and run the workflow again.",
      ];
    case "not-json":
      return [
        `${what}: the response was a page and not JSON${status}.`,
        "It may come from a proxy. Check GITHUB_API_URL and the runner's proxy settings.",
      ];
    case "timeout":
      return [
        `${what}: no response in time.`,
        "See https://www.githubstatus.com and run the workflow again.",
      ];
    case "network":
      return [
        `${what}: the connection failed.`,
        "Check the runner's network, proxy settings and GITHUB_API_URL.",
      ];
  }
}

function shortLine(text: string): string {
  const line = firstLine(text);
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}
