// Curves of several runs over one another: the loss above, the metric of the task below, one axis of updates. Pure.

import { escaped } from "../../../draw/figures/escaped.js";
import { logRange, logTicks } from "../../../draw/figures/log_ticks.js";
import { plainRange } from "../../../panels/curves/points.js";
import { isLog, shownNames } from "../facts.js";
import { levelName, levelOf } from "./level.js";
import { tracesOf } from "./traces.js";

const MARGIN = { l: 62, r: 16, t: 12, b: 38 };
const NARROW = { l: 46, r: 8, t: 12, b: 38 };
const NARROW_PX = 480;
const GAP = 0.09;
/** Of a metric that is a share, 0 to 1. */
const SHARE_RANGE = /** @type {[number, number]} */ ([-0.03, 1.05]);
/** A row of the legend in a file, what stands in it beside the name, and a letter. */
const LEGEND_PX = 30;
const LEGEND_MARK_PX = 70;
const LETTER_PX = 7;

/**
 * @typedef {import("../curves/chart.js").Chart} Chart
 * @typedef {import("./palette_layer.js").Palette} Palette
 * @typedef {{width: number, height: number}} Size px
 * @typedef {{name: string, yref: "y" | "y2", log: boolean, domain: [number, number], range: [number, number]}} Axis
 *   `range` is in powers of ten where it is logarithmic
 */

/**
 * @param {Chart} chart @param {Table.Overlay} overlay @param {Palette} look @param {Size} size
 * @param {boolean} [file] a file has its legend in itself
 * @returns {Figure}
 */
export function overlayFigure(chart, overlay, look, size, file = false) {
  const curves = chart.curves.filter(({ key }) => !overlay.off.includes(key));
  const axes = axesOf(chart, curves, overlay);
  const data = curves.flatMap((curve) =>
    axes.flatMap((axis, place) => tracesOf(curve, axis, look, { smooth: overlay.smooth, legend: file && place === 0 })),
  );
  const room = roomOf(chart, size);
  const layout = layoutOf(axes, look, size, room, file ? legendRows(curves, size.width) : 0);
  return { data, layout: { ...layout, ...levels({ curves, chance: chart.chance }, axes, look, room) } };
}

/** @param {Chart} chart @param {Chart["curves"]} curves @param {Table.Overlay} overlay @returns {Axis[]} */
function axesOf(chart, curves, overlay) {
  const names = shownNames(chart, overlay);
  return names.map((name, place) => {
    const log = isLog(overlay, name);
    const values = curves.flatMap((curve) => {
      const { low, high } = name === "loss" ? curve.loss : curve.metric;
      return [...low, ...high];
    });
    const level = chart.chance[name];
    if (typeof level === "number" && values.length) values.push(level);
    const half = (1 - GAP) / 2;
    return {
      name,
      yref: place === 0 ? "y" : "y2",
      log,
      domain: names.length === 1 ? [0, 1] : place === 0 ? [1 - half, 1] : [0, half],
      range: log ? logRange(values) : name === "accuracy" ? SHARE_RANGE : plainRange(values),
    };
  });
}

/** What the axes have, whichever curves are switched off. @param {Chart} chart @param {Size} size
 * @returns {import("./level.js").Room & {plain: PlotMargin}} */
function roomOf({ curves }, { width, height }) {
  const plain = width < NARROW_PX ? NARROW : MARGIN;
  const last = Math.max(1, ...curves.flatMap(({ loss, metric }) => [loss.x.at(-1) ?? 0, metric.x.at(-1) ?? 0]));
  return { plain, wide: width - plain.l - plain.r, high: height - plain.t - plain.b, last };
}

/**
 * @param {Axis[]} axes @param {Palette} look @param {Size} size @param {ReturnType<typeof roomOf>} room
 * @param {number} rows of the legend in a file; 0 where there is none
 * @returns {PlotLayout}
 */
function layoutOf(axes, look, { width, height }, { plain, high: inner, last }, rows) {
  const margin = { ...plain, b: plain.b + rows * LEGEND_PX };
  const whole = height + rows * LEGEND_PX;
  const [first, second] = axes.map((axis) => yAxis(axis, look, inner));
  return {
    width,
    height: whole,
    margin,
    paper_bgcolor: rows ? look.panel : "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: look.muted, size: 11 },
    showlegend: rows > 0,
    ...(rows
      ? { legend: { orientation: "h", x: 0, y: -36 / inner, yanchor: "top", font: { color: look.text, size: 11 } } }
      : {}),
    hovermode: "x unified",
    hoversubplots: "axis",
    dragmode: false,
    uirevision: "keep",
    hoverlabel: { bgcolor: look.panel, bordercolor: look.line, font: { color: look.text, size: 11 } },
    xaxis: {
      gridcolor: look.line,
      zeroline: false,
      fixedrange: true,
      showgrid: false,
      nticks: width < NARROW_PX ? 4 : 8,
      range: [0, last],
      title: { text: "update", standoff: 4 },
      unifiedhovertitle: { text: "update %{x}" },
      ...(second ? { anchor: "y2" } : {}),
    },
    yaxis: first,
    ...(second ? { yaxis2: second } : {}),
  };
}

/**
 * What guessing gives, with its name where no curve lies.
 * @param {Pick<Chart, "curves" | "chance">} chart @param {Axis[]} axes @param {Palette} look
 * @param {import("./level.js").Room} room
 */
function levels({ curves, chance }, axes, look, room) {
  const some = curves.length > 0 ? axes : [];
  const series = (/** @type {string} */ name) => curves.map(({ loss, metric }) => (name === "loss" ? loss : metric));
  return {
    shapes: some.flatMap((axis) => levelOf(chance[axis.name], axis, look)),
    annotations: some.flatMap((axis) => {
      const high = room.high * (axis.domain[1] - axis.domain[0]);
      return levelName(chance[axis.name], axis, look, series(axis.name), { ...room, high });
    }),
  };
}

/** @param {Chart["curves"]} curves @param {number} width px */
function legendRows(curves, width) {
  const letters = Math.max(0, ...curves.map(({ label }) => label.length));
  return Math.ceil(curves.length / Math.max(Math.floor(width / (LEGEND_MARK_PX + LETTER_PX * letters)), 1));
}

/** @param {Axis} axis @param {Palette} look @param {number} inner px @returns {PlotAxis} */
function yAxis({ name, log, domain, range }, look, inner) {
  return {
    gridcolor: look.line,
    zeroline: false,
    fixedrange: true,
    domain,
    range,
    title: { text: escaped(name), standoff: 2, font: { color: look.text } },
    ...(log ? { type: "log", ...logTicks(range, inner * (domain[1] - domain[0])) } : { nticks: 5 }),
  };
}
