// Selection over strip, arcs and gradients at once: the step solid, the memory dashed, the hovered step faint, pins as
// little flags, the range as a shade between two rules.

import { svg } from "./dom.js";

/**
 * @param {TimeAxis} axis
 * @param {number} height px, of the whole story
 * @param {{step: number | null, memory: number | null, hover: number | null, pins: number[], range: Pair | null}}
 *   places
 * @returns {SVGElement[]}
 */
export function drawCrosshair(axis, height, { step, memory, hover, pins, range }) {
  const line = (/** @type {number} */ at, /** @type {string} */ kind) =>
    svg("line", {
      class: `cross ${kind}`,
      "data-cross": kind,
      x1: axis.x(at).toFixed(1),
      x2: axis.x(at).toFixed(1),
      y1: 0,
      y2: height,
    });
  const nodes = range ? band(axis, height, range) : [];
  for (const pin of pins) {
    if (axis.has(pin))
      nodes.push(
        svg("path", {
          class: "cross pin",
          "data-cross": "pin",
          "data-step": pin,
          d: `M${axis.x(pin).toFixed(1)} 12V0l8 3.5l-8 3.5`,
        }),
        line(pin, "pinned"),
      );
  }
  if (hover !== null && axis.has(hover) && hover !== step) nodes.push(line(hover, "hover"));
  if (memory !== null && axis.has(memory)) nodes.push(line(memory, "memory"));
  if (step !== null && axis.has(step)) {
    const width = Math.max(axis.cell, 2);
    nodes.push(
      svg("rect", {
        class: "cross band",
        x: (axis.x(step) - width / 2).toFixed(1),
        y: 0,
        width: width.toFixed(1),
        height,
      }),
    );
    nodes.push(line(step, "step"));
  }
  return nodes;
}

/** @param {TimeAxis} axis @param {number} height @param {Pair} range */
function band(axis, height, [from, to]) {
  if (from >= axis.to || to < axis.from) return [];
  const [left, right] = [
    axis.x(Math.max(from, axis.from)) - axis.cell / 2,
    axis.x(Math.min(to, axis.to - 1)) + axis.cell / 2,
  ];
  const edge = (/** @type {number} */ x) =>
    svg("line", { class: "cross range-edge", x1: x.toFixed(1), x2: x.toFixed(1), y1: 0, y2: height });
  return [
    svg("rect", {
      class: "cross range",
      "data-cross": "range",
      x: left.toFixed(1),
      y: 0,
      width: (right - left).toFixed(1),
      height,
    }),
    edge(left),
    edge(right),
  ];
}
