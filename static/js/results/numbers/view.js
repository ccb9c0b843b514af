// Everything that the panels show, counted once from the rows and the choice. Pure.

import { SEED, axisOf, shownAxes, textOf } from "./axes.js";
import { cellsOf } from "./cells.js";
import { metricsOf } from "./trials.js";

/**
 * @param {Wire.GroupResults} results @param {Results.Choice} choice
 * @returns {Results.View}
 */
export function viewOf(results, choice) {
  const { rows: all } = results;
  const { metrics, every } = knownOf(results);
  const own = every.filter(({ path }) => path !== SEED);
  const settings = own.length ? own : every;
  const { x, y } = shownAxes(settings, choice);
  const others = settings.filter((axis) => axis !== x && axis !== y);
  const held = Object.fromEntries(others.flatMap((axis) => heldOf(axis, choice.held)));
  const pairs = Object.entries(held);
  const rows = pairs.length ? all.filter((row) => pairs.every(([path, text]) => textOf(row, path) === text)) : all;
  const main = metrics.find(({ name }) =>
    results.metrics.some((known) => known.name === name && name === choice.metric),
  );
  const metric = metrics.find(({ name }) => name === choice.metric) ?? metrics[0];
  return {
    ...{ all, rows, axes: every, settings, x, y, others, held, metrics, metric },
    main: main ?? metrics[0],
    cells: cellsOf(
      rows,
      [x, y].filter((axis) => axis !== null),
      metric.name,
    ),
    kinds: cellsOf(rows, own, (main ?? metrics[0]).name),
  };
}

/** What does not depend on the choice, counted once for the same rows. @param {Wire.GroupResults} results */
function knownOf(results) {
  const known = KNOWN.get(results) ?? {
    metrics: metricsOf(results),
    every: results.axes.map((path) => axisOf(results.rows, path)),
  };
  KNOWN.set(results, known);
  return known;
}

/** @type {WeakMap<Wire.GroupResults, {metrics: Results.Metric[], every: Results.Axis[]}>} */
const KNOWN = new WeakMap();

/** @param {Results.Axis} axis @param {Results.Choice["held"]} held @returns {[string, string][]} */
const heldOf = ({ path, values }, held) => (values.some(({ text }) => text === held[path]) ? [[path, held[path]]] : []);

/** The same view for the same rows and choice; the order of the table is no part of it. @returns {typeof viewOf} */
export function remembered() {
  /** @type {{results: Wire.GroupResults, choice: Results.Choice, view: Results.View} | null} */
  let last = null;
  return (results, choice) => {
    const same =
      last?.results === results &&
      /** @type {const} */ (["metric", "x", "y", "held"]).every((part) => last?.choice[part] === choice[part]);
    last = { results, choice, view: same && last ? last.view : viewOf(results, choice) };
    return last.view;
  };
}
