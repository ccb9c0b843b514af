// Gradient norm per step on a log axis: three rules, a lane below for exact zero, a lane above for non-finite. Pure.
// log10 is taken here and tick texts are written by hand, so that the lanes have a place on the axis.

import { powerOfTen } from "../../draw/numbers.js";
import { normText } from "./selector.js";
import { RULES } from "../../draw/figures/methods.js";

const MARKERS_UP_TO = 120;

/**
 * @typedef {{low: number, high: number, zero: number, nonfinite: number, range: [number, number]}} GradientScale
 */

/**
 * Data and layout for Plotly.
 * @param {import("./selector.js").GradientView} view
 * @param {TimeAxis} axis
 * @param {Theme} theme
 * @param {GradientScale} scale
 * @returns {Figure}
 */
export function gradientFigure({ norms, divisors, before, since }, axis, theme, scale) {
  /** @type {Figure["data"]} */
  const data = RULES.flatMap(({ rule, name, dash, marker }, place) => {
    if (!norms[rule]) return [];
    return traces(
      norms[rule],
      axis,
      { name, dash, marker, colour: theme[rule], place, since: rule === "sab" ? since : 0 },
      scale,
      divisors[rule],
    );
  });
  if (before) data.unshift(faint(before, theme.sab, scale, divisors.sab ?? 1));
  return { data, layout: layout(axis, theme, scale) };
}

/** Rule sab before arcs were knocked out: a thin line behind the others. @param {Column} norm @param {string} colour @param {GradientScale} scale @param {number} divisor @returns {PlotScatter} */
function faint(norm, colour, scale, divisor) {
  const logs = Array.from(norm, (value) => Math.log10(value / divisor));
  return {
    type: "scatter",
    mode: "lines",
    name: "SAB before",
    x: logs.map((_, step) => step),
    y: logs.map((log) => (log >= scale.low && log <= scale.high ? log : null)),
    connectgaps: false,
    opacity: 0.5,
    customdata: Array.from(norm, (value) => normText(value, scale, divisor)),
    hovertemplate: "%{customdata}",
    line: { color: colour, dash: "longdashdot", width: 1 },
  };
}

/**
 * One line (with markers where there is room; a step that stands alone always has one), one lane of hollow triangles (0), one lane of crosses (non-finite), arrows off the axis.
 * @param {Column} norms @param {TimeAxis} axis @param {{name: string, dash: string, marker: string, colour: string, place: number, since: number}} look @param {GradientScale} scale @param {number} divisor
 * @returns {PlotScatter[]}
 */
function traces(norms, axis, { name, dash, marker, colour, place, since }, scale, divisor) {
  const steps = Array.from(norms, (_, step) => step).filter((step) => step >= since && axis.has(step));
  const values = Array.from(norms);
  const texts = values.map((value) => normText(value, scale, divisor));
  const logs = values.map((value) => (Number.isFinite(value) && value > 0 ? Math.log10(value / divisor) : null));
  const inside = logs.map((log) => (log !== null && log >= scale.low && log <= scale.high ? log : null));
  const where = (/** @type {(value: number, step: number) => boolean} */ test) =>
    steps.filter((step) => test(values[step], step));
  const long = steps.length > MARKERS_UP_TO;
  const alone = where(
    (_, step) => inside[step] !== null && (inside[step - 1] ?? null) === null && (inside[step + 1] ?? null) === null,
  );
  const lane = (scale.low - scale.range[0]) * 0.25 * (place - 1);
  /** @type {(at: number[], y: number, symbol: string, size: number) => PlotScatter} */
  const marks = (at, y, symbol, size) => ({
    type: "scatter",
    mode: "markers",
    name,
    showlegend: false,
    x: at,
    y: at.map(() => y),
    customdata: at.map((step) => texts[step]),
    hovertemplate: "%{customdata}",
    marker: { symbol, size, color: colour, line: { color: colour, width: 1 } },
  });
  /** @type {PlotScatter} */
  const line = {
    type: "scatter",
    mode: long ? "lines" : "lines+markers",
    name,
    x: steps,
    y: steps.map((step) => inside[step]),
    connectgaps: false,
    customdata: steps.map((step) => texts[step]),
    hovertemplate: "%{customdata}",
    line: { color: colour, dash, width: long ? 1.5 : 2, simplify: true },
    marker: { symbol: marker, size: 4.5, color: colour },
  };
  /** @type {PlotScatter} */
  const singles = {
    ...marks(long ? alone : [], 0, marker, 4.5),
    y: alone.map((step) => inside[step]),
    hoverinfo: "skip",
    hovertemplate: null,
  };
  return [
    line,
    singles,
    marks(
      where((value) => value === 0),
      scale.zero - lane,
      "triangle-down-open",
      5,
    ),
    marks(
      where((value) => !Number.isFinite(value)),
      scale.nonfinite - lane,
      "x",
      7,
    ),
    marks(
      where((_, step) => (logs[step] ?? Infinity) < scale.low),
      scale.low,
      "arrow-down",
      7,
    ),
    marks(
      where((_, step) => (logs[step] ?? -Infinity) > scale.high),
      scale.high,
      "arrow-up",
      7,
    ),
  ].filter((trace) => trace.x.length > 0);
}

/** @param {TimeAxis} axis @param {Theme} theme @param {GradientScale} scale @returns {PlotLayout} */
function layout(axis, theme, scale) {
  const every = Math.max(Math.ceil((scale.high - scale.low) / 5), 1);
  const decades = Array.from({ length: scale.high - scale.low + 1 }, (_, index) => scale.low + index).filter(
    (decade) => (scale.high - decade) % every === 0,
  );
  const broken = scale.range[1] > scale.nonfinite;
  return {
    width: axis.width,
    margin: { l: axis.left, r: axis.right, t: 4, b: 22 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.muted, size: 11 },
    showlegend: false,
    hovermode: "x unified",
    hoverdistance: Math.max(Math.floor(axis.cell / 2), 1),
    dragmode: false,
    uirevision: "keep",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.text, size: 12 } },
    xaxis: {
      range: [axis.from - 0.5, axis.to - 0.5],
      fixedrange: true,
      tickvals: axis.ticks,
      ticktext: axis.ticks.map(String),
      showgrid: false,
      zeroline: false,
      ticks: "outside",
      ticklen: 3,
      tickcolor: theme.line,
      unifiedhovertitle: { text: "step %{x}" },
      ticklabeloverflow: "allow",
    },
    yaxis: {
      range: scale.range,
      fixedrange: true,
      zeroline: false,
      gridcolor: theme.line,
      ticklabeloverflow: "allow",
      tickvals: [...decades, scale.zero, ...(broken ? [scale.nonfinite] : [])],
      ticktext: [...decades.map(powerOfTen), "0", ...(broken ? ["∞ NaN"] : [])],
    },
  };
}
