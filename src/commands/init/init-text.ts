import type { createColors } from "picocolors";
import { type Change, differenceOf, kindOf } from "../../init/changes.js";
import { guessedRows } from "../../init/guess/guessed-rows.js";
import type { Proposal } from "../../init/guess/propose.js";
import type { Place } from "../../init/place.js";
import { printable } from "../../service/log/printable.js";

type Palette = ReturnType<typeof createColors>;

/** What was guessed from what, and what is not known. */
export function describeProposal(proposal: Proposal, place: Place, palette: Palette): string[] {
  const rows = guessedRows(proposal).map((row) => row.map(oneLine));
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]!.length));
  const lines = rows.map(
    ([what, value, from]) =>
      `  ${what!.padEnd(width(0))}  ${palette.bold(value!.padEnd(width(1)))}  ${palette.dim(from)}`,
  );
  const folder = place.subfolder === "" ? "" : ` in ${oneLine(place.subfolder)}`;
  const notRepository =
    place.git === null
      ? ["This folder is in no git repository; Tailgate compares two of its commits, so it needs one."]
      : [];
  const unknown = [...notRepository, ...proposal.unknown.map(oneLine)];
  return [
    `Guessed${folder}:`,
    ...lines,
    ...(unknown.length === 0
      ? []
      : ["", palette.yellow("To look at:"), ...unknown.map((sentence) => `  - ${sentence}`)]),
  ];
}

/** One file as a difference. */
export function describeChange(change: Change, palette: Palette): string[] {
  const kind = kindOf(change);
  if (kind === "same") return ["", `${palette.bold(change.path)} is as it should be.`];
  const title = kind === "new" ? "new" : "differs from what is there";
  return [
    "",
    `${palette.bold(oneLine(change.path))} (${title})`,
    ...differenceOf(change).map((line) => {
      const text = printable(line);
      return text.startsWith("+") ? palette.green(text) : text.startsWith("-") ? palette.red(text) : text;
    }),
  ];
}

/**
 * What to do now, with what was written.
 *
 * @param ignored - those of the files that git ignores, by their paths
 */
export function nextSteps(
  written: readonly Change[],
  ignored: readonly string[],
  place: Place,
  action: string,
  palette: Palette,
): string[] {
  if (written.length === 0) return ["Nothing was written."];
  const inFolder = place.subfolder === "" ? "" : ` (in ${oneLine(place.subfolder)})`;
  const paths = written.map(({ path }) => path);
  const workflows = paths.filter((path) => path !== place.config);
  const steps = [
    place.git === null
      ? `Read ${oneLine(place.config)}.`
      : `Read ${oneLine(place.config)}, and try it${inFolder}: ${palette.bold("tailgate run")} compares the last commit with\n     where the branch left the default branch, or on that branch with the commit before it.`,
    ...(workflows.length > 0 && action.startsWith("OWNER/")
      ? [`In ${workflows.join(" and ")}, put the account that hosts the action in place of OWNER.`]
      : []),
    ...(ignored.length > 0
      ? [
          `Git ignores ${ignored.map(oneLine).join(" and ")} here: ${palette.bold("git add -f")} adds what it ignores.`,
        ]
      : []),
    paths.includes(place.reportWorkflow)
      ? "Commit the files. Comments come once both workflows are on the default branch."
      : paths.includes(place.workflow)
        ? "Commit the files. The workflow comments on pull requests from branches of this repository."
        : "Commit the files.",
  ];
  return ["", "Next:", ...steps.map((step, index) => `  ${index + 1}. ${step}`)];
}

export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, " ");
}
