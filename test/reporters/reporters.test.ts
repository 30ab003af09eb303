import { expect, test } from "vitest";
import type { Reporter } from "../../src/reporters/reporter.js";
import { KEPT_REPORTS, REPORTERS } from "../../src/reporters/reporters.js";
import { PLAIN } from "../../src/reporters/terminal/palette.js";
import { SAMPLES } from "./samples.js";

/** A reporter of another kind: the rows as a spreadsheet reads them. */
const csv: Reporter = {
  fileName: "rows.csv",
  render: ({ cells }, { maxCharacters = Infinity }) => {
    const rows = cells.map(({ scenario, metric, arm, change, verdict }) =>
      [JSON.stringify(scenario ?? "service"), metric, arm, change ?? "", verdict].join(","),
    );
    const text = ["scenario,metric,arm,change,verdict", ...rows, ""].join("\n");
    return text.length <= maxCharacters ? text : text.slice(0, text.lastIndexOf("\n", maxCharacters - 1) + 1);
  },
};

test("a reporter of another kind needs nothing beyond the port", () => {
  const result = SAMPLES["regression"]!();
  const lines = csv.render(result, {}).trimEnd().split("\n");
  expect(lines).toHaveLength(1 + result.cells.length);
  expect(lines[1]).toMatch(/^"list users",p50,head,0\.1\d+,regressed$/);
  expect(csv.render(result, { maxCharacters: 100 }).length).toBeLessThanOrEqual(100);
});

test.each(Object.entries<Reporter>(REPORTERS))(
  "the reporter %s tells every kind of result",
  (_, reporter) => {
    for (const sample of Object.values(SAMPLES)) expect(reporter.render(sample(), {}).trim()).not.toBe("");
  },
);

test("the files that a run keeps have names of their own", () => {
  const names = KEPT_REPORTS.map((name) => REPORTERS[name].fileName);
  expect(new Set(names).size).toBe(names.length);
});

test("the JSON reporter gives the result as it is", () => {
  const result = SAMPLES["regression"]!();
  expect(JSON.parse(REPORTERS.json.render(result))).toEqual(result);
});

test("a reporter takes from its setting what it can use", () => {
  const result = SAMPLES["regression"]!();
  const logs = [{ arm: "head", text: "listening on 41000" }];
  expect(REPORTERS.html.render(result, { logs })).toContain("listening on 41000");
  expect(REPORTERS.markdown.render(result, { maxCharacters: 2_000 }).length).toBeLessThanOrEqual(2_000);
  const narrow = REPORTERS.terminal.render(result, { columns: 60, palette: PLAIN });
  expect(narrow).not.toBe(REPORTERS.terminal.render(result, {}));
});
