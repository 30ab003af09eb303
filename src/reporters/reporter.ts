import type { Result } from "../model/result.js";
import type { Palette } from "./terminal/palette.js";

/** A service's log, for the end of a report. */
export interface ServiceLog {
  readonly arm: string;
  readonly text: string;
}

/** Where a report will be read. A reporter takes from it what it can use. */
interface ReportSetting {
  /** The longest text that fits there. */
  readonly maxCharacters?: number;
  readonly logs?: readonly ServiceLog[];
  /** Width of a terminal, in columns. */
  readonly columns?: number;
  readonly palette?: Palette;
}

/** Makes one kind of report of a result. It computes only: whoever asks writes the text or sends it. */
export interface Reporter {
  /** How the file is called where the report is kept; `null`: it is only shown. */
  readonly fileName: string | null;
  readonly render: (result: Result, setting: ReportSetting) => string;
}
