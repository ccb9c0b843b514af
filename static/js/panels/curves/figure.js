// Loss (log) and task metric over updates, thinned for drawing; skipped updates, turned knobs, fresh examples and what
// guessing gives are marked. Pure.

import { endLabels } from "./ends.js";
import { chanceLine, levels } from "./chance.js";
import { logRange, logTicks } from "../../draw/figures/log_ticks.js";
import { dashed, dots, freshPoints, line, skippedMarks } from "./lines.js";
import { mainMetric, metricAxis, lastUpdate, over } from "./points.js";
import { labels } from "./marks.js";

/** Shares of the height that the loss has, and the metric below it. */
const LOSS_DOMAIN = /** @type {[number, number]} */ ([0.53, 1]);
const METRIC_DOMAIN = /** @type {[number, number]} */ ([0, 0.46]);

const MARGIN = { l: 58, r: 14, t: 16, b: 34 };

/** Room for the names at the ends of the lines, and for “chance” alone. */
const NAMES_PX = 78;
const CHANCE_PX = 44;

/**
 * @typedef {import("./lines.js").Points} Points
 * @typedef {{looks: Looks, chance: import("./chance.js").Chance | null,
 *   baseline: {name: string, metrics: Metrics} | null, unseen?: string}} Beside what is drawn beside the curves of the
 *   training: looks at `unseen` examples, what guessing gives, another network
 */

/**
 * @param {Metrics} metrics
 * @param {{update: number, text: string}[]} marks
 * @param {Theme} theme
 * @param {{width: number, height: number}} size
 * @param {number | null} shown the update in the other panels
 * @param {Beside} beside
 * @returns {Figure}
 */
export function curvesFigure(
  metrics,
  marks,
  theme,
  { width, height },
  shown,
  { looks, chance, baseline, unseen = "fresh" },
) {
  const name = mainMetric(metrics);
  const own = over(metrics, name);
  const theirs = baseline && over(baseline.metrics, name);
  const fresh = { loss: freshPoints(looks, "loss"), metric: freshPoints(looks, name) };
  const level = levels(chance, name);
  const known = (/** @type {"loss" | "metric"} */ kind) =>
    [own[kind].y, theirs?.[kind].y ?? [], fresh[kind].y, level[kind] ?? []].flat();
  const lossRange = logRange(known("loss"));
  const metric = metricAxis(name, known("metric"));
  const last = Math.max(lastUpdate(metrics, baseline?.metrics), 1);
  const frame = { width, height, name, lossRange, metric, last, margin: curvesMargin(baseline !== null, level) };
  const drawn = layout(theme, frame, marks, shown);
  drawn.shapes.push(...chanceLine(level.loss, "y", theme), ...chanceLine(level.metric, "y2", theme));
  const data = [line("loss", own.loss, "y", theme.text), line(name ?? "metric", own.metric, "y2", theme.accent)];
  data.push(...skippedMarks(metrics, theme));
  if (baseline && theirs)
    data.push(dashed(baseline.name, theirs.loss, "y", theme), dashed(baseline.name, theirs.metric, "y2", theme));
  data.push(...dots(`loss, ${unseen} examples`, fresh.loss, "y", theme.text, theme));
  data.push(...dots(`${name ?? "metric"}, ${unseen} examples`, fresh.metric, "y2", theme.accent, theme));
  const ends = (/** @type {"loss" | "metric"} */ kind, /** @type {string} */ color) => [
    ...(baseline && theirs
      ? [
          { name: "this", points: own[kind], color },
          { name: baseline.name, points: theirs[kind], color: theme.baseline },
        ]
      : []),
    { name: "chance", points: at(last, level[kind]), color: theme.muted },
  ];
  drawn.annotations.push(
    ...endLabels(ends("loss", theme.text), { yref: "y", log: true, ...extent(lossRange, frame, LOSS_DOMAIN) }),
    ...endLabels(ends("metric", theme.accent), {
      yref: "y2",
      log: metric.log,
      ...extent(metric.range, frame, METRIC_DOMAIN),
    }),
  );
  return { data, layout: drawn };
}

/** One point, or none. @param {number} x @param {number | null} y @returns {Points} */
const at = (x, y) => (y === null ? { x: [], y: [] } : { x: [x], y: [y] });

/**
 * How high an axis is, in its own units and on the screen.
 * @param {[number, number]} range @param {{height: number, margin: PlotMargin}} frame @param {[number, number]} domain
 */
const extent = ([low, high], { height, margin: { t, b } }, [from, to]) => ({
  span: high - low,
  px: (height - t - b) * (to - from),
});

/**
 * @param {boolean} names whether names stand at the ends of the lines
 * @param {ReturnType<typeof levels>} level what guessing gives
 */
export const curvesMargin = (names, level) =>
  names
    ? { ...MARGIN, r: NAMES_PX }
    : level.loss === null && level.metric === null
      ? MARGIN
      : { ...MARGIN, r: CHANCE_PX };

/**
 * @typedef {{width: number, height: number, name: string | null, lossRange: [number, number],
 *   metric: ReturnType<typeof metricAxis>, last: number, margin: PlotMargin}} Frame `name` is that of the metric, a
 *   range is in powers of ten where its axis is, `last` the end of the updates
 * @param {Theme} theme
 * @param {Frame} frame
 * @param {{update: number, text: string}[]} marks
 * @param {number | null} shown
 * @returns {PlotLayout & {annotations: PlotAnnotation[], shapes: PlotShape[]}}
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
function axes(theme, { height, margin, name, lossRange, metric, last }) {
  /** @type {PlotAxis} */
  const axis = { gridcolor: theme.line, zeroline: false, fixedrange: true };
  const lossPx = extent(lossRange, { height, margin }, LOSS_DOMAIN).px;
  const metricPx = extent(metric.range, { height, margin }, METRIC_DOMAIN).px;
  /** @type {Record<"xaxis" | "yaxis" | "yaxis2" | "yaxis3", PlotAxis>} */
  const all = {
    xaxis: {
      ...axis,
      anchor: "y2",
      showgrid: false,
      title: { text: "update", standoff: 4 },
      range: [0, last],
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
      domain: METRIC_DOMAIN,
      range: metric.range,
      ...(metric.log ? { type: /** @type {const} */ ("log"), ...logTicks(metric.range, metricPx) } : { nticks: 4 }),
      title: { text: name ?? "", standoff: 2, font: { color: theme.accent } },
    },
    yaxis3: { overlaying: "y", range: [0, 1.02], visible: false, fixedrange: true },
  };
  return all;
}
