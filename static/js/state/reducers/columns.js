// Curves and looks as columns of the store: as they come over HTTP, row by row over the stream, and cut off where rows
// are void. Columns grow in place and are wrapped anew: a run may send 100,000 updates, and nobody keeps an old
// wrapper. Pure but for that.

import { NO_PROOF } from "./proof.js";

/** @type {Metrics} */
export const NO_METRICS = { update: [], loss: [], gradient_norm: [], learning_rate: [], skipped: [], values: {} };
/** @type {Looks} */
export const NO_LOOKS = { update: [], health: {}, fresh: {} };
const COLUMNS = /** @type {const} */ (["update", "loss", "gradient_norm", "learning_rate", "skipped"]);

const plain = (/** @type {(number | null)[]} */ column) => column.map((value) => value ?? NaN);

/**
 * Every column of a table made anew.
 * @template From, To @param {Record<string, From>} table @param {(column: From) => To} make
 * @returns {Record<string, To>}
 */
const each = (table, make) =>
  Object.fromEntries(Object.entries(table).map(([name, column]) => /** @type {const} */ ([name, make(column)])));

/** The newest update of a column, or -1. @param {number[]} update */
const newest = (update) => update[update.length - 1] ?? -1;

/**
 * @param {Pick<Wire.Curves, keyof Metrics>} answer of a metrics route
 * @returns {Metrics} NaN where JSON has null
 */
export function columnsOf({ update, loss, gradient_norm, learning_rate, skipped, values }) {
  return {
    update,
    loss: plain(loss),
    gradient_norm: plain(gradient_norm),
    learning_rate: plain(learning_rate),
    skipped,
    values: each(values, plain),
  };
}

/** @param {Wire.LookCurves} answer of a metrics route @returns {Looks} NaN where JSON has null */
export const looksOf = ({ update, health, fresh }) => ({
  update,
  health: each(health, plain),
  fresh: each(fresh, plain),
});

/** Rows that were seen are not doubled. @param {Metrics} known @param {Wire.MetricsData} data @returns {Metrics} */
export function withRows(known, data) {
  const grown = known === NO_METRICS ? structuredClone(NO_METRICS) : known;
  const last = newest(grown.update);
  for (let row = 0; row < data.update.length; row += 1) {
    if (data.update[row] <= last) continue;
    for (const name of COLUMNS) grown[name].push(data[name][row]);
    for (const name of Object.keys(data.values)) (grown.values[name] ??= []).push(data.values[name][row]);
  }
  return { ...grown };
}

/**
 * A second look after the same update, as one takes when a knob is turned while a run stands still, replaces the first.
 * @param {Looks} known @param {Wire.LookData} data @returns {Looks}
 */
export function withLook(known, data) {
  const grown = known === NO_LOOKS ? structuredClone(NO_LOOKS) : known;
  for (let row = 0; row < data.update.length; row += 1) {
    const last = newest(grown.update);
    if (data.update[row] < last) continue;
    const at = data.update[row] === last ? grown.update.length - 1 : grown.update.length;
    grown.update[at] = data.update[row];
    put(grown.health, data.health, row, at);
    put(grown.fresh, data.fresh, row, at);
  }
  return { ...grown };
}

/**
 * One row into every column; a column begins with NaN where it is new, and has NaN where there is nothing for it.
 * @param {Record<string, number[]>} into @param {Record<string, Float32Array>} from @param {number} row
 * @param {number} at
 */
function put(into, from, row, at) {
  for (const name of Object.keys({ ...into, ...from })) {
    const column = (into[name] ??= Array.from({ length: at }, () => NaN));
    if (from[name]) column[at] = from[name][row];
    else if (column.length <= at) column.push(NaN);
  }
}

/**
 * What remains when all after an update is void.
 * @param {Metrics} metrics @param {number} update @returns {Metrics}
 */
export function metricsUpTo(metrics, update) {
  if (newest(metrics.update) <= update) return metrics;
  const rows = metrics.update.filter((one) => one <= update).length;
  const cut = (/** @type {number[]} */ column) => column.slice(0, rows);
  return {
    update: cut(metrics.update),
    loss: cut(metrics.loss),
    gradient_norm: cut(metrics.gradient_norm),
    learning_rate: cut(metrics.learning_rate),
    skipped: cut(metrics.skipped),
    values: each(metrics.values, cut),
  };
}

/** @param {Looks} looks @param {number} update @returns {Looks} */
export function looksUpTo(looks, update) {
  if (newest(looks.update) <= update) return looks;
  const rows = looks.update.filter((one) => one <= update).length;
  const cut = (/** @type {number[]} */ column) => column.slice(0, rows);
  return { update: cut(looks.update), health: each(looks.health, cut), fresh: each(looks.fresh, cut) };
}

/** Every question names its network. */
const NO_QUESTION = "{}";

/**
 * The state without answers about weights that are void by now. What was asked of them stays as a picture, dimmed,
 * until the weights that took their place have answered.
 * @param {State} state @param {number} last update whose weights still hold, -1 for none
 * @returns {State}
 */
export function withoutVoid(state, last) {
  const { probed, knockouts, batchHits, proof, walk } = state;
  const holds = (/** @type {{update: number} | null | undefined} */ answer) => !answer || answer.update <= last;
  return {
    ...state,
    probed: probed && !holds(probed.trace) ? { ...probed, key: NO_QUESTION } : probed,
    knockouts: holds(knockouts.before?.trace) ? knockouts : { ...knockouts, before: null },
    batchHits: holds(batchHits?.found) ? batchHits : null,
    // One that is under way is of the weights before, too.
    proof: proof.status !== "running" && holds(proof.answer) ? proof : { ...NO_PROOF, asked: proof.asked },
    walk: holds(walk?.trace) ? walk : null,
  };
}
