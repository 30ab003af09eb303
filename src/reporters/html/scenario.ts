import { formatChange } from "../../metrics/format-change.js";
import { LATENCY_QUANTILES } from "../../metrics/measurement.js";
import { SCENARIO_METRICS, SERVICE_METRICS } from "../../metrics/metrics.js";
import { metricsOf, type MetricOf, valueIn } from "../../verdict/measured-metric.js";
import { median } from "../../stats/quantile.js";
import type { ResultCell } from "../../model/result.js";
import { formatDuration } from "../../text/format-quantity.js";
import { distributionOf } from "../text/distribution.js";
import { htmlText, shortened, visible } from "../../text/escape.js";
import { countedBlocks, pairedSeries, type PairedPoint } from "../text/paired-series.js";
import type { Result } from "../../model/result.js";
import { candidateNames } from "../text/rows.js";
import { seriesChart } from "./block-charts.js";
import { changeChart } from "./change-chart.js";
import { distributionChart, percentileChart, type ArmDistribution } from "./latency-charts.js";

/** Everything about one scenario: where its requests lie, how each metric changed block by block, the figures. */
export function scenarioSection(result: Result, scenario: string, place: number): string {
  const arms = result.arms.map((arm) => arm.name);
  const latencies = arms.slice(0, 6).flatMap((name, index): ArmDistribution[] => {
    const distribution = distributionOf(result, name, scenario);
    return distribution === null ? [] : [{ name, place: index, distribution }];
  });
  const parts = [`<h2 id="scenario-${place}"><bdi>${htmlText(shortened(visible(scenario), 300))}</bdi></h2>`];
  if (latencies.length === 0)
    parts.push("<p>No request of this scenario was served, so there is nothing to draw.</p>");
  else {
    parts.push(
      `<div class="pictures two">${distributionChart(latencies)}${percentileChart(latencies)}</div>`,
      quantileTable(result, scenario, arms),
    );
  }
  for (const candidate of candidateNames(result)) parts.push(changes(result, scenario, candidate));
  parts.push(overTheRun(result, scenario));
  return `<section aria-labelledby="scenario-${place}">${parts.join("")}</section>`;
}

/** The service as a whole: its own metrics over the blocks. */
export function serviceSection(result: Result): string {
  const values = SERVICE_METRICS.map((metric) => valuesChart(result, { scenario: null, metric }));
  if (values.every((chart) => chart === "")) return "";
  const changed = candidateNames(result).flatMap((arm) =>
    SERVICE_METRICS.map(({ name }) => chartOf(result, { scenario: null, metric: name, arm })),
  );
  const charts = [...changed, ...values].join("");
  return `<section aria-labelledby="service"><h2 id="service">The service</h2><div class="pictures">${charts}</div></section>`;
}

function changes(result: Result, scenario: string, arm: string): string {
  const charts = SCENARIO_METRICS.map(({ name }) => chartOf(result, { scenario, metric: name, arm })).filter(
    (chart) => chart !== "",
  );
  if (charts.length === 0) return "";
  const several = candidateNames(result).length > 1;
  const title = several
    ? `Change of <bdi>${htmlText(shortened(visible(arm), 60))}</bdi>, block by block`
    : "Change, block by block";
  return `<h3>${title}</h3><p class="quiet">A dot is one block. The band is the 95 % interval after so many blocks, the dashed line the limit, a dotted upright a look.</p><div class="pictures">${charts.join("")}</div>${blockTable(result, scenario, arm)}`;
}

function chartOf(result: Result, place: Pick<ResultCell, "scenario" | "metric" | "arm">): string {
  const cell = result.cells.find(
    (one) => one.scenario === place.scenario && one.metric === place.metric && one.arm === place.arm,
  );
  if (cell === undefined) return "";
  const series = pairedSeries(result, place);
  if (series.length < 2) return "";
  // A flat line, such as that of no errors, says nothing that its row in the table does not.
  if (series.every((point) => point.change === 0)) return "";
  return changeChart(cell, series, result.schedule?.looks ?? []);
}

function overTheRun(result: Result, name: string): string {
  const scenario = result.plan.scenarios.find((one) => one.name === name)!;
  const charts = metricsOf(scenario)
    .map((metric) => valuesChart(result, { scenario, metric }))
    .join("");
  return charts === "" ? "" : `<h3>Over the run</h3><div class="pictures">${charts}</div>`;
}

/** The values of a metric block by block, a line for each arm; nothing where it has no such picture or no value. */
function valuesChart(result: Result, of: MetricOf): string {
  const { chart } = of.metric;
  if (chart === null) return "";
  const blocks = countedBlocks(result);
  const series = result.arms.slice(0, 6).map(({ name }, place) => ({
    name: shortened(visible(name), 40),
    place,
    values: blocks.map((block) => valueIn(block, name, of) ?? null),
  }));
  return series.every((one) => one.values.every((value) => value === null))
    ? ""
    : seriesChart({ title: chart.title, series, format: chart.tick });
}

function quantileTable(result: Result, scenario: string, arms: readonly string[]): string {
  const rows = arms.flatMap((arm) => {
    const seen = countedBlocks(result).flatMap((block) => {
      const scenarios = Object.hasOwn(block.arms, arm) ? block.arms[arm]!.scenarios : {};
      const latency = Object.hasOwn(scenarios, scenario) ? scenarios[scenario]!.latencyUs : null;
      return latency === null ? [] : [latency];
    });
    if (seen.length === 0) return [];
    const figures = LATENCY_QUANTILES.map(
      ({ quantile }) => `<td class="n">${formatDuration(median(seen.map((one) => one[quantile])))}</td>`,
    );
    return [
      `<tr><th scope="row"><bdi>${htmlText(shortened(visible(arm), 60))}</bdi></th>${figures.join("")}</tr>`,
    ];
  });
  const heads = LATENCY_QUANTILES.map(({ label }) => `<th scope="col" class="n">${label}</th>`);
  return scrollingTable(
    "Latency: exact percentiles of each block, median over the blocks",
    `<th scope="col">Arm</th>${heads.join("")}`,
    rows,
  );
}

function blockTable(result: Result, scenario: string, arm: string): string {
  const metrics = metricsOf(result.plan.scenarios.find(({ name }) => name === scenario)!);
  const byBlock = metrics.map(
    ({ name: metric }) =>
      new Map(
        pairedSeries(result, { scenario, metric, arm }).map((point): [number, PairedPoint] => [
          point.block,
          point,
        ]),
      ),
  );
  const rows = countedBlocks(result).map((block) => {
    const figures = metrics.map((metric, index) => {
      const point = byBlock[index]!.get(block.index);
      return `<td class="n">${point === undefined ? "–" : formatChange(metric, point.change)}</td>`;
    });
    return `<tr><th scope="row">${block.index}</th>${figures.join("")}</tr>`;
  });
  const heads = metrics.map(({ label }) => `<th scope="col" class="n">${label}</th>`);
  return `<details><summary>The same as a table</summary>${scrollingTable("Change in each block", `<th scope="col">Block</th>${heads.join("")}`, rows)}</details>`;
}

function scrollingTable(caption: string, head: string, rows: readonly string[]): string {
  return `<div class="scroll" tabindex="0" role="group" aria-label="${htmlText(caption)}"><table><caption>${htmlText(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
