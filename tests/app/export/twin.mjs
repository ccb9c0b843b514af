// Prints the CSV that the page would write, for a trace (or metrics) given as JSON on standard input.
import { readFileSync } from "node:fs";
import { metricsCaption, traceCaption } from "../../../static/js/exports/caption.js";
import { tableOf, toCsv } from "../../../static/js/exports/tables.js";
import { fromJson } from "../../js/support/from_json.js";

const { panel, data, spec, parameters } = JSON.parse(readFileSync(0, "utf8"));
const nan = (cells) => cells.map((value) => value ?? NaN);
const columns = (group) => Object.fromEntries(Object.entries(group).map(([name, cells]) => [name, nan(cells)]));
if (panel === "curves" || panel === "health") {
  const { values, looks: seen, ...rest } = data;
  const looks = { update: seen.update, health: columns(seen.health), fresh: columns(seen.fresh) };
  const metrics = { ...columns(rest), values: columns(values) };
  const caption = metricsCaption("r1", metrics, spec, "run", parameters, panel);
  process.stdout.write(toCsv(tableOf(panel, null, { metrics, looks }), caption));
} else {
  const { cell = false, ...own } = data;
  const trace = fromJson(own);
  process.stdout.write(toCsv(tableOf(panel, trace, { cell }), traceCaption(panel, trace, spec, cell)));
}
