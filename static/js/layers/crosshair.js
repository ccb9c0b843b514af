// Selection over strip, arcs and gradients at once: the step solid, the memory dashed, the hovered step faint; cuts.

import { svg } from "./dom.js";

/**
 * @param {TimeAxis} axis
 * @param {number} height px, of the whole story
 * @param {{step: number | null, memory: number | null, hover: number | null}} places
 * @returns {SVGElement[]}
 */
export function drawCrosshair(axis, height, { step, memory, hover }) {
  const line = (/** @type {number} */ at, /** @type {string} */ kind) =>
    svg("line", { class: `cross ${kind}`, "data-cross": kind, x1: axis.x(at).toFixed(1), x2: axis.x(at).toFixed(1), y1: 0, y2: height });
  const nodes = [];
  if (hover !== null && hover < axis.steps && hover !== step) nodes.push(line(hover, "hover"));
  if (memory !== null && memory >= 0 && memory < axis.steps) nodes.push(line(memory, "memory"));
  if (step !== null && step < axis.steps) {
    const width = Math.max(axis.cell, 2);
    nodes.push(svg("rect", { class: "cross band", x: (axis.x(step) - width / 2).toFixed(1), y: 0, width: width.toFixed(1), height }));
    nodes.push(line(step, "step"));
  }
  return nodes;
}
