// Loss (log) and task metric over updates, thinned for drawing; skipped updates and turned knobs are marked. Pure.

import { endLabels } from "./ends.js";
import { logRange, logTicks } from "../../draw/figures/log_ticks.js";
import { SHARES, mainMetric, lastUpdate, over } from "./points.js";
import { labels } from "./marks.js";

/** The share of the height that the loss has, above the metric. */
const LOSS_DOMAIN = /** @type {[number, number]} */ ([0.53, 1]);

const MARGIN = { l: 58, r: 14, t: 16, b: 34 };

/** Room for the names at the ends of the lines. */
const NAMES_PX = 78;

const MOST_SKIPPED = 500;

export const BASELINE_DASH = "6px,4px";

/** @typedef {{x: number[], y: number[]}} Points */

/**
 * @param {Metrics} metrics
 * @param {{update: number, text: string}[]} marks
 * @param {Theme} theme
 * @param {{width: number, height: number}} size
 * @param {number | null} shown the update in the other panels
 * @param {{name: string, metrics: Metrics} | null} baseline laid over them, dashed
 * @returns {Figure}
 */
export function curvesFigure(metrics, marks, theme, { width, height }, shown, baseline = null) {
  const name = mainMetric(metrics);
  const own = over(metrics, name);
  const theirs = baseline && over(baseline.metrics, name);
  const lossRange = logRange(own.loss.y, theirs?.loss.y ?? []);
  const frame = { width, height, name, lossRange, last: lastUpdate(metrics, baseline?.metrics) };
  const drawn = layout(theme, { ...frame, margin: curvesMargin(baseline !== null) }, marks, shown);
  const data = [line("loss", own.loss, "y", theme.text), line(name ?? "metric", own.metric, "y2", theme.accent)];
  data.push(...skippedMarks(metrics, theme));
  if (!baseline || !theirs) return { data, layout: drawn };
  data.push(dashed(baseline.name, theirs.loss, "y", theme), dashed(baseline.name, theirs.metric, "y2", theme));
  const ends = (/** @type {Points} */ points, /** @type {Points} */ base, /** @type {string} */ color) => [
    { name: "this", points, color },
    { name: baseline.name, points: base, color: theme.baseline },
  ];
  drawn.annotations.push(
    ...endLabels(ends(own.loss, theirs.loss, theme.text), { yref: "y", log: true, span: lossRange[1] - lossRange[0] }),
    ...endLabels(ends(own.metric, theirs.metric, theme.accent), { yref: "y2", log: false, span: 1 }),
  );
  return { data, layout: drawn };
}

/**
 * @param {string} title @param {Points} points @param {"y" | "y2"} axis @param {string} color @returns {PlotScatter}
 */
const line = (title, points, axis, color) => ({
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
const dashed = (name, points, axis, theme) => ({
  ...line(`baseline ${name}`, points, axis, theme.baseline),
  line: { color: theme.baseline, width: 1.5, dash: BASELINE_DASH },
});

/**
 * The newest skipped updates as crosses on top.
 * @param {Metrics} metrics @param {Theme} theme @returns {PlotScatter[]}
 */
function skippedMarks({ update, skipped }, theme) {
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

/** @param {boolean} names whether names stand at the ends of the lines */
export const curvesMargin = (names) => (names ? { ...MARGIN, r: NAMES_PX } : MARGIN);

/**
 * @typedef {{width: number, height: number, name: string | null, lossRange: [number, number], last: number,
 *   margin: PlotMargin}} Frame `name` is that of the metric, `lossRange` in powers of ten, `last` the end of the
 *   updates
 * @param {Theme} theme
 * @param {Frame} frame
 * @param {{update: number, text: string}[]} marks
 * @param {number | null} shown
 * @returns {PlotLayout & {annotations: PlotAnnotation[]}}
 */
function layout(theme, frame, marks, shown) {
  const { width, height, margin, last } = frame;
  return {
    width,
    height,
    margin,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.muted, size: 11 },
    showlegend: false,
    hovermode: "x unified",
    dragmode: false,
    uirevision: "keep",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.text, size: 12 } },
    ...axes(theme, frame),
    shapes: [
      ...marks.map(({ update }) => upright(update, theme.warn, "dot")),
      ...(shown === null ? [] : [upright(shown, theme.accent, "solid")]),
    ],
    annotations: labels(marks, last).map(({ update, text }) => ({
      text,
      x: update,
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      xanchor: update > last / 2 ? "right" : "left",
      showarrow: false,
      font: { color: theme.warn, size: 10 },
    })),
  };
}

/** @param {number} update @param {string} color @param {string} dash @returns {PlotShape} */
const upright = (update, color, dash) => ({
  type: "line",
  x0: update,
  x1: update,
  y0: 0,
  y1: 1,
  yref: "paper",
  line: { color, dash, width: 1 },
});

/**
 * Updates across; the loss above, the metric below, and a hidden axis for the crosses.
 * @param {Theme} theme @param {Frame} frame
 */
function axes(theme, { height, margin, name, lossRange, last }) {
  /** @type {PlotAxis} */
  const axis = { gridcolor: theme.line, zeroline: false, fixedrange: true };
  const lossPx = (height - margin.t - margin.b) * (LOSS_DOMAIN[1] - LOSS_DOMAIN[0]);
  /** @type {Record<"xaxis" | "yaxis" | "yaxis2" | "yaxis3", PlotAxis>} */
  const all = {
    xaxis: {
      ...axis,
      anchor: "y2",
      showgrid: false,
      title: { text: "update", standoff: 4 },
      range: [0, Math.max(last, 1)],
      nticks: 5,
    },
    yaxis: {
      ...axis,
      type: "log",
      domain: LOSS_DOMAIN,
      range: lossRange,
      ...logTicks(lossRange, lossPx),
      title: { text: "loss", standoff: 2, font: { color: theme.text } },
    },
    yaxis2: {
      ...axis,
      domain: [0, 0.46],
      nticks: 4,
      title: { text: name ?? "", standoff: 2, font: { color: theme.accent } },
      ...(name && SHARES.has(name) ? { range: [-0.03, 1.05] } : {}),
    },
    yaxis3: { overlaying: "y", range: [0, 1.02], visible: false, fixedrange: true },
  };
  return all;
}
