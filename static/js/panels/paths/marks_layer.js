// What stands around the arcs: the numbers of one arc, the true source, cuts, and what only a printed picture needs.

import { legendRow } from "./legend_layer.js";
import { ARC_FOOT_PX, ARC_LABEL_PX, SCISSORS_FROM_PX } from "../../draw/look.js";
import { pathsLegend } from "./legend.js";
import { verb } from "./figure.js";
import { readable } from "../../draw/numbers.js";
import { svg } from "../../draw/layers/dom.js";
import { blades } from "./legend_layer.js";

/** @typedef {import("./layer.js").Arc} Arc */

/**
 * The numbers of one arc in words that fit, and half the width that they take, px.
 * @param {Arc} arc @param {number} room px
 * @returns {{text: string, half: number}}
 */
export function numbers(arc, room) {
  const { kind, reader, source, weight, credit, chosen } = arc;
  const half = (/** @type {string} */ text) => (text.length * ARC_LABEL_PX) / 2;
  if (kind === "local") {
    const text = `step ${reader} to ${source}: credit ${readable(credit, 3)}`;
    return { text, half: half(text) };
  }
  const told = `${chosen ? `weight ${readable(weight, 3)}` : "threshold memory"}, credit ${readable(credit, 2)}`;
  const whole = `step ${reader} ${verb(arc)} step ${source}: ${told}`;
  const text = 2 * half(whole) <= room ? whole : `${reader} → ${source}: ${told}`;
  return { text, half: half(text) };
}

/**
 * The numbers of one arc: over its top and over all that is drawn there, on a walk below it, where nothing was drawn
 * yet.
 * @param {Arc} arc @param {import("./figure.js").PathFigure} figure @param {TimeAxis} axis @param {Theme} theme
 */
export function label(arc, { walking, baseline, skips, ghosts }, axis, theme) {
  const { kind, apex } = arc;
  const { text, half } = numbers(arc, axis.width - axis.left - axis.right);
  const x = Math.min(Math.max(apex[0], axis.left + half), axis.width - axis.right - half);
  const tops = [
    ...skips.map((one) => ({ top: one.apex, from: axis.x(one.source), to: axis.x(one.reader) })),
    ...ghosts.map((one) => ({ top: one.apex, from: axis.x(one.arc[1]), to: axis.x(one.arc[0]) })),
  ]
    .filter(({ from, to }) => from < x + half && to > x - half)
    .map(({ top }) => top[1]);
  const y =
    kind === "local"
      ? baseline - 12
      : walking
        ? Math.min(apex[1] + 19, baseline - 8)
        : Math.max(Math.min(apex[1], ...tops) - 7, 12);
  return svg(
    "text",
    {
      class: "arc-label",
      "pointer-events": "none",
      x,
      y,
      "text-anchor": "middle",
      "font-size": 12,
      fill: theme.text,
      stroke: theme.panel,
      "stroke-width": 4,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    },
    text,
  );
}

/**
 * What the page shows elsewhere (the strip's numbers, the head's legend) and a picture on its own needs.
 * @param {import("./figure.js").PathFigure} figure @param {TimeAxis} axis @param {Theme} theme
 */
export function printed(figure, axis, theme) {
  const below = figure.baseline + ARC_FOOT_PX;
  const steps = axis.ticks.map((step) =>
    svg(
      "text",
      { x: axis.x(step).toFixed(1), y: below + 12, "text-anchor": "middle", "font-size": 11, fill: theme.muted },
      String(step),
    ),
  );
  const name = svg(
    "text",
    { x: axis.left - 12, y: below + 12, "text-anchor": "end", "font-size": 11, fill: theme.muted },
    "step",
  );
  return svg(
    "g",
    { class: "printed" },
    name,
    ...steps,
    ...legendRow(pathsLegend(figure), theme, axis.left, below + 30),
  );
}

/** @param {{step: number, x: number}} ring @param {number} baseline @param {TimeAxis} axis @param {Theme} theme */
export function trueSource(ring, baseline, axis, theme) {
  const left = ring.x < axis.left + 40;
  return [
    svg("circle", {
      "data-true-source": ring.step,
      cx: ring.x,
      cy: baseline,
      r: 6.5,
      fill: "none",
      stroke: theme.source,
      "stroke-width": 2.5,
    }),
    svg(
      "text",
      {
        x: left ? ring.x - 6 : ring.x,
        y: baseline + 20,
        "text-anchor": left ? "start" : "middle",
        "font-size": 11,
        fill: theme.text,
      },
      `true source, step ${ring.step}`,
    ),
  ];
}

/**
 * A pair of scissors where they fit, a tick where they do not.
 * @param {number} x @param {number} y @param {TimeAxis} axis @param {Theme} theme @param {{x: number}[]} cuts
 */
export function scissors(x, y, axis, theme, cuts) {
  const gap = Math.max(Math.min(axis.cell * 0.5, 7), 2);
  const clear = svg("line", { x1: x - gap / 2, x2: x + gap / 2, y1: y, y2: y, stroke: theme.panel, "stroke-width": 9 });
  const roomy = cuts.length < 2 || Math.abs(cuts[1].x - cuts[0].x) >= SCISSORS_FROM_PX;
  const shape = roomy ? blades(theme) : [svg("path", { d: "M0 -4V4", stroke: theme.muted, "stroke-width": 1 })];
  return svg(
    "g",
    { "data-cut": cuts.length ? axis.stepAt(x + axis.cell / 2) : null, "pointer-events": "none" },
    clear,
    svg("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, ...shape),
  );
}
