// Prints the CSV that the page would write, for a trace (or metrics) given as JSON on standard input.
import { readFileSync } from "node:fs";
import { metricsCaption, traceCaption } from "../../../static/js/exports/caption.js";
import { tableOf, toCsv } from "../../../static/js/exports/tables.js";
import { fromJson } from "../../js/support/from_json.js";

const { panel, data, spec, parameters } = JSON.parse(readFileSync(0, "utf8"));
const nan = (cells) => cells.map((value) => value ?? NaN);
if (panel === "curves") {
  const metrics = {
    ...Object.fromEntries(
      Object.entries(data)
        .filter(([name]) => name !== "values")
        .map(([name, cells]) => [name, nan(cells)]),
    ),
    values: {},
  };
  for (const [name, cells] of Object.entries(data.values)) metrics.values[name] = nan(cells);
  process.stdout.write(toCsv(tableOf(panel, null, metrics), metricsCaption("r1", metrics, spec, "run", parameters)));
} else {
  const trace = fromJson(data);
  process.stdout.write(toCsv(tableOf(panel, trace, null), traceCaption(panel, trace, spec)));
}
