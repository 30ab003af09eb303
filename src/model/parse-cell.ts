import { flag, isFiniteNumber, isObject, oneOf, refusal, shown } from "./document-checks.js";
import type { ObservedCell } from "./observations.js";
import { quoted } from "../text/escape.js";

/** Beyond this it is not blocks that were recorded but single requests, which are no independent observations. */
const MOST_BLOCKS = 10_000;
/** A limit of 1000 % or more is a slip of the unit, not a limit. */
const LIMIT_BELOW = 10;

/**
 * One cell of a document.
 *
 * @param index - its place in the document, from 0
 * @throws TailgateError "artifact" that names the cell, the arm and the block at fault
 */
export function parseCell(cell: unknown, index: number, baseline: string): ObservedCell {
  const place = `cell ${index + 1}`;
  if (!isObject(cell)) throw refusal(`${place} is not an object`);
  const scenario = cell["scenario"] ?? null;
  if (scenario !== null && typeof scenario !== "string")
    throw refusal(`${place} has a "scenario" that is no text`);
  const metric = cell["metric"];
  if (typeof metric !== "string" || metric === "") throw refusal(`${place} has no "metric"`);
  const name = `${place} (${metricName(scenario, metric)})`;
  const unit = cell["unit"] ?? "";
  if (typeof unit !== "string") throw refusal(`${name}: "unit" is no text`);
  const worse = oneOf(cell["worse"], ["higher", "lower"] as const, `${name}: "worse"`);
  const scale = oneOf(cell["scale"] ?? "log", ["log", "difference"] as const, `${name}: "scale"`);
  const limit = cell["limit"];
  const below = scale === "log" && worse === "lower" ? 1 : LIMIT_BELOW;
  if (!isFiniteNumber(limit) || limit <= 0 || limit >= below) {
    throw refusal(
      `${name}: "limit" is ${shown(limit)}, but has to be above 0 and below ${below}`,
      scale === "log" ? "Write 0.05 for 5 %." : "Write 0.001 for 0.1 percentage points.",
    );
  }
  const floor = cell["floor"] ?? 0;
  if (!isFiniteNumber(floor) || floor < 0)
    throw refusal(`${name}: "floor" is ${shown(floor)}, but cannot be below 0`);
  const accepted = cell["accepted"] ?? null;
  if (accepted !== null && (!isFiniteNumber(accepted) || accepted <= 0 || accepted >= below)) {
    throw refusal(`${name}: "accepted" is ${shown(accepted)}, but has to be above 0 and below ${below}`);
  }
  return {
    scenario,
    metric,
    unit,
    worse,
    limit,
    scale,
    floor,
    gated: flag(cell["gated"], true, `${name}: "gated"`),
    proof: flag(cell["proof"], true, `${name}: "proof"`),
    accepted,
    values: parseValues(cell["values"], name, baseline, { scale, unit }),
  };
}

function parseValues(
  values: unknown,
  name: string,
  baseline: string,
  kind: Pick<ObservedCell, "scale" | "unit">,
): Readonly<Record<string, readonly number[]>> {
  if (!isObject(values)) throw refusal(`${name}: "values" has to hold a list of numbers for every arm`);
  const arms = Object.keys(values);
  if (!arms.includes(baseline)) throw refusal(`${name} has no values for the baseline ${quoted(baseline)}`);
  if (arms.length < 2) throw refusal(`${name} has no arm to compare with the baseline ${quoted(baseline)}`);
  // The baseline first: it says how many blocks there are.
  const rows = [baseline, ...arms.filter((arm) => arm !== baseline)].map((arm) => {
    const row = values[arm];
    if (!Array.isArray(row)) throw refusal(`${name}: the values of ${quoted(arm)} are no list`);
    const blocks = (values[baseline] as unknown[]).length;
    if (row.length > MOST_BLOCKS) {
      throw refusal(
        `${name} has ${row.length} blocks, more than the ${MOST_BLOCKS} that can be judged`,
        "A value is one number a block, that is one launch of every arm, not one a request.",
      );
    }
    if (row.length !== blocks) {
      throw refusal(
        `${name}: ${quoted(arm)} has ${row.length} blocks where the baseline has ${blocks}`,
        "Every arm needs one value for every block, in the same order.",
      );
    }
    if (row.length < 2)
      throw refusal(`${name} has ${row.length === 0 ? "no block" : "one block"}: two are the least`);
    for (const [block, value] of row.entries())
      checkValue(value, `${name}, ${quoted(arm)}, block ${block + 1}`, kind);
    return [arm, row as number[]] as const;
  });
  return Object.fromEntries(rows);
}

function checkValue(
  value: unknown,
  place: string,
  { scale, unit }: Pick<ObservedCell, "scale" | "unit">,
): void {
  if (!isFiniteNumber(value)) throw refusal(`${place}: ${shown(value)} is not a finite number`);
  if (scale === "log" && value <= 0) {
    throw refusal(`${place}: ${value} has no ratio`, 'On the "log" scale every value has to be above 0.');
  }
  if (scale === "difference" && (value < 0 || (unit === "share" && value > 1))) {
    throw refusal(
      `${place}: ${value} is not a share`,
      'On the "difference" scale a value is a share, 0 to 1.',
    );
  }
}

/** A cell's name in a refusal. */
export function metricName(scenario: string | null, metric: string): string {
  return scenario === null ? quoted(metric) : `${quoted(scenario)} ${quoted(metric)}`;
}
