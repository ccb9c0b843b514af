// Curves thinned for drawing, and which metric stands beside the loss. Pure.

import { logRange } from "../../draw/figures/log_ticks.js";

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

/** The metric beside the loss: accuracy where there is one. @param {Metrics} metrics */
export function mainMetric(metrics) {
  const names = Object.keys(metrics.values).sort();
  return names.find((name) => SHARES.has(name)) ?? names[0] ?? null;
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
 * A share stands between 0 and 1; an error falls over powers of ten, as the loss does.
 * @param {string | null} name of the metric @param {number[]} values
 * @returns {{log: boolean, range: [number, number]}}
 */
export function metricAxis(name, values) {
  if (name && SHARES.has(name)) return { log: false, range: SHARE_RANGE };
  const log = values.some((value) => value > 0) && !values.some((value) => value <= 0);
  return { log, range: log ? logRange(values) : plainRange(values) };
}

/** Where the axis of updates ends. @param {Metrics} metrics @param {Metrics} [other] */
export const lastUpdate = (metrics, other) =>
  Math.max(metrics.update[metrics.update.length - 1] ?? 0, other?.update[other.update.length - 1] ?? 0);

/** @param {Metrics} metrics @param {string | null} name of the metric */
export function over(metrics, name) {
  const values = name ? metrics.values[name] : undefined;
  return { loss: thin(metrics.update, metrics.loss), metric: values ? thin(metrics.update, values) : { x: [], y: [] } };
}
