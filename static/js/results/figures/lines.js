// Parallel coordinates: one line a trial, over an axis for each setting to its figure. Numbers to geometry. Pure.

import { LEGEND_PX, legendOf } from "./legend.js";
import { fitting, node, round, text, widthOf } from "./nodes.js";
import { coloursOf, scaleOf, ticksOf } from "./scale.js";
import { figureOf, isLive } from "../numbers/trials.js";

const SIZE = { high: 330, side: 46, foot: 40 };
/** Lines of as many colours are drawn; all of one colour are one path, since thousands of elements would be slow. */
const SHADES = 16;
/** Of trials without a figure: those that ended, and those that may yet have one. */
const [ENDED, WAITS] = [-1, -2];
/** The picture is not as high as that, tenths of a px. */
const MOST_TENTHS = 1e5;

/**
 * @typedef {{name: string, x: number, ticks: {y: number, text: string}[]}} Upright
 * @typedef {{row: Results.Row, places: number[], figure: number | null}} Strand places are px from the top, at each
 *   upright
 * @typedef {import("./nodes.js").Figure & {uprights: Upright[], strands: Strand[]}} LinesFigure
 */

/**
 * @param {Results.View} view @param {Results.Look} look @param {number} width px
 * @returns {LinesFigure}
 */
export function linesFigure(view, look, width) {
  const { axes, rows, metric } = view;
  const [top, foot] = [LEGEND_PX + 22, LEGEND_PX + SIZE.high - SIZE.foot];
  const scale = scaleOf(
    rows.flatMap((row) => figureOf(row, metric.name) ?? []),
    metric,
  );
  const count = axes.length + 1;
  const along = (/** @type {number} */ place) =>
    SIZE.side + (count > 1 ? (place / (count - 1)) * (width - 2 * SIZE.side) : 0);
  const up = (/** @type {number} */ share) => foot - share * (foot - top);
  const shares = axes.map(sharesOf);
  const none = foot + 22;
  const strands = rows.map((row) => {
    const figure = figureOf(row, metric.name);
    const places = axes.map((axis, index) => up(shares[index][axis.places.get(row.run) ?? 0]));
    return { row, figure, places: [...places, figure === null ? none : up(scale.share(figure))] };
  });
  const uprights = [
    ...axes.map((axis, index) => ({
      name: axis.name,
      x: along(index),
      ticks: axis.values.map(({ text: words }, place) => ({ y: up(shares[index][place]), text: words })),
    })),
    {
      name: metric.name,
      x: along(axes.length),
      ticks: ticksOf(scale, foot - top).map(({ value, text: words }) => ({ y: up(scale.share(value)), text: words })),
    },
  ];
  const missing = strands.some(({ figure }) => figure === null);
  const tree = node(
    "g",
    { "font-size": 11, fill: look.muted },
    legendOf(scale, look, width - 4),
    ...strandNodes({ strands, uprights, scale }, look),
    ...uprights.flatMap((upright) => uprightNodes(upright, { top, foot, width, count }, look)),
    missing ? text(along(axes.length) + 6, none + 4, "none", { fill: look.muted }) : null,
  );
  return { node: tree, width, height: LEGEND_PX + SIZE.high, uprights, strands };
}

/** Where values stand on an upright, 0 to 1: numbers by size, others at equal distances. @param {Results.Axis} axis */
function sharesOf({ values, numeric }) {
  if (values.length < 2) return values.map(() => 0.5);
  const numbers = values.map(({ number }, place) => (numeric ? (number ?? 0) : place));
  const log = numeric && numbers[0] > 0 && numbers[numbers.length - 1] > 30 * numbers[0];
  const at = numbers.map((number) => (log ? Math.log10(number) : number));
  return at.map((place) => (place - at[0]) / (at[at.length - 1] - at[0]));
}

/**
 * @param {{strands: Strand[], uprights: Upright[], scale: import("./scale.js").Scale}} drawn @param {Results.Look} look
 */
