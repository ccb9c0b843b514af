// A metric against one setting: a line of means, a band from the least to the most, a dot for each trial; one line for
// each value of the other setting. Numbers to geometry. Pure.

import { lookOf } from "../../table/overlay/figure/look.js";
import { crosses, legendRows } from "./band_parts.js";
import { fitting, node, round, text, widthOf } from "./nodes.js";
import { scaleOf, ticksOf } from "./scale.js";
import { figureOf } from "../numbers/trials.js";

/** More lines than that are one: nobody can tell them apart. */
export const MOST_LINES = 7;
const SIZE = { high: 300, top: 12, right: 14, foot: 44, left: 54 };
const MARK_PX = 3;
/** How far dots of one place stand apart at most; by the golden ratio no two of few fall together. */
const APART_PX = 7;
const GOLDEN = 0.618034;
/** Of more dots than that each is small and faint. */
const CROWD = 300;

/**
 * @typedef {{row: Results.Row, x: number, y: number}} Dot px
 * @typedef {import("./nodes.js").Figure & {dots: Dot[]}} BandFigure
 * @typedef {{x: number, low: number, high: number, mean: number, n: number}} Point figures, x in px
 * @typedef {{label: string, points: Point[], rows: Results.Row[]}} Line
 */

/** The setting whose values get a line each; null where all trials are one line. @param {Results.View} view */
export const linesBy = ({ y }) => (y && y.values.length <= MOST_LINES ? y : null);

/**
 * @param {Results.View} view @param {Results.Look} look @param {number} width px
 * @returns {BandFigure}
 */
export function bandFigure(view, look, width) {
  const { x, metric, rows } = view;
  const figures = rows.flatMap((row) => figureOf(row, metric.name) ?? []);
  const scale = scaleOf(figures, metric);
  const lines = linesOf(view);
  const names = legendRows(lines, look, SIZE.left, width);
  const inner = { left: SIZE.left, right: width - SIZE.right, top: SIZE.top + names.height, foot: 0 };
  inner.foot = inner.top + SIZE.high - SIZE.foot;
  const along = placesOf(x, inner);
  const up = (/** @type {number} */ value) => inner.foot - 6 - scale.share(value) * (inner.foot - inner.top - 12);
  const dots = scattered(view, along, up);
  const missing = rows.filter((row) => figureOf(row, metric.name) === null);
  const tree = node(
    "g",
    { "font-size": 11, fill: look.muted },
    ...axesNodes({ view, scale, inner, along, up }, look),
    ...lines.flatMap((line, place) => lineNodes(line, { place, look, along, up })),
    ...lines.map(({ rows: own }, place) => dotsNode(own, place, { dots, look })),
    ...crosses(missing, { x, along, foot: inner.foot }, look),
    ...names.nodes,
  );
  return { node: tree, width, height: inner.foot + SIZE.foot, dots };
}

/**
 * A dot for each trial with a figure; those of one place stand a little apart, in the order of the trials.
 * @param {Results.View} view @param {(place: number) => number} along @param {(value: number) => number} up
 * @returns {Dot[]}
 */
function scattered({ rows, x, metric }, along, up) {
  const counts = /** @type {Map<number, number>} */ (new Map());
  return rows.flatMap((row) => {
    const value = figureOf(row, metric.name);
    if (value === null) return [];
    const place = x?.places.get(row.run) ?? 0;
    const nth = counts.get(place) ?? 0;
    counts.set(place, nth + 1);
    return [{ row, x: along(place) + ((nth * GOLDEN + 0.5) % 1) * 2 * APART_PX - APART_PX, y: up(value) }];
  });
}

/** @param {Results.View} view @returns {Line[]} each with its points at the places of x */
export function linesOf(view) {
  const { x, rows, metric } = view;
  const by = linesBy(view);
  const groups = by
    ? by.values.map(({ text: words }, place) => ({
        label: `${by.name} ${words}`,
        rows: rows.filter(({ run }) => by.places.get(run) === place),
      }))
    : [{ label: "all trials", rows: [...rows] }];
  return groups.map(({ label, rows: own }) => {
    const points = /** @type {Map<number, {sum: number, low: number, high: number, n: number}>} */ (new Map());
    for (const row of own) {
      const value = figureOf(row, metric.name);
      if (value === null) continue;
      const place = x?.places.get(row.run) ?? 0;
      const at = points.get(place) ?? { sum: 0, low: Infinity, high: -Infinity, n: 0 };
      at.sum += value;
      at.low = Math.min(at.low, value);
      at.high = Math.max(at.high, value);
      at.n += 1;
      points.set(place, at);
    }
    const sorted = [...points].sort(([a], [b]) => a - b);
    return {
      label,
      rows: own,
      points: sorted.map(([place, { sum, low, high, n }]) => ({ x: place, low, high, n, mean: sum / n })),
    };
  });
}

