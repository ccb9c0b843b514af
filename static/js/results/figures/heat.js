// A metric over two settings: numbers to geometry. A cell is the mean of its trials, and leads to them. Pure.

import { fitting, node, round, text, widthOf } from "./nodes.js";
import { LEGEND_PX, legendOf } from "./legend.js";
import { coloursOf, scaleOf, short } from "./scale.js";
import { ranked } from "../numbers/cells.js";
import { linkOf } from "../words/links.js";
import { cellWords, markOf } from "../words/cells.js";

/** Heights of a row of cells, px. */
const ROW = { least: 20, most: 56, all: 340 };
const LEFT = { least: 40, most: 150 };
const FOOT = 40;
/** From here on a cell has its mean in itself, and how many of its trials learned, px. */
const ROOM = { wide: 44, high: 18, two: 36, words: 76 };

/**
 * @param {Results.View} view @param {Results.Look} look @param {number} width px
 * @param {{group: string, chosen: string | null}} more id of the group, and the key of the cell that Tab comes to
 * @returns {import("./nodes.js").Figure}
 */
export function heatFigure(view, look, width, more) {
  const frame = frameOf(view, width);
  const { left, cell, rows, columns, height } = frame;
  const scale = scaleOf(
    view.cells.filter(({ n }) => n > 0).map(({ mean }) => mean),
    view.metric,
  );
  const colour = coloursOf(scale, look);
  const top = ranked(view.cells, view.metric)[0]?.mean;
  const first = more.chosen ?? keyOf(view.cells[0]?.at ?? []);
  const drawn = view.cells.map((one) => {
    const [column, row] = placeOf(one, view);
    const box = { x: left + column * cell.wide, y: frame.top + (rows - 1 - row) * cell.high, ...cell };
    const { fill, ink } = one.n ? colour(one.mean) : { fill: look.panel, ink: look.muted };
    const best = isCompared(view) && one.n > 0 && one.mean === top;
    const how = { tab: keyOf(one.at) === first, best, group: more.group };
    return { link: linkNode(one, view, look, { box, fill, ...how }), words: wordNodes(one, look, box, ink) };
  });
  const tree = node(
    "g",
    { "font-size": 12, fill: look.text },
    legendOf(scale, look, width - 4),
    ground(frame, look),
    ...drawn.map(({ link }) => link),
    // What stands on the cells is read by eyes alone: each link says the same in whole words.
    node("g", { "aria-hidden": "true", "pointer-events": "none" }, ...drawn.flatMap(({ words }) => words)),
    ...labels(view, frame, look),
  );
  return { node: tree, width: Math.max(width, left + columns), height };
}

/** Whether cells are of several settings: the best of some seeds is nothing to point at. @param {Results.View} view */
export const isCompared = ({ cells, kinds }) => cells.length > 1 && kinds.length > 1;

/** @param {readonly number[]} at */
export const keyOf = (at) => at.join(".");

/** Column and row of a cell. @param {Results.Cell} cell @param {Results.View} view @returns {[number, number]} */
const placeOf = ({ at }, { x, y }) => [x ? at[0] : 0, y ? at[x ? 1 : 0] : 0];

/** @param {Results.View} view @param {number} width px */
function frameOf({ x, y }, width) {
  const [columns, rows] = [x?.values.length ?? 1, y?.values.length ?? 1];
  const longest = Math.max(0, ...(y?.values ?? []).map(({ text: words }) => widthOf(words)), widthOf(y?.name ?? ""));
  const left = Math.min(Math.max(longest + 12, LEFT.least), LEFT.most, width / 3);
  const high = Math.min(Math.max(Math.floor(ROW.all / rows), ROW.least), ROW.most);
  const wide = (width - left - 4) / columns;
  const top = LEGEND_PX + 14;
  return { left, top, columns, rows, cell: { wide, high }, height: top + rows * high + FOOT };
}

/** @typedef {ReturnType<typeof frameOf>} Frame */

