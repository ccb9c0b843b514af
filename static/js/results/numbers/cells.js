// Trials taken together: by their place on some axes, with mean, least and most. Pure.

import { figureOf, hasLearned, isLive, isTrouble } from "./trials.js";

/**
 * @param {readonly Results.Row[]} rows @param {string} metric
 * @returns {Results.Summary} a mean of nothing is NaN
 */
export function summaryOf(rows, metric) {
  let [n, sum, low, high] = [0, 0, Infinity, -Infinity];
  for (const row of rows) {
    const figure = figureOf(row, metric);
    if (figure === null) continue;
    n += 1;
    sum += figure;
    low = Math.min(low, figure);
    high = Math.max(high, figure);
  }
  // Rounding must not carry a mean out of what it is the mean of.
  const mean = Math.min(Math.max(sum / n, low), high);
  return {
    ...{ of: rows.length, n, mean, low, high },
    learned: rows.filter(hasLearned).length,
    trouble: rows.filter(isTrouble).length,
    live: rows.filter(isLive).length,
  };
}

/** @typedef {Pick<Results.Cell, "at" | "rows">} Together trials at one place on some axes */

/**
 * @param {readonly Results.Row[]} rows @param {readonly Results.Axis[]} axes
 * @returns {Together[]} one for each combination that any trial has, in the order of the axes
 */
export function together(rows, axes) {
  const found = /** @type {Map<string, {at: number[], rows: Results.Row[]}>} */ (new Map());
  for (const row of rows) {
    const at = axes.map(({ places }) => places.get(row.run) ?? 0);
    const key = at.join();
    const cell = found.get(key);
    if (cell) cell.rows.push(row);
    else found.set(key, { at, rows: [row] });
  }
  return [...found.values()].sort((a, b) => a.at.reduce((way, place, axis) => way || place - b.at[axis], 0));
}

/** @param {readonly Together[]} those @param {string} metric @returns {Results.Cell[]} */
export const cellsOf = (those, metric) => those.map((cell) => ({ ...cell, ...summaryOf(cell.rows, metric) }));

/**
 * Those with a figure, the best first; equals stay in their order.
 * @template {Results.Summary} C
 * @param {readonly C[]} cells @param {Results.Metric} metric @returns {C[]}
 */
export function ranked(cells, { better }) {
  const sign = better === "higher" ? -1 : 1;
  return cells.filter(({ n }) => n > 0).sort((a, b) => sign * (a.mean - b.mean));
}
