// Draws the sequence strip as SVG: rows of cells and bars of loss on the shared time axis.

import { readable } from "../numbers.js";
import { svg } from "./dom.js";

const ROW_PX = 17;
const TICKS_PX = 14;
const LOSS_PX = 20;
export const STRIP_HEIGHT = TICKS_PX + 3 * ROW_PX + LOSS_PX + 6;

/**
 * @param {ReturnType<typeof import("../figures/strip.js").stripFigure>} figure
 * @param {TimeAxis} axis
 * @returns {SVGElement[]}
 */
export function drawStrip(figure, axis) {
  const nodes = axis.ticks.map((step) => text("tick", axis.x(step), 10, String(step)));
  figure.rows.forEach((row, index) => {
    const top = TICKS_PX + index * ROW_PX;
    nodes.push(text("row-name", axis.left - 8, top + 13, row.name));
    for (const cell of row.cells) nodes.push(...drawCell(cell, axis, top, figure.letters));
  });
  const base = TICKS_PX + 3 * ROW_PX + LOSS_PX + 3;
  nodes.push(text("row-name", axis.left - 8, base - 11, "loss"), text("tick row-name scale", axis.left - 8, base, axis.left < 50 ? "" : `≤ ${readable(figure.lossMax, 2)}`));
  nodes.push(svg("path", { class: "loss-bars", d: lossBars(figure.loss, axis, base) }));
  figure.loss.forEach((share, step) => {
    if (!Number.isFinite(share)) nodes.push(text("broken", axis.x(step), base - 2, "×"));
  });
  return nodes;
}

/** @param {string} name @param {number} x @param {number} y @param {string} content */
const text = (name, x, y, content) => svg("text", { class: name, x: x.toFixed(1), y }, content);

/**
 * @param {import("../figures/strip.js").StripCell} cell
 * @param {TimeAxis} axis
 * @param {number} top px
 * @param {boolean} letters
 * @returns {SVGElement[]}
 */
function drawCell(cell, axis, top, letters) {
  const middle = axis.x(cell.step);
  const width = Math.max(axis.cell - 1, 1);
  const box = (/** @type {string} */ kind, /** @type {number} */ y, /** @type {number} */ height) =>
    svg("rect", { class: `cell ${kind}`, x: (middle - width / 2).toFixed(1), y: y.toFixed(1), width: width.toFixed(1), height: height.toFixed(1), rx: axis.cell > 8 ? 2 : 0 });
  const letter = (/** @type {string} */ kind, /** @type {string} */ content) =>
    svg("text", { class: `letter ${kind}`, x: middle.toFixed(1), y: top + 13, style: axis.cell < 8 ? `font-size:${(axis.cell * 1.45).toFixed(1)}px` : null }, content);
  if (cell.kind === "none") return [];
  if (cell.kind === "value") {
    const height = Math.max(cell.level * (ROW_PX - 3), 1);
    return [box(cell.marked ? "marked" : "value", top + ROW_PX - 1 - height, height)];
  }
  if (cell.kind === "blank") return letters ? [letter("blank", "·")] : [];
  const out = [box(cell.kind, top + 1, ROW_PX - 2)];
  if (letters) out.push(letter(cell.kind, cell.text));
  return out;
}

/** @param {number[]} shares @param {TimeAxis} axis @param {number} base px */
function lossBars(shares, axis, base) {
  const width = Math.max(axis.cell * 0.7, 1);
  return shares.map((share, step) => {
    if (!Number.isFinite(share) || share === 0) return "";
    const height = Math.max(share * LOSS_PX, 0.5);
    return `M${(axis.x(step) - width / 2).toFixed(1)} ${base}h${width.toFixed(1)}v${(-height).toFixed(1)}h${(-width).toFixed(1)}z`;
  }).join("");
}
