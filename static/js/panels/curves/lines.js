// What is drawn into the two axes: lines, dots of fresh examples, crosses of skipped updates. Pure.

import { thin } from "./points.js";

const MOST_SKIPPED = 500;
const DOT_PX = 5;
/** Pairs of dots, the smallest and the largest of its part of the axis each. */
const DOTS = 60;

const BASELINE_DASH = "6px,4px";

/** @typedef {{x: number[], y: number[]}} Points */

/**
 * @param {string} title @param {Points} points @param {"y" | "y2"} axis @param {string} color @returns {PlotScatter}
 */
export const line = (title, points, axis, color) => ({
  type: "scatter",
  mode: "lines",
  name: title,
  x: points.x,
  y: points.y,
  yaxis: axis,
  line: { color, width: 1.5 },
  hovertemplate: "%{y:.4g}",
});

/**
 * A curve of the baseline.
 * @param {string} name @param {Points} points @param {"y" | "y2"} axis @param {Theme} theme @returns {PlotScatter}
 */
export const dashed = (name, points, axis, theme) => ({
  ...line(`baseline ${name}`, points, axis, theme.baseline),
  line: { color: theme.baseline, width: 1.5, dash: BASELINE_DASH },
});

/**
 * What looks at fresh examples came to.
 * @param {Looks} looks @param {string | null} name of the metric, or loss @returns {Points}
 */
export const freshPoints = ({ update, fresh }, name) =>
  thin(update, (name === null ? undefined : fresh[name]) ?? update.map(() => NaN), DOTS);

/**
 * Fresh or held-out examples as dots over the line of the training batches.
 * @param {string} title of the metric, and what the examples are called
 * @param {Points} points @param {"y" | "y2"} axis @param {string} color @param {Theme} theme
 * @returns {PlotScatter[]}
 */
export const dots = (title, points, axis, color, theme) =>
  points.x.length === 0
    ? []
    : [
        {
          type: "scatter",
          mode: "markers",
          name: title,
          x: points.x,
          y: points.y,
          yaxis: axis,
          marker: { symbol: "circle", size: DOT_PX, color: theme.panel, line: { color, width: 1.5 } },
          hovertemplate: "%{y:.4g}",
          cliponaxis: false,
        },
      ];

/**
 * The newest skipped updates as crosses on top.
 * @param {Metrics} metrics @param {Theme} theme @returns {PlotScatter[]}
 */
export function skippedMarks({ update, skipped }, theme) {
  const found = update.filter((_, index) => skipped[index]).slice(-MOST_SKIPPED);
  if (!found.length) return [];
  return [
    {
      type: "scatter",
      mode: "markers",
      name: "skipped",
      x: found,
      y: found.map(() => 1),
      yaxis: "y3",
      marker: { symbol: "x", size: 6, color: theme.warn },
      hovertemplate: "not finite, skipped",
    },
  ];
}
