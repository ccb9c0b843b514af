// Draws the backtracking paths as SVG: arcs, ink, scissors, rings. Colours stand as attributes, so that the drawing can
// be taken out of the page as it is.

import { verb } from "./figure.js";
import { readable } from "../../draw/numbers.js";
import { arcName, focusArc, nextArc } from "./keys_layer.js";
import { svg } from "../../draw/layers/dom.js";
import { label, printed, trueSource, scissors } from "./marks_layer.js";

/** Room below the drawing that an exported picture takes for step numbers and legend. */
export const PRINT_PX = 38;

/**
 * @typedef {import("./figure.js").Arc} Arc
 * @typedef {{enter: (arc: Arc, element: Element) => void, leave: () => void, choose: (arc: Arc) => void, knock: (arc:
 *   Pair) => void, restore: (arc: Pair) => void}} ArcHandlers
 */

/**
 * @param {import("./figure.js").PathFigure} figure
 * @param {TimeAxis} axis
 * @param {Theme} theme
 * @param {{memory: number | null, arc: Pair | null}} chosen source, and arc of it
 * @param {ArcHandlers} handlers
 * @returns {SVGElement[]}
 */
export function drawPaths(figure, axis, theme, chosen, handlers) {
  const { baseline } = figure;
  const end = axis.width - axis.right;
  const nodes = [
    svg("line", {
      x1: axis.left,
      x2: end,
      y1: baseline,
      y2: baseline,
      stroke: theme.line,
      "stroke-width": 1,
      "stroke-dasharray": "1 3",
    }),
    ...figure.locals.map((arc) => edge(arc, theme, false, figure.walking && arc === figure.best)),
    ...figure.cuts.map((cut) => scissors(cut.x, baseline, axis, theme, figure.cuts)),
    ...figure.rings.map((ring) => trueSource(ring, baseline, axis, theme)).flat(),
    ...figure.ghosts.map((ghost) => ghostArc(ghost, theme, handlers)),
    ...figure.skips.map((arc) => interactiveArc(arc, figure, theme, chosen, handlers)),
  ];
  if (figure.reader)
    nodes.push(
      svg("circle", {
        "data-reader-step": figure.reader.step,
        cx: figure.reader.x,
        cy: baseline,
        r: 4.5,
        fill: theme.text,
      }),
    );
  const wanted = figure.walking || !chosen.arc ? null : arcName({ reader: chosen.arc[0], source: chosen.arc[1] });
  const told = figure.skips.find((arc) => arcName(arc) === wanted) ?? figure.best;
  if (told) nodes.push(label(told, figure, axis, theme));
  nodes.push(printed(figure, axis, theme));
  return nodes;
}

/** @param {Arc} arc @param {Theme} theme @param {boolean} dimmed @param {boolean} taken just now, on a walk */
function edge(arc, theme, dimmed, taken) {
  return svg("path", {
    "data-kind": arc.kind,
    "data-reader": arc.reader,
    "data-source": arc.source,
    "data-credit": arc.credit,
    "data-chosen": arc.kind === "skip" ? String(arc.chosen) : null,
    "data-hop": arc.kind === "skip" ? arc.hop : null,
    d: arc.d,
    fill: "none",
    stroke: taken ? theme.text : Number.isFinite(arc.credit) ? theme.sab : theme.warn,
    "stroke-width": Math.max(arc.width, taken ? 3 : 0).toFixed(2),
    "data-taken": taken,
    "stroke-dasharray": arc.dash || null,
    "stroke-linecap": arc.kind === "local" ? "butt" : "round",
    opacity: (taken ? 1 : dimmed ? 0.25 : arc.opacity).toFixed(2),
  });
}

/**
 * @param {Arc} arc @param {import("./figure.js").PathFigure} figure @param {Theme} theme
 * @param {{memory: number | null, arc: Pair | null}} chosen @param {ArcHandlers} handlers
 */
function interactiveArc(arc, figure, theme, chosen, handlers) {
  const pressed = chosen.arc
    ? chosen.arc[0] === arc.reader && chosen.arc[1] === arc.source
    : chosen.memory === arc.source;
  const numbers = `weight ${readable(arc.weight, 3)}, credit ${readable(arc.credit, 3)}, hop ${arc.hop}`;
  const says = `skip edge: step ${arc.reader} ${verb(arc)} the microstate of step ${arc.source}, ${numbers}`;
  const hit = svg("path", {
    d: arc.d,
    fill: "none",
    stroke: "transparent",
    "stroke-width": 14,
    "pointer-events": "stroke",
  });
  const group = svg(
    "g",
    {
      "data-arc": arcName(arc),
      tabindex: arc === figure.best ? 0 : -1,
      role: "button",
      "aria-label": says,
      "aria-pressed": String(pressed),
      class: "arc",
      onpointerenter: () => handlers.enter(arc, group),
      onpointerleave: handlers.leave,
      onfocus: () => handlers.enter(arc, group),
      onblur: handlers.leave,
      onclick: () => handlers.choose(arc),
      onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event, arc, figure, group, handlers),
    },
    hit,
    edge(arc, theme, chosen.memory !== null && !pressed, figure.walking && arc === figure.best),
  );
  return group;
}

/**
 * @param {KeyboardEvent} event @param {Arc} arc @param {import("./figure.js").PathFigure} figure
 * @param {SVGElement} group @param {ArcHandlers} handlers
 */
function onKey(event, arc, figure, group, handlers) {
  const next = nextArc(figure.skips, arc, event.key);
  const acts =
    event.key === "Enter" || event.key === " "
      ? handlers.choose
      : event.key === "Delete" || event.key === "Backspace"
        ? () => handlers.knock([arc.reader, arc.source])
        : null;
  if (!next && !acts) return;
  event.preventDefault();
  event.stopPropagation();
  acts?.(arc);
  if (next && group.ownerSVGElement) focusArc(group.ownerSVGElement, arcName(next));
}

/**
 * The outline of an arc that was knocked out: dashed, without ink, there to be put back.
 * @param {import("./figure.js").Ghost} ghost @param {Theme} theme @param {ArcHandlers} handlers
 */
function ghostArc({ arc, d, cross }, theme, handlers) {
  const [reader, source] = arc;
  const line = (/** @type {string} */ stroke, /** @type {number} */ width, /** @type {string | null} */ dash) =>
    svg("path", { d, fill: "none", stroke, "stroke-width": width, "stroke-dasharray": dash });
  const [x, y] = cross;
  return svg(
    "g",
    {
      "data-arc": arcName({ reader, source }),
      "data-knocked-out": arcName({ reader, source }),
      tabindex: 0,
      role: "button",
      class: "arc ghost",
      "aria-label": `knocked out: step ${reader} reads step ${source} no more; Enter puts it back`,
      onclick: () => handlers.restore(arc),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (!["Enter", " ", "Delete", "Backspace"].includes(event.key)) return;
        event.preventDefault();
        event.stopPropagation();
        handlers.restore(arc);
      },
    },
    svg("title", {}, `knocked out: ${reader} → ${source}; click to put it back`),
    svg("path", { d, fill: "none", stroke: "transparent", "stroke-width": 14, "pointer-events": "stroke" }),
    line(theme.muted, 6, "5 4"),
    line(theme.panel, 4, null),
    svg("path", { d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`, stroke: theme.muted, "stroke-width": 1.5, fill: "none" }),
  );
}
