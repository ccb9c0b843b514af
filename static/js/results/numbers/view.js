// Everything that the panels show, counted once from the rows and the choice. Pure.

import { SEED, axisOf, shownAxes, textOf } from "./axes.js";
import { cellsOf, together } from "./cells.js";
import { metricsOf } from "./trials.js";

/**
 * @param {Wire.GroupResults} results @param {Results.Choice} choice
 * @returns {Results.View}
 */
export function viewOf(results, choice) {
  const { rows: all } = results;
  const known = knownOf(results);
  const { metrics, every, own } = known;
  const settings = own.length ? own : every;
  const { x, y } = shownAxes(settings, choice);
  const others = settings.filter((axis) => axis !== x && axis !== y);
  const held = Object.fromEntries(others.flatMap((axis) => heldOf(axis, choice.held)));
  const rows = rowsWith(all, Object.entries(held), known.rows);
  const chosen = metrics.find(({ name }) => results.metrics.some((one) => one.name === name && name === choice.metric));
  const along = (/** @type {Results.Axis[]} */ axes) =>
    once(known.together, rows, axes.map(({ path }) => path).join(), () => together(rows, axes));
  const [main, metric] = [chosen ?? metrics[0], metrics.find(({ name }) => name === choice.metric) ?? metrics[0]];
  return {
    ...{ all, rows, axes: every, settings, x, y, others, held, metrics, metric, main },
    cells: cellsOf(along([x, y].filter((axis) => axis !== null)), metric.name),
    kinds: once(known.kinds, rows, main.name, () => cellsOf(along(own), main.name)),
  };
}

/**
 * Of the same rows, what depends on no choice, and what depends on a part of it: the same object each time, so that a
 * panel that shows nothing else need not be painted anew.
 * @typedef {{metrics: Results.Metric[], every: Results.Axis[], own: Results.Axis[], rows: Map<string, Results.Row[]>,
 *   together: Kept<import("./cells.js").Together[]>, kinds: Kept<Results.Cell[]>}} Known
 */
/** @template T @typedef {WeakMap<readonly Results.Row[], Map<string, T>>} Kept */

/** @type {WeakMap<Wire.GroupResults, Known>} */
const KNOWN = new WeakMap();

/** @param {Wire.GroupResults} results @returns {Known} */
function knownOf(results) {
  const known = KNOWN.get(results);
  if (known) return known;
  const every = results.axes.map((path) => axisOf(results.rows, path));
  const own = every.filter(({ path }) => path !== SEED);
  const found = {
    metrics: metricsOf(results),
    every,
    own,
    rows: new Map(),
    together: new WeakMap(),
    kinds: new WeakMap(),
  };
  KNOWN.set(results, found);
  return found;
}

/** Trials with these values. @param {readonly Results.Row[]} all @param {[string, string][]} pairs
 * @param {Known["rows"]} known */
function rowsWith(all, pairs, known) {
  if (!pairs.length) return all;
  const key = JSON.stringify(pairs);
  const rows = known.get(key) ?? all.filter((row) => pairs.every(([path, text]) => textOf(row, path) === text));
  known.set(key, rows);
  return rows;
}

/**
 * @template T
 * @param {Kept<T>} kept @param {readonly Results.Row[]} rows @param {string} key @param {() => T} count @returns {T}
 */
function once(kept, rows, key, count) {
  const of = kept.get(rows) ?? new Map();
  kept.set(rows, of);
  if (!of.has(key)) of.set(key, count());
  return of.get(key);
}

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
