import { shareWithInterval } from "../../../src/stats/binomial.js";
import { median } from "../../../src/stats/quantile.js";
import { formatDuration, formatPercent, formatSignedPercent } from "../../../src/text/format-quantity.js";
import { CHANGES, type Place } from "./places.js";
import type { RunRecord } from "./record.js";

const HEADING = [
  "| service | head | machine | runs | red | green | inconclusive | invalid | blocks | measuring | p50 | p90 | CPU per request | memory | waited for a processor |",
  "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
];

/** What all runs so far say: one row for each kind of run, then one for all runs with the same head. */
export function seriesTable(places: readonly Place[], records: readonly RunRecord[]): string {
  const known = places.map((place) => ({ place, own: records.filter((record) => isAt(record, place)) }));
  const present = known.filter(({ own }) => own.length > 0);
  const each = present.map(({ place: { subject, change, beside }, own }) =>
    row([subject, change, beside], own),
  );
  const sums = CHANGES.map((change) => ({
    kind: ["all", change, "all"],
    alike: present.filter(({ place }) => place.change === change),
  }))
    .filter(({ alike }) => alike.length > 1)
    .map(({ kind, alike }) =>
      row(
        kind,
        alike.flatMap(({ own }) => own),
      ),
    );
  return [...HEADING, ...each, ...sums].join("\n");
}

export function isAt(record: Place, place: Place): boolean {
  return record.subject === place.subject && record.change === place.change && record.beside === place.beside;
}

function row(kind: readonly string[], own: readonly RunRecord[]): string {
  const count = (verdict: RunRecord["verdict"]): number =>
    own.filter((record) => record.verdict === verdict).length;
  // Lines of earlier versions do not have all figures.
  const middle = (of: (record: RunRecord) => number | null | undefined): number | null => {
    const known = own.map(of).filter((value) => typeof value === "number");
    return known.length === 0 ? null : median(known);
  };
  const changed = (of: (record: RunRecord) => number | null | undefined): string => {
    const change = middle(of);
    return change === null ? "" : formatSignedPercent(change);
  };
  const pressure = middle((record) => record.cpuPressureShare);
  const cells = [
    ...kind,
    own.length,
    counted(count("regression"), own.length),
    counted(count("pass"), own.length),
    counted(count("inconclusive"), own.length),
    count("invalid"),
    middle((record) => record.blocks) ?? "",
    formatDuration(1000 * (middle((record) => record.measuringMs) ?? 0)),
    changed((record) => record.p50Change),
    changed((record) => record.p90Change),
    changed((record) => record.cpuChange),
    changed((record) => record.memoryChange),
    pressure === null ? "" : formatPercent(pressure),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** "3 (1.2 to 27.4 %)": with the 95 % interval of the true share. */
function counted(count: number, of: number): string {
  const { low, high } = shareWithInterval(count, of);
  const [from, to] = [low, high].map((share) => (100 * share).toFixed(1));
  return `${count} (${from!} to ${to!} %)`;
}