/**
 * Numbers stand where they are, by powers of ten where they spread over many; other values at equal distances.
 * @param {Results.Axis | null} axis @param {{left: number, right: number}} inner px
 * @returns {(place: number) => number}
 */
function placesOf(axis, { left, right }) {
  const [from, to] = [left + 14, right - 14];
  const values = axis?.values ?? [];
  if (values.length < 2) return () => (from + to) / 2;
  if (!axis?.numeric) return (place) => from + (place / (values.length - 1)) * (to - from);
  const numbers = values.map(({ number }) => number ?? 0);
  const log = numbers[0] > 0 && numbers[numbers.length - 1] > 30 * numbers[0];
  const at = numbers.map((number) => (log ? Math.log10(number) : number));
  return (place) => from + ((at[place] - at[0]) / (at[at.length - 1] - at[0])) * (to - from);
}

/**
 * @param {{view: Results.View, scale: import("./scale.js").Scale, inner: {left: number, right: number, top: number,
 *   foot: number}, along: (place: number) => number, up: (value: number) => number}} frame @param {Results.Look} look
 */
function axesNodes({ view, scale, inner, along, up }, look) {
  const { x, metric } = view;
  let last = -Infinity;
  const middle = (inner.left + inner.right) / 2;
  return [
    ...ticksOf(scale, inner.foot - inner.top).flatMap(({ value, text: words }) => [
      node("line", { x1: inner.left, x2: inner.right, y1: round(up(value)), y2: round(up(value)), stroke: look.line }),
      text(inner.left - 6, up(value) + 4, words, { "text-anchor": "end" }),
    ]),
    ...(x?.values ?? []).flatMap(({ text: words }, place) => {
      const shown = fitting(words, 110, 11);
      if (along(place) - widthOf(shown, 11) / 2 < last + 6) return [];
      last = along(place) + widthOf(shown, 11) / 2;
      return [text(along(place), inner.foot + 16, shown, { "text-anchor": "middle" })];
    }),
    node("line", { x1: inner.left, x2: inner.right, y1: inner.foot, y2: inner.foot, stroke: look.edge }),
    text(middle, inner.foot + 34, x?.name ?? "", { "text-anchor": "middle", "font-style": "italic", fill: look.text }),
    node(
      "text",
      {
        transform: `translate(12 ${round((inner.top + inner.foot) / 2)}) rotate(-90)`,
        ...{ "text-anchor": "middle", "font-style": "italic", fill: look.text },
      },
      `${metric.name}${scale.log ? ", by powers of ten" : ""}`,
    ),
  ];
}

/**
 * @typedef {{place: number, look: Results.Look, along: (place: number) => number, up: (value: number) => number}} How
 */

/** Whether a line has a band: trials that are apart, at more places than one. @param {Pick<Line, "points">} line */
export const hasBand = ({ points }) => points.length > 1 && points.some(({ n }) => n > 1);

/** @param {Line} line @param {How} how */
function lineNodes({ points }, { place, look, along, up }) {
  const { color, lengths } = lookOf(place, look.curves);
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `${round(along(x))} ${round(up(y))}`;
  const upper = points.map(({ x, high }) => at(x, high));
  const lower = [...points].reverse().map(({ x, low }) => at(x, low));
  const band = node("path", { d: `M${[...upper, ...lower].join("L")}Z`, fill: color, "fill-opacity": 0.14 });
  const mean = {
    ...{ fill: "none", stroke: color, "stroke-width": 2, "stroke-linejoin": "round" },
    "stroke-dasharray": lengths || null,
  };
  return [
    ...(hasBand({ points }) ? [band] : []),
    ...(points.length > 1
      ? [node("path", { d: `M${points.map(({ x, mean: y }) => at(x, y)).join("L")}`, ...mean })]
      : []),
    ...points.map(({ x, mean: y }) =>
      node("path", { d: `M${round(along(x) - 7)} ${round(up(y))}h14`, stroke: color, "stroke-width": 3 }),
    ),
  ];
}

/** All dots of a line as one path: thousands of elements would be slow. @param {readonly Results.Row[]} rows
 * @param {number} place @param {{dots: Dot[], look: Results.Look}} how */
function dotsNode(rows, place, { dots, look }) {
  const own = new Set(rows.map(({ run }) => run));
  const size = dots.length > CROWD ? MARK_PX / 2 : MARK_PX;
  const ring = `a${size} ${size} 0 1 0 ${2 * size} 0a${size} ${size} 0 1 0 -${2 * size} 0`;
  const mine = dots.filter(({ row }) => own.has(row.run));
  const d = mine.map(({ x, y }) => `M${round(x - size)} ${round(y)}${ring}`).join("");
  const { color } = lookOf(place, look.curves);
  return node("path", { d: d || "M0 0", fill: color, "fill-opacity": dots.length > CROWD ? 0.35 : 0.6 });
}
