import { MINIMUM_BLOCKS } from "../stats/alpha-spending.js";
import { flag, isFiniteNumber, isObject, refusal, shown } from "./document-checks.js";
import { metricName, parseCell } from "./parse-cell.js";
import { OBSERVATIONS_SCHEMA, type ObservedCell, type Observations } from "./observations.js";

/** Numbers in one document; keeps the sign flips of a document below half a minute. */
const MOST_VALUES = 1_000_000;
const MOST_LOOKS = 50;

/**
 * Observations out of a parsed JSON document, with what may be left out filled in: `alpha` 0.05, `looks` none, `seed` 1,
 * `strict` false; in a cell `scenario` null, `unit` "", `scale` "log", `floor` 0, `gated` and `proof` true. An arm named
 * "control" that is not the baseline is the control.
 *
 * @throws TailgateError "artifact" that names the cell, the arm and the block at fault
 */
export function parseObservations(document: unknown): Observations {
  if (!isObject(document)) throw refusal("the document is not a JSON object");
  if (document["schema"] !== OBSERVATIONS_SCHEMA) {
    throw refusal(
      `the document's schema is ${shown(document["schema"])}, which this version cannot read`,
      `Give it "schema": "${OBSERVATIONS_SCHEMA}".`,
    );
  }
  const baseline = document["baseline"];
  if (typeof baseline !== "string" || baseline === "") {
    throw refusal('"baseline" is missing: the name of the arm that the others are compared with');
  }
  const list = document["cells"];
  if (!Array.isArray(list) || list.length === 0)
    throw refusal('"cells" has to be a list of one cell or more');
  const cells = list.map((cell, index) => parseCell(cell, index, baseline));
  checkTogether(cells, baseline);
  const arms = new Set(cells.flatMap((cell) => Object.keys(cell.values)));
  return {
    schema: OBSERVATIONS_SCHEMA,
    baseline,
    control: parseControl(document["control"], baseline, arms),
    alpha: parseAlpha(document["alpha"]),
    looks: parseLooks(document["looks"]),
    seed: parseSeed(document["seed"]),
    strict: flag(document["strict"], false, '"strict"'),
    cells,
  };
}

function parseAlpha(value: unknown): number {
  if (value === undefined) return 0.05;
  if (isFiniteNumber(value) && value > 0 && value < 0.5) return value;
  throw refusal(`"alpha" is ${shown(value)}, but has to be above 0 and below 0.5`, "Write 0.05 for 5 %.");
}

function parseSeed(value: unknown): number {
  if (value === undefined) return 1;
  if (Number.isSafeInteger(value)) return value as number;
  throw refusal(`"seed" is ${shown(value)}, but has to be a whole number`);
}

function parseLooks(value: unknown): readonly number[] {
  if (value === undefined || value === null) return [];
  const looks = Array.isArray(value) ? (value as unknown[]) : null;
  const rises = looks?.every(
    (look, i) => Number.isSafeInteger(look) && (i === 0 || (look as number) > (looks[i - 1] as number)),
  );
  if (looks === null || rises !== true) {
    throw refusal('"looks" has to be a list of rising whole numbers of blocks, such as [12, 20, 30, 40]');
  }
  const first = looks[0] as number | undefined;
  if (first !== undefined && first < MINIMUM_BLOCKS) {
    throw refusal(
      `"looks" begins at ${first}, but with fewer than ${MINIMUM_BLOCKS} blocks nothing can be shown`,
    );
  }
  if (looks.length > MOST_LOOKS) throw refusal(`"looks" has more than ${MOST_LOOKS} entries`);
  return looks as number[];
}

function parseControl(value: unknown, baseline: string, arms: ReadonlySet<string>): string | null {
  if (value === undefined) return arms.has("control") && baseline !== "control" ? "control" : null;
  if (value === null) return null;
  if (typeof value === "string" && arms.has(value) && value !== baseline) return value;
  throw refusal(`"control" is ${shown(value)}, but has to name an arm other than the baseline`);
}

/** What only shows when all cells are seen side by side. */
function checkTogether(cells: readonly ObservedCell[], baseline: string): void {
  const first = cells[0]!.values[baseline]!.length;
  const names = new Set<string>();
  let numbers = 0;
  for (const [index, { scenario, metric, values }] of cells.entries()) {
    const name = `cell ${index + 1} (${metricName(scenario, metric)})`;
    const blocks = values[baseline]!.length;
    if (blocks !== first) {
      throw refusal(
        `${name} has ${blocks} blocks where cell 1 has ${first}`,
        "All cells come from the same blocks: their signs are flipped together.",
      );
    }
    const key = JSON.stringify([scenario, metric]);
    if (names.has(key)) throw refusal(`${name} is there twice`);
    names.add(key);
    numbers += blocks * Object.keys(values).length;
    if (numbers > MOST_VALUES) throw refusal(`${name}: the document holds more than ${MOST_VALUES} values`);
  }
}
