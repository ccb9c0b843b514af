// One number over the updates as a line of a few pixels, or two as a band. Pure.

import { thin } from "../curves/points.js";

export const WIDTH = 84;
export const HEIGHT = 22;
const EDGE = 2.5;
const BUCKETS = 42;

/**
 * @typedef {{lines: string[], band: string | null, dot: {x: number, y: number} | null}} Spark paths of SVG; the dot is
 *   the number that is shown
 */

/**
 * @param {number[]} updates rising @param {number[][]} past one column, or the lower and the upper edge of a band
 * @param {number} at place of the look that is shown
 * @param {"share" | "log"} scale 0 to 1, or the powers of ten that there are
 * @returns {Spark}
 */
export function sparkFigure(updates, past, at, scale) {
  const kept = past.map((column) => thin(updates, drawable(column, scale), BUCKETS));
  const [low, high] = scale === "share" ? [0, 1] : rangeOf(kept.flatMap(({ y }) => y));
  const [first, last] = [updates[0] ?? 0, updates[updates.length - 1] ?? 0];
  const x = (/** @type {number} */ update) =>
    last === first ? WIDTH / 2 : EDGE + ((update - first) / (last - first)) * (WIDTH - 2 * EDGE);
  const y = (/** @type {number} */ value) =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const corners = kept.map((points) =>
    points.x.map((update, index) => `${x(update).toFixed(1)} ${y(points.y[index]).toFixed(1)}`),
  );
  const lines = corners.filter((one) => one.length > 1).map((one) => `M${one.join("L")}`);
  const band = lines.length === 2 ? `${lines[0]}L${[...corners[1]].reverse().join("L")}Z` : null;
  const [shown] = drawable([past[0]?.[at] ?? NaN], scale);
  return { lines, band, dot: Number.isFinite(shown) ? { x: x(updates[at]), y: y(shown) } : null };
}

/** What has a place on the scale; all else is NaN. @param {number[]} column @param {"share" | "log"} scale */
const drawable = (column, scale) =>
  scale === "share" ? column : column.map((value) => (value > 0 && value < Infinity ? Math.log10(value) : NaN));

/** @param {number[]} values @returns {[number, number]} */
const rangeOf = (values) => (values.length ? [Math.min(...values), Math.max(...values)] : [0, 1]);