/** Where no trial is, the ground is hatched. @param {Frame} frame @param {Results.Look} look */
function ground({ left, top, columns, rows, cell }, look) {
  const box = { x: round(left), y: top, width: round(columns * cell.wide), height: rows * cell.high };
  return node(
    "g",
    {},
    node(
      "defs",
      {},
      node(
        "pattern",
        { id: "no-trial", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        node("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: look.line, "stroke-width": 2 }),
      ),
    ),
    node("rect", { ...box, fill: "url(#no-trial)", stroke: look.line }),
  );
}

/** @typedef {{x: number, y: number, wide: number, high: number}} Box px */

/**
 * @param {Results.Cell} one @param {Results.View} view @param {Results.Look} look
 * @param {{box: Box, fill: string, tab: boolean, best: boolean, group: string}} how
 */
function linkNode(one, view, look, { box, fill, tab, best, group }) {
  // The ground of what was never tried must not show between cells: they meet, with lines of the panel's colour.
  const [line, inset] = best ? [3, 1.5] : one.n ? [gapOf(box) * 2, 0] : [1, 1];
  return node(
    "a",
    {
      ...{ href: linkOf(one, view, group), "data-cell": keyOf(one.at), tabindex: tab ? 0 : -1 },
      "aria-label": cellWords(one, view).join(", "),
    },
    node("rect", {
      ...{ x: round(box.x + inset), y: box.y + inset, rx: 2 },
      ...{ width: round(Math.max(box.wide - 2 * inset, 1)), height: box.high - 2 * inset },
      fill,
      stroke: best ? look.text : one.n ? look.panel : look.edge,
      "stroke-width": line,
      "stroke-dasharray": one.n ? null : "3 3",
    }),
  );
}

/** @param {Box} box */
const gapOf = ({ wide }) => (wide > 8 ? 1 : 0);

/** The mean, how many learned, and the mark of a cell, as far as there is room. @param {Results.Cell} one
 * @param {Results.Look} look @param {Box} box @param {string} ink */
function wordNodes(one, look, box, ink) {
  const [middle, centre] = [box.x + box.wide / 2, box.y + box.high / 2];
  const roomy = box.wide >= ROOM.wide && box.high >= ROOM.high;
  const two = roomy && box.high >= ROOM.two && box.wide >= ROOM.words && one.of > 1;
  const mark = markOf(one);
  return [
    ...(roomy ? [text(middle, centre + (two ? -2 : 4), one.n ? short(one.mean) : "–", centred(ink, 12))] : []),
    ...(two ? [text(middle, centre + 13, `${one.learned}/${one.of} learned`, centred(ink, 10))] : []),
    ...(mark ? [text(box.x + box.wide - 3 * gapOf(box) - 2, box.y + 11, mark, marked(one, look, ink))] : []),
  ];
}

/** @param {string} fill @param {number} size px */
const centred = (fill, size) => ({ fill, "font-size": size, "text-anchor": "middle" });

/** @param {Results.Cell} one @param {Results.Look} look @param {string} ink */
const marked = ({ n, trouble }, { warn, muted }, ink) => ({
  fill: n ? ink : trouble ? warn : muted,
  "font-size": 10,
  "font-weight": 700,
  "text-anchor": "end",
});

/** @param {Results.View} view @param {Frame} frame @param {Results.Look} look */
function labels({ x, y }, { left, top, rows, columns, cell, height }, look) {
  const every = Math.ceil(Math.max(0, ...(x?.values ?? []).map(({ text: words }) => widthOf(words) + 8)) / cell.wide);
  const stride = Math.max(Math.min(every, columns), 1);
  const foot = top + rows * cell.high;
  const skip = Math.ceil(14 / cell.high);
  return [
    ...(x?.values ?? []).flatMap(({ text: words }, place) =>
      place % stride === 0
        ? [
            text(left + (place + 0.5) * cell.wide, foot + 15, fitting(words, cell.wide * stride), {
              "text-anchor": "middle",
            }),
          ]
        : [],
    ),
    ...(y?.values ?? []).flatMap(({ text: words }, place) =>
      place % skip === 0
        ? [
            text(left - 6, top + (rows - 0.5 - place) * cell.high + 4, fitting(words, left - 8), {
              "text-anchor": "end",
            }),
          ]
        : [],
    ),
    x ? text(left + (columns * cell.wide) / 2, height - 6, x.name, name(look, "middle")) : null,
    y ? text(Math.min(left - 6, 150), top - 6, y.name, name(look, "end")) : null,
  ];
}

/** @param {Results.Look} look @param {string} anchor */
const name = ({ muted }, anchor) => ({ fill: muted, "text-anchor": anchor, "font-style": "italic" });
