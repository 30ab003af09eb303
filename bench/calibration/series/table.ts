import { shareWithInterval } from "../../../src/stats/binomial.js";
import { median } from "../../../src/stats/quantile.js";
import { formatDuration, formatPercent, formatSignedPercent } from "../../../src/text/format-quantity.js";
import type { Place } from "./places.js";
import type { RunRecord } from "./record.js";

const HEADING = [
  "| service | head | machine | runs | red | green | inconclusive | invalid | blocks | measuring | CPU per request | memory | waited for a processor |",
  "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
];

/** What all runs so far say, one row for each kind of run. */
export function seriesTable(places: readonly Place[], records: readonly RunRecord[]): string {
  const rows = places.flatMap((place) => {
    const own = records.filter((record) => isAt(record, place));
    return own.length === 0 ? [] : [row(place, own)];
  });
  return [...HEADING, ...rows].join("\n");
}

export function isAt(record: Place, place: Place): boolean {
  return record.subject === place.subject && record.change === place.change && record.beside === place.beside;
}

function row({ subject, change, beside }: Place, own: readonly RunRecord[]): string {
  const count = (verdict: RunRecord["verdict"]): number =>
    own.filter((record) => record.verdict === verdict).length;
  const middle = (of: (record: RunRecord) => number | null): number | null => {
    const known = own.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : median(known);
  };
  const cpu = middle((record) => record.cpuChange);
  const memory = middle((record) => record.memoryChange);
  const pressure = middle((record) => record.cpuPressureShare);
  const cells = [
    subject,
    change,
    beside,
    own.length,
    counted(count("regression"), own.length),
    counted(count("pass"), own.length),
    counted(count("inconclusive"), own.length),
    count("invalid"),
    middle((record) => record.blocks) ?? "",
    formatDuration(1000 * (middle((record) => record.measuringMs) ?? 0)),
    cpu === null ? "" : formatSignedPercent(cpu),
    memory === null ? "" : formatSignedPercent(memory),
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
