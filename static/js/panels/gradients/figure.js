// Gradient norm per step on a log axis: three rules, a lane below for exact zero, a lane above for non-finite. Pure.
// log10 is taken here and tick texts are written by hand, so that the lanes have a place on the axis.

import { MARKERS_UP_TO, MOST_DECADE_TICKS } from "../../draw/look.js";
import { powerOfTen } from "../../draw/numbers.js";
import { normText } from "./selector.js";
import { rulesCalled } from "../../draw/figures/methods.js";

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
export function gradientFigure({ norms, divisors, before, since, own }, axis, theme, scale) {
  /** @type {Figure["data"]} */
  const data = rulesCalled(own).flatMap((look, place) => {
    const { rule } = look;
    if (!norms[rule]) return [];
    const steps = stepsFrom(norms[rule], axis, rule === "sab" ? since : 0);
    return traces(measured(norms[rule], scale, divisors[rule]), steps, { ...look, colour: theme[rule], place }, scale);
  });
  if (before) data.unshift({ ...faint(before, theme.sab, scale, divisors.sab ?? 1), name: `${own} before` });
  return { data, layout: layout(axis, theme, scale) };
}

/**
 * Rule sab before arcs were knocked out: a thin line behind the others.
 * @param {Column} norm @param {string} colour @param {GradientScale} scale @param {number} divisor
 * @returns {PlotScatter}
 */
function faint(norm, colour, scale, divisor) {
  const logs = Array.from(norm, (value) => Math.log10(value / divisor));
  return {
    type: "scatter",
    mode: "lines",
    x: logs.map((_, step) => step),
    y: logs.map((log) => (log >= scale.low && log <= scale.high ? log : null)),
    connectgaps: false,
    opacity: 0.5,
    customdata: Array.from(norm, (value) => normText(value, scale, divisor)),
    hovertemplate: "%{customdata}",
    line: { color: colour, dash: "longdashdot", width: 1 },
  };
}

/** Steps that are drawn. @param {Column} norms @param {TimeAxis} axis @param {number} since @returns {number[]} */
const stepsFrom = (norms, axis, since) =>
  Array.from(norms, (_, step) => step).filter((step) => step >= since && axis.has(step));

/**
 * Norms as numbers, as words and as powers of ten; `inside` has only those that stand on the axis.
 * @param {Column} norms @param {GradientScale} scale @param {number} divisor
 */
function measured(norms, scale, divisor) {
  const values = Array.from(norms);
  const logs = values.map((value) => (Number.isFinite(value) && value > 0 ? Math.log10(value / divisor) : null));
  return {
    values,
    logs,
    texts: values.map((value) => normText(value, scale, divisor)),
    inside: logs.map((log) => (log !== null && log >= scale.low && log <= scale.high ? log : null)),
  };
}

/**
 * One line (with markers where there is room; a step that stands alone always has one), one lane of hollow triangles
 * (0), one lane of crosses (non-finite), arrows off the axis.
 * @typedef {{name: string, dash: string, marker: string, colour: string, place: number}} Look
 * @param {ReturnType<typeof measured>} norms @param {number[]} steps @param {Look} look @param {GradientScale} scale
 * @returns {PlotScatter[]}
 */
function traces({ values, logs, texts, inside }, steps, look, scale) {
  const { marker, place } = look;
  const long = steps.length > MARKERS_UP_TO;
  const where = (/** @type {(value: number, step: number) => boolean} */ test) =>
    steps.filter((step) => test(values[step], step));
  const marks = (/** @type {number[]} */ at, /** @type {number} */ y, /** @type {string} */ symbol, size = 7) =>
    lane(at, y, texts, look, { symbol, size });
  const gone = (/** @type {number} */ step) => (inside[step] ?? null) === null;
  const alone = where((_, step) => !gone(step) && gone(step - 1) && gone(step + 1));
  const shift = (scale.low - scale.range[0]) * 0.25 * (place - 1);
  /** @type {PlotScatter} */
  const singles = {
    ...marks(long ? alone : [], 0, marker, 4.5),
    y: alone.map((step) => inside[step]),
    hoverinfo: "skip",
    hovertemplate: null,
  };
  const below = where((_, step) => (logs[step] ?? Infinity) < scale.low);
  const above = where((_, step) => (logs[step] ?? -Infinity) > scale.high);
  return [
    curve(inside, steps, texts, look, long),
    singles,
    marks(
      where((value) => value === 0),
      scale.zero - shift,
      "triangle-down-open",
      5,
    ),
    marks(
      where((value) => !Number.isFinite(value)),
      scale.nonfinite - shift,
      "x",
    ),
    marks(below, scale.low, "arrow-down"),
    marks(above, scale.high, "arrow-up"),
  ].filter((trace) => trace.x.length > 0);
}

/**
 * @param {(number | null)[]} inside @param {number[]} steps @param {string[]} texts @param {Look} look
 * @param {boolean} long @returns {PlotScatter}
 */
const curve = (inside, steps, texts, { name, dash, marker, colour }, long) => ({
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
});

/**
 * Marks in a row.
 * @param {number[]} at @param {number} y @param {string[]} texts @param {Look} look
 * @param {{symbol: string, size: number}} mark @returns {PlotScatter}
 */
const lane = (at, y, texts, { name, colour }, mark) => ({
  type: "scatter",
  mode: "markers",
  name,
  showlegend: false,
  x: at,
  y: at.map(() => y),
  customdata: at.map((step) => texts[step]),
  hovertemplate: "%{customdata}",
  marker: { ...mark, color: colour, line: { color: colour, width: 1 } },
});

/** @param {TimeAxis} axis @param {Theme} theme @param {GradientScale} scale @returns {PlotLayout} */
function layout(axis, theme, scale) {
  const every = Math.max(Math.ceil((scale.high - scale.low) / MOST_DECADE_TICKS), 1);
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
