// Draws the overview of a long sequence, and the window of it that the panels show in detail.

import { LOSS_PX } from "./figure.js";
import { barPath } from "../../draw/figures/bars.js";
import { svg } from "../../draw/layers/dom.js";

/** From the foot of the arcs to that of the loss. */
const LOSS_FOOT_PX = 7 + LOSS_PX;
const TICK_PX = LOSS_FOOT_PX + 12;

/**
 * @param {import("./figure.js").OverviewFigure} figure
 * @param {TimeAxis} axis of the whole sequence
 * @param {Theme} theme
 * @returns {SVGElement[]}
 */
export function drawOverview(figure, axis, theme) {
  const { base } = figure;
  const foot = base + LOSS_FOOT_PX;
  const width = Math.max(figure.binned * axis.cell - 0.4, 1);
  const bars = figure.loss
    .map(({ x, share }) => (share > 0 ? barPath(x, foot, width, Math.max(share * LOSS_PX, 0.5)) : ""))
    .join("");
  const row = (/** @type {number} */ y, /** @type {string} */ name) =>
    svg("text", { class: "row-name", x: axis.left - 8, y }, name);
  return [
    ...(axis.left < 50 ? [] : [row(base, "arcs"), row(foot, "loss")]),
    ...axis.ticks.map((step) =>
      svg("text", { class: "tick", x: axis.x(step).toFixed(1), y: base + TICK_PX }, String(step)),
    ),
    ...figure.reached.map(({ x, width: wide }) =>
      svg("rect", { class: "reached", x: x.toFixed(1), y: base, width: wide.toFixed(1), height: 3 }),
    ),
    svg("path", { class: "loss-bars", d: bars }),
    ...figure.arcs.map(({ reader, source, d, opacity }) =>
      svg("path", {
        "data-overview-arc": `${reader}-${source}`,
        d,
        fill: "none",
        stroke: theme.sab,
        opacity: opacity.toFixed(2),
      }),
    ),
    ...figure.rings.map((x) =>
      svg("circle", { cx: x.toFixed(1), cy: base, r: 4, fill: "none", stroke: theme.source, "stroke-width": 2 }),
    ),
    ...(figure.reader === null
      ? []
      : [svg("circle", { cx: figure.reader.toFixed(1), cy: base, r: 3, fill: theme.text })]),
  ];
}

/**
 * The window, and the chosen step.
 * @param {TimeAxis} axis of the whole sequence
 * @param {StepSpan} span
 * @param {number | null} step
 * @param {number} base where the arcs stand, px
 * @returns {SVGElement[]}
 */
export function drawSpan(axis, { from, to }, step, base) {
  const foot = base + LOSS_FOOT_PX;
  const [left, right] = [axis.x(from) - axis.cell / 2, axis.x(to - 1) + axis.cell / 2];
  const start = axis.left;
  const end = axis.width - axis.right;
  const veil = (/** @type {number} */ x, /** @type {number} */ width) =>
    svg("rect", { class: "veil", x: x.toFixed(1), y: 0, width: Math.max(width, 0).toFixed(1), height: foot + 1 });
  return [
    veil(start, left - start),
    veil(right, end - right),
    svg("rect", {
      class: "overview-span",
      "data-from": from,
      "data-to": to,
      x: left.toFixed(1),
      y: 0.5,
      width: (right - left).toFixed(1),
      height: foot,
    }),
    ...(step === null
      ? []
      : [
          svg("line", {
            class: "cross step",
            x1: axis.x(step).toFixed(1),
            x2: axis.x(step).toFixed(1),
            y1: 0,
            y2: foot,
          }),
        ]),
  ];
}
