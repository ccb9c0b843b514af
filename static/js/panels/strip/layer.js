// Draws the sequence strip as SVG: rows of cells and bars of loss on the shared time axis.

import { readable, upward } from "../../draw/numbers.js";
import { barPath } from "../../draw/figures/bars.js";
import { svg } from "../../draw/layers/dom.js";

const ROW_PX = 17;
const TICKS_PX = 14;
const LOSS_PX = 20;
export const STRIP_HEIGHT = TICKS_PX + 3 * ROW_PX + LOSS_PX + 6;

/**
 * @param {ReturnType<typeof import("./figure.js").stripFigure>} figure
 * @param {TimeAxis} axis
 * @returns {SVGElement[]}
 */
export function drawStrip(figure, axis) {
  const nodes = axis.ticks.map((step) => text("tick", axis.x(step), 10, String(step)));
  figure.rows.forEach((row, index) => {
    const top = TICKS_PX + index * ROW_PX;
    nodes.push(text("row-name", axis.left - 8, top + 13, row.name));
    const cells = row.cells.slice(axis.from, axis.to);
    nodes.push(...(figure.letters ? cells.flatMap((cell) => drawCell(cell, axis, top)) : drawRow(cells, axis, top)));
  });
  const base = TICKS_PX + 3 * ROW_PX + LOSS_PX + 3;
  nodes.push(
    text("row-name", axis.left - 8, base - 11, "loss"),
    text(
      "tick row-name scale",
      axis.left - 8,
      base,
      axis.left < 50 || !figure.loss.length ? "" : `≤ ${readable(upward(figure.lossMax), 2)}`,
    ),
  );
  nodes.push(svg("path", { class: "loss-bars", d: lossBars(figure.loss, axis, base) }));
  figure.loss.forEach((share, step) => {
    if (!Number.isFinite(share) && axis.has(step)) nodes.push(text("broken", axis.x(step), base - 2, "×"));
  });
  return nodes;
}

/** @param {string} name @param {number} x @param {number} y @param {string} content */
const text = (name, x, y, content) => svg("text", { class: name, x: x.toFixed(1), y }, content);

/**
 * A long sequence has no room for letters: one path a kind of cell, so that a live picture stays cheap.
 * @param {import("./figure.js").StripCell[]} cells
 * @param {TimeAxis} axis
 * @param {number} top px
 * @returns {SVGElement[]}
 */
function drawRow(cells, axis, top) {
  /** @type {Map<string, string>} */
  const paths = new Map();
  for (const cell of cells) {
    if (cell.kind === "none" || cell.kind === "blank") continue;
    const { kind, x, y, width, height } = boxOf(cell, axis, top);
    paths.set(kind, `${paths.get(kind) ?? ""}M${x} ${y}h${width}v${height}h-${width}z`);
  }
  return [...paths].map(([kind, d]) => svg("path", { class: `cell ${kind}`, d }));
}

/** @param {import("./figure.js").StripCell} cell @param {TimeAxis} axis @param {number} top px */
function boxOf(cell, axis, top) {
  const width = Math.max(axis.cell - 1, 1);
  const value = cell.kind === "value";
  const height = value ? Math.max(cell.level * (ROW_PX - 3), 1) : ROW_PX - 2;
  const px = (/** @type {number} */ number) => number.toFixed(1);
  return {
    kind: value && cell.marked ? "marked" : cell.kind,
    x: px(axis.x(cell.step) - width / 2),
    y: px(value ? top + ROW_PX - 1 - height : top + 1),
    width: px(width),
    height: px(height),
  };
}

/**
 * @param {import("./figure.js").StripCell} cell
 * @param {TimeAxis} axis
 * @param {number} top px
 * @returns {SVGElement[]}
 */
function drawCell(cell, axis, top) {
  const letter = (/** @type {string} */ kind, /** @type {string} */ content) =>
    svg(
      "text",
      {
        class: `letter ${kind}`,
        x: axis.x(cell.step).toFixed(1),
        y: top + 13,
        style: axis.cell < 8 ? `font-size:${(axis.cell * 1.45).toFixed(1)}px` : null,
      },
      content,
    );
  if (cell.kind === "none") return [];
  if (cell.kind === "blank") return [letter("blank", "·")];
  const { kind, ...box } = boxOf(cell, axis, top);
  const rect = svg("rect", { class: `cell ${kind}`, ...box, rx: axis.cell > 8 ? 2 : 0 });
  return cell.kind === "value" ? [rect] : [rect, letter(cell.kind, cell.text)];
}

/** @param {number[]} shares @param {TimeAxis} axis @param {number} base px */
function lossBars(shares, axis, base) {
  const width = Math.max(axis.cell * 0.7, 1);
  return shares
    .map((share, step) => {
      if (!Number.isFinite(share) || share === 0 || !axis.has(step)) return "";
      return barPath(axis.x(step) - width / 2, base, width, Math.max(share * LOSS_PX, 0.5));
    })
    .join("");
}
