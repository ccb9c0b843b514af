// The lines of one curve on one axis: its band, its values as measured where it is smoothed, the line itself, and the
// pale rest where fewer of its runs go on. Pure.

import { escaped } from "../../../draw/figures/escaped.js";
import { fewerFrom, smoothed, thinned } from "../curves/mean.js";
import { faded, lookOf } from "./look.js";

const MOST_POINTS = 400;
const WIDTH = 2;
const BAND = 0.16;
const RAW = 0.35;
const PALE = 0.45;
const MARK_PX = 7;
/** Marks on a line, however many points it has. */
const MARKS = 7;

/**
 * @typedef {import("../curves/mean.js").Mean} Mean
 * @typedef {{smooth: number, legend: boolean}} How
 */

/**
 * @param {import("../curves/chart.js").Curve} curve @param {import("./figure.js").Axis} axis
 * @param {import("./palette_layer.js").Palette} palette @param {How} how
 * @returns {PlotScatter[]}
 */
export function tracesOf(curve, axis, palette, { smooth, legend }) {
  const series = thinned(axis.name === "loss" ? curve.loss : curve.metric, MOST_POINTS);
  if (series.x.length === 0) return [];
  const look = lookOf(curve.place, palette.curves);
  const shown = smoothed(series.mean, smooth);
  const base = { type: /** @type {const} */ ("scatter"), yaxis: axis.yref, legendgroup: curve.key, showlegend: false };
  const rest = fewerFrom(series);
  const line = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ opacity) => ({
    ...base,
    mode: /** @type {const} */ ("lines+markers"),
    name: escaped(curve.label),
    x: series.x.slice(from, to),
    y: shown.slice(from, to).map((value) => drawable(value, axis)),
    customdata: series.x.slice(from, to).map((_, place) => details(series, from + place, smooth)),
    hovertemplate: `${escaped(axis.name)} %{y:.4g}%{customdata}`,
    line: { color: look.color, width: WIDTH, dash: look.dash },
    marker: { color: look.color, symbol: look.mark, size: MARK_PX, maxdisplayed: MARKS },
    opacity,
    connectgaps: false,
    cliponaxis: false,
  });
  return [
    ...bandsOf(series, axis).map((points) => ({
      ...base,
      mode: /** @type {const} */ ("lines"),
      ...points,
      line: { color: look.color, width: 0 },
      fill: /** @type {const} */ ("toself"),
      fillcolor: faded(look.color, BAND),
      hoverinfo: /** @type {const} */ ("skip"),
    })),
    ...(smooth > 0 ? [rawLine(base, series, axis, look.color)] : []),
    { ...line(0, rest ?? series.x.length, 1), showlegend: legend },
    // The pale rest begins where the full line ends, so that there is no hole.
    ...(rest === null ? [] : [line(Math.max(rest - 1, 0), series.x.length, PALE)]),
  ];
}

/**
 * @param {Pick<PlotScatter, "type" | "yaxis" | "legendgroup" | "showlegend">} base @param {Mean} series
 * @param {import("./figure.js").Axis} axis @param {string} color
 * @returns {PlotScatter}
 */
const rawLine = (base, { x, mean }, axis, color) => ({
  ...base,
  mode: "lines",
  x,
  y: mean.map((value) => drawable(value, axis)),
  line: { color: faded(color, RAW), width: 1 },
  hoverinfo: "skip",
  connectgaps: false,
});

/** A value that the axis has a place for. @param {number} value @param {import("./figure.js").Axis} axis */
const drawable = (value, { log }) => (log && value <= 0 ? null : value);

/** What hovering adds to the value: how many runs, and how far they are apart. @param {Mean} series
 * @param {number} place @param {number} smooth */
function details({ mean, low, high, n, of }, place, smooth) {
  const raw = smooth > 0 ? `, as measured ${short(mean[place])}` : "";
  const count = n[place] < of ? `${n[place]} of ${of} runs` : `${n[place]} runs`;
  const range =
    n[place] > 1 ? ` (${count}: ${short(low[place])} to ${short(high[place])})` : of > 1 ? ` (1 of ${of} runs)` : "";
  return `${range}${raw}`;
}

/** @param {number} value */
const short = (value) => String(Number(value.toPrecision(3)));

/**
 * Outlines of the band: of each stretch of updates where more than one run has a value. What lies below a logarithmic
 * axis ends at its foot.
 * @param {Mean} series @param {import("./figure.js").Axis} axis
 * @returns {{x: number[], y: number[]}[]}
 */
function bandsOf({ x, low, high, n }, { log, range }) {
  const foot = log ? 10 ** range[0] : -Infinity;
  const at = (/** @type {number} */ value) => Math.max(value, foot);
  const stretches = /** @type {number[][]} */ ([]);
  x.forEach((_, place) => {
    if (n[place] < 2) return;
    const last = stretches.at(-1);
    if (last && last.at(-1) === place - 1) last.push(place);
    else stretches.push([place]);
  });
  return stretches
    .filter((places) => places.length > 1)
    .map((places) => {
      const back = [...places].reverse();
      return {
        x: [...places, ...back].map((place) => x[place]),
        y: [...places.map((place) => at(high[place])), ...back.map((place) => at(low[place]))],
      };
    });
}
