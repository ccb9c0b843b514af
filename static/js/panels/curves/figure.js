// Loss (log) and task metric over updates, thinned for drawing; skipped updates and turned knobs are marked. Pure.

import { endLabels } from "./ends.js";
import { logRange, logTicks } from "../../draw/figures/log_ticks.js";
import { SHARES, thin, mainMetric, lastUpdate, over } from "./points.js";
import { labels } from "./marks.js";

/** The share of the height that the loss has, above the metric. */
const LOSS_DOMAIN = /** @type {[number, number]} */ ([0.53, 1]);

const MARGIN = { l: 58, r: 14, t: 16, b: 34 };

/** Room for the names at the ends of the lines. */
const NAMES_PX = 78;

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
  const loss = thin(metrics.update, metrics.loss);
  const name = mainMetric(metrics);
  const metric = name ? thin(metrics.update, metrics.values[name]) : { x: [], y: [] };
  const skipped = metrics.update.filter((_, index) => metrics.skipped[index]);
  /** @type {(title: string, points: Points, axis: "y" | "y2", color: string) => PlotScatter} */
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
  const data = [line("loss", loss, "y", theme.text), line(name ?? "metric", metric, "y2", theme.accent)];
  if (skipped.length) {
    data.push({
      type: "scatter",
      mode: "markers",
      name: "skipped",
      x: skipped.slice(-500),
      y: skipped.slice(-500).map(() => 1),
      yaxis: "y3",
      marker: { symbol: "x", size: 6, color: theme.warn },
      hovertemplate: "not finite, skipped",
    });
  }
  const last = lastUpdate(metrics, baseline?.metrics);
  const lossRange = logRange(loss.y, baseline ? over(baseline.metrics, name).loss.y : []);
  const drawn = layout(theme, width, height, name, marks, shown, last, curvesMargin(baseline !== null), lossRange);
  if (!baseline) return { data, layout: drawn };
  const theirs = over(baseline.metrics, name);
  const dashed = (/** @type {Points} */ points, /** @type {"y" | "y2"} */ axis) => ({
    ...line(`baseline ${baseline.name}`, points, axis, theme.baseline),
    line: { color: theme.baseline, width: 1.5, dash: BASELINE_DASH },
  });
  data.push(dashed(theirs.loss, "y"), dashed(theirs.metric, "y2"));
  const ends = (/** @type {Points} */ own, /** @type {Points} */ base, /** @type {string} */ color) => [
    { name: "this", points: own, color },
    { name: baseline.name, points: base, color: theme.baseline },
  ];
  drawn.annotations.push(
    ...endLabels(ends(loss, theirs.loss, theme.text), { yref: "y", log: true, span: lossRange[1] - lossRange[0] }),
    ...endLabels(ends(metric, theirs.metric, theme.accent), { yref: "y2", log: false, span: 1 }),
  );
  return { data, layout: drawn };
}

/** @param {boolean} names whether names stand at the ends of the lines */
export const curvesMargin = (names) => (names ? { ...MARGIN, r: NAMES_PX } : MARGIN);

/** @param {Theme} theme @param {number} width @param {number} height @param {string | null} name @param {{update: number, text: string}[]} marks @param {number | null} shown @param {number} last @param {PlotMargin} margin @param {[number, number]} lossRange powers of ten @returns {PlotLayout & {annotations: PlotAnnotation[]}} */
function layout(theme, width, height, name, marks, shown, last, margin, lossRange) {
  /** @type {(update: number, color: string, dash: string) => PlotShape} */
  const upright = (update, color, dash) => ({
    type: "line",
    x0: update,
    x1: update,
    y0: 0,
    y1: 1,
    yref: "paper",
    line: { color, dash, width: 1 },
  });
  /** @type {PlotAxis} */
  const axis = { gridcolor: theme.line, zeroline: false, fixedrange: true };
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
      ...logTicks(lossRange, (height - margin.t - margin.b) * (LOSS_DOMAIN[1] - LOSS_DOMAIN[0])),
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