function strandNodes({ strands, uprights, scale }, look) {
  const colour = coloursOf(scale, look);
  // Stretches that many trials of a colour share are drawn once: drawn for each, they would cost a frame or more.
  // A stretch is a number: which one, and its two ends in tenths of a px, as round() gives them.
  const shades = /** @type {Map<number, Set<number>>} */ (new Map());
  const along = uprights.map(({ x }) => round(x));
  for (const { places, figure, row } of strands) {
    const shade =
      figure === null ? (isLive(row) ? WAITS : ENDED) : Math.min(Math.floor(scale.share(figure) * SHADES), SHADES - 1);
    const stretches = shades.get(shade) ?? new Set();
    for (let place = 1; place < places.length; place += 1)
      stretches.add(
        (place * MOST_TENTHS + Math.round(places[place - 1] * 10)) * MOST_TENTHS + Math.round(places[place] * 10),
      );
    shades.set(shade, stretches);
  }
  const drawn = (/** @type {number} */ stretch) => {
    const [to, from] = [stretch % MOST_TENTHS, Math.floor(stretch / MOST_TENTHS) % MOST_TENTHS];
    const place = Math.floor(stretch / MOST_TENTHS ** 2);
    return `M${along[place - 1]} ${from / 10}L${along[place]} ${to / 10}`;
  };
  const at = (/** @type {number} */ shade) => {
    const share = (shade + 0.5) / SHADES;
    const { low, high, log } = scale;
    return log ? low * (high / low) ** share : low + share * (high - low);
  };
  const faint = strands.length > 300 ? 0.45 : strands.length > 60 ? 0.7 : 0.9;
  // What is better lies on top; what has no figure too, since it is rarest.
  const order = [...shades].sort(([a], [b]) => (a < 0 || b < 0 ? b - a : scale.better === "higher" ? a - b : b - a));
  return order.map(([shade, paths]) =>
    node("path", {
      d: Array.from(paths, drawn).join(""),
      fill: "none",
      stroke: shade === ENDED ? look.warn : shade === WAITS ? look.muted : colour(at(shade)).fill,
      "stroke-width": shade < 0 ? 1 : 1.3,
      "stroke-opacity": shade < 0 ? 0.6 : faint,
      "stroke-dasharray": shade < 0 ? "4 3" : null,
    }),
  );
}

/** @param {readonly number[]} places @param {readonly Upright[]} uprights */
export const pathOf = (places, uprights) =>
  `M${places.map((y, index) => `${round(uprights[index].x)} ${round(y)}`).join("L")}`;

/**
 * @param {Upright} upright @param {{top: number, foot: number, width: number, count: number}} frame
 * @param {Results.Look} look
 */
function uprightNodes({ name, x, ticks }, { top, foot, width, count }, look) {
  const room = Math.max((width - 2 * SIZE.side) / Math.max(count - 1, 1) - 12, 36);
  let last = Infinity;
  const shown = ticks.filter(({ y }) => {
    const roomy = last - y >= 13;
    if (roomy) last = y;
    return roomy;
  });
  const label = fitting(name, room + 10, 12);
  const anchor = x - widthOf(label) / 2 < 2 ? "start" : x + widthOf(label) / 2 > width - 2 ? "end" : "middle";
  const left = anchor === "start" ? 2 : anchor === "end" ? width - 2 : x;
  return [
    node("line", { x1: round(x), x2: round(x), y1: top, y2: foot, stroke: look.edge }),
    text(left, top - 8, label, { "text-anchor": anchor, fill: look.text, "font-size": 12 }),
    ...shown.map(({ y, text: words }) =>
      text(x + 5, y + 4, fitting(words, Math.min(room, 90), 11), {
        ...{ fill: look.text, stroke: look.panel, "stroke-width": 3, "paint-order": "stroke" },
      }),
    ),
  ];
}

/**
 * The trial whose line lies nearest to a place; null where none is near.
 * @param {LinesFigure} figure @param {number} x @param {number} y px @param {number} most px
 * @returns {Strand | null}
 */
export function strandAt({ strands, uprights }, x, y, most) {
  const right = uprights.findIndex((upright) => upright.x >= x);
  const [from, to] = right > 0 ? [right - 1, right] : right === 0 ? [0, 0] : [uprights.length - 1, uprights.length - 1];
  const gap = uprights[to].x - uprights[from].x;
  const share = gap > 0 ? (x - uprights[from].x) / gap : 0;
  let [found, least] = [/** @type {Strand | null} */ (null), most];
  for (const strand of strands) {
    const away = Math.abs(strand.places[from] + share * (strand.places[to] - strand.places[from]) - y);
    if (away < least) [found, least] = [strand, away];
  }
  return found;
}
