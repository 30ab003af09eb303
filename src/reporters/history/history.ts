import type { CommitOrder } from "../../history/commit-order.js";
import type { PassedOver } from "../../history/read-lines.js";
import type { HistoryLine } from "../../model/history-line.js";

/** What a report of the history is made from. */
export interface History {
  /** In the order in which the runs started. */
  readonly lines: readonly HistoryLine[];
  readonly order: CommitOrder;
  readonly passedOver: PassedOver;
  /** What else a reader should know, such as that tags could not be read. */
  readonly notes: readonly string[];
}
