// Gradient norm per step on a log axis: three rules, a lane below for exact zero, a lane above for non-finite. Pure.
// log10 is taken here and tick texts are written by hand, so that the lanes have a place on the axis.

import { powerOfTen, readable } from "../numbers.js";
import { RULES } from "./methods.js";

const MOST_DECADES = 14;
const LANE = 0.13;
const MARKERS_UP_TO = 120;

/**
 * @typedef {{low: number, high: number, zero: number, nonfinite: number, range: [number, number]}} GradientScale
 */

/**
 * Decades shown, with room for the lanes; a previous scale is kept while the data fit, so a live picture does not jump.
 * @param {Record<string, Column>} norms
 * @param {GradientScale | null} previous
 * @returns {GradientScale}
 */
export function gradientScale(norms, previous = null) {
  let least = Infinity;
  let most = -Infinity;
  let broken = false;
  for (const { rule } of RULES) {
    for (const value of Array.from(norms[rule] ?? [])) {
      if (!Number.isFinite(value)) broken = true;
      else if (value > 0) [least, most] = [Math.min(least, value), Math.max(most, value)];
    }
  }
  if (most < 0) [least, most] = [0.1, 1];
  const high = Math.ceil(Math.log10(most) + 0.05);
  const low = Math.max(Math.min(Math.floor(Math.log10(least)), high - 1), high - MOST_DECADES);
  if (previous && !broken && low >= previous.low && high <= previous.high && low - previous.low + previous.high - high <= 3) return previous;
  const lane = (high - low) * LANE;
  return { low, high, zero: low - lane * 1.1, nonfinite: high + lane * 0.7, range: [low - lane * 2, high + (broken ? lane * 1.4 : lane * 0.35)] };
}

/**
 * Data and layout for Plotly.
 * @param {Trace} trace
 * @param {TimeAxis} axis
 * @param {Theme} theme
 * @param {GradientScale} scale
 * @param {boolean} cell of the cell state c instead of the hidden state h
 * @returns {Figure}
 */
export function gradientFigure(trace, axis, theme, scale, cell = false) {
  const norms = cell ? trace.gradient_norm_cell : trace.gradient_norm;
  const data = RULES.flatMap(({ rule, name, dash, marker }, place) => {
    if (!norms[rule]) return [];
    return traces(norms[rule], { name, dash, marker, colour: theme[rule], place }, scale);
  });
  return { data, layout: layout(axis, theme, scale) };
}

/**
 * One line (with markers where there is room; a step that stands alone always has one), one lane of hollow triangles (0), one lane of crosses (non-finite), one of arrows (below the axis).
 * @param {Column} norms @param {{name: string, dash: string, marker: string, colour: string, place: number}} look @param {GradientScale} scale
 */
function traces(norms, { name, dash, marker, colour, place }, scale) {
  const steps = Array.from(norms, (_, step) => step);
  const values = Array.from(norms);
  const logs = values.map((value) => (Number.isFinite(value) && value > 0 ? Math.log10(value) : null));
  const inside = logs.map((log) => (log !== null && log >= scale.low ? log : null));
  const where = (/** @type {(value: number, step: number) => boolean} */ test) => steps.filter((step) => test(values[step], step));
  const long = steps.length > MARKERS_UP_TO;
  const alone = where((_, step) => inside[step] !== null && (inside[step - 1] ?? null) === null && (inside[step + 1] ?? null) === null);
  const zero = where((value) => value === 0);
  const broken = where((value) => !Number.isFinite(value));
  const tiny = where((_, step) => logs[step] !== null && inside[step] === null);
  const lane = (scale.low - scale.range[0]) * 0.25 * (place - 1);
  const marks = (/** @type {number[]} */ at, /** @type {number} */ y, /** @type {string} */ symbol, /** @type {number} */ size) => ({
    type: "scatter", mode: "markers", name, showlegend: false, x: at, y: at.map(() => y),
    customdata: at.map((step) => readable(values[step], 4)), hovertemplate: "%{customdata}",
    marker: { symbol, size, color: colour, line: { color: colour, width: 1 } },
  });
  return [
    {
      type: "scatter", mode: long ? "lines" : "lines+markers", name, x: steps, y: inside, connectgaps: false,
      customdata: values.map((value) => readable(value, 4)), hovertemplate: "%{customdata}",
      line: { color: colour, dash, width: long ? 1.5 : 2, simplify: true }, marker: { symbol: marker, size: 4.5, color: colour },
    },
    { ...marks(long ? alone : [], 0, marker, 4.5), y: alone.map((step) => inside[step]), hoverinfo: "skip", hovertemplate: null },
    marks(zero, scale.zero - lane, "triangle-down-open", 5),
    marks(broken, scale.nonfinite - lane, "x", 7),
    marks(tiny, scale.low, "arrow-down", 7),
  ].filter((trace) => trace.x.length > 0);
}

/** @param {TimeAxis} axis @param {Theme} theme @param {GradientScale} scale */
function layout(axis, theme, scale) {
  const every = Math.max(Math.ceil((scale.high - scale.low) / 5), 1);
  const decades = Array.from({ length: scale.high - scale.low + 1 }, (_, index) => scale.low + index)
    .filter((decade) => (scale.high - decade) % every === 0);
  const broken = scale.range[1] > scale.nonfinite;
  return {
    width: axis.width,
    margin: { l: axis.left, r: axis.right, t: 4, b: 22 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.muted, size: 11 },
    showlegend: false, hovermode: "x unified", dragmode: false, uirevision: "keep",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.text, size: 12 } },
    xaxis: {
      range: [-0.5, axis.steps - 0.5], fixedrange: true, tickvals: axis.ticks, ticktext: axis.ticks.map(String),
      showgrid: false, zeroline: false, ticks: "outside", ticklen: 3, tickcolor: theme.line, unifiedhovertitle: { text: "step %{x}" }, ticklabeloverflow: "allow",
    },
    yaxis: {
      range: scale.range, fixedrange: true, zeroline: false, gridcolor: theme.line, ticklabeloverflow: "allow",
      tickvals: [...decades, scale.zero, ...(broken ? [scale.nonfinite] : [])],
      ticktext: [...decades.map(powerOfTen), "0", ...(broken ? ["∞ NaN"] : [])],
    },
  };
}
