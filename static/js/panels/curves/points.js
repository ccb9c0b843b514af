// Curves thinned for drawing, and which metric stands beside the loss. Pure.

import { PLAIN, logRange } from "../../draw/figures/log_ticks.js";
import { JUDGED } from "../../wire/contract.js";

/** @typedef {import("./lines.js").Points} Points */

const BUCKETS = 250;

/** Metrics that are shares, and the axis of one. */
const SHARES = new Set(["accuracy"]);
const SHARE_RANGE = /** @type {[number, number]} */ ([-0.03, 1.05]);

/**
 * At most two points per bucket, its smallest and its largest, so that spikes survive, and the last point. Non-finite
 * values are left out.
 * @param {number[]} x rising
 * @param {number[]} y
 * @param {number} buckets
 * @returns {Points}
 */
export function thin(x, y, buckets = BUCKETS) {
  const finite = y.map((_, index) => index).filter((index) => Number.isFinite(y[index]));
  if (finite.length <= 2 * buckets) return { x: finite.map((index) => x[index]), y: finite.map((index) => y[index]) };
  const kept = [];
  const parts = buckets - 1;
  for (let at = 0; at < parts; at += 1) {
    const part = finite.slice(Math.floor((at * finite.length) / parts), Math.floor(((at + 1) * finite.length) / parts));
    const least = part.reduce((a, b) => (y[b] < y[a] ? b : a));
    const most = part.reduce((a, b) => (y[b] > y[a] ? b : a));
    kept.push(...(least === most ? [least] : least < most ? [least, most] : [most, least]));
  }
  const last = finite[finite.length - 1];
  if (kept[kept.length - 1] !== last) kept.push(last);
  return { x: kept.map((index) => x[index]), y: kept.map((index) => y[index]) };
}

/** The metric beside the loss: what its task is judged by. @param {Metrics} metrics */
export function mainMetric({ values }) {
  return JUDGED.find((name) => name in values) ?? Object.keys(values).sort()[0] ?? null;
}

/**
 * The range of a plain axis around some numbers, with a little room.
 * @param {number[]} values
 * @returns {[low: number, high: number]}
 */
export function plainRange(values) {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const rest = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return [low - rest, high + rest];
}

/**
 * A share stands between 0 and 1; an error falls over powers of ten, as the loss does; bits do not.
 * @param {string | null} name of the metric @param {number[]} values
 * @returns {{log: boolean, range: [number, number]}}
 */
export function metricAxis(name, values) {
  if (name && SHARES.has(name)) return { log: false, range: SHARE_RANGE };
  const log = !PLAIN.has(name ?? "") && values.some((value) => value > 0) && !values.some((value) => value <= 0);
  return { log, range: log ? logRange(values) : plainRange(values) };
}

/**
 * Where figures were lost before they could be kept: rows without any, and the next row that has some.
 * @param {Metrics} metrics
 * @returns {{from: number, to: number}[]} first and last update without
 */
export function holes({ update, loss, gradient_norm, learning_rate, values }) {
  const columns = [loss, gradient_norm, learning_rate, ...Object.values(values)];
  return update.flatMap((from, row) =>
    row + 1 < update.length && columns.every((column) => !Number.isFinite(column[row]))
      ? [{ from, to: update[row + 1] - 1 }]
      : [],
  );
}

/**
 * A line that stops before each hole and begins anew behind it.
 * @param {Points} points @param {{from: number}[]} lost
 * @returns {Points}
 */
function broken({ x, y }, lost) {
  for (const { from } of lost) {
    const at = x.findIndex((update) => update > from);
    if (at > 0)
      [x, y] = [
        [...x.slice(0, at), from, ...x.slice(at)],
        [...y.slice(0, at), NaN, ...y.slice(at)],
      ];
  }
  return { x, y };
}

/** Where the axis of updates ends. @param {Metrics} metrics @param {Metrics} [other] */
export const lastUpdate = (metrics, other) =>
  Math.max(metrics.update[metrics.update.length - 1] ?? 0, other?.update[other.update.length - 1] ?? 0);

/** @param {Metrics} metrics @param {string | null} name of the metric */
export function over(metrics, name) {
  const values = name ? metrics.values[name] : undefined;
  const lost = holes(metrics);
  return {
    loss: broken(thin(metrics.update, metrics.loss), lost),
    metric: values ? broken(thin(metrics.update, values), lost) : { x: [], y: [] },
  };
}
