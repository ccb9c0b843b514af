// The overview of a sequence longer than 200 steps: drag, click or keys move the window that the panels show in detail.

import { overviewFigure } from "./figure.js";
import { find, whenChanged } from "../../draw/layers/dom.js";
import { drawOverview, drawSpan } from "./layer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { chosenStep } from "../../state/selectors.js";
import { story } from "../../state/shown.js";
import { LONG, fitted, stepSpan, spanKey } from "../../state/selectors/span.js";
import { timeAxis } from "../../draw/time_axis.js";

/**
 * @typedef {ReturnType<typeof overviewParts>} Parts
 * @typedef {{axis: TimeAxis, span: StepSpan, base: number}} Shown
 */

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createOverview(store, theme) {
  const parts = overviewParts();
  /** @type {Shown | null} */
  let shown = null;
  listen(store, parts, () => shown);
  return {
    every: 120,
    together: true,
    paint(state) {
      const { trace } = story(state);
      parts.root.hidden = !trace || trace.steps <= LONG;
      if (trace && !parts.root.hidden) shown = paint(parts, state, trace, theme(), shown);
    },
  };
}

function overviewParts() {
  const root = find("[data-testid=overview]");
  const drawing = find("svg.drawing", root);
  return {
    root,
    drawing,
    picture: find("g.picture", drawing),
    frame: find("g.frame", drawing),
    range: find("#overview-range", root),
    around: /** @type {HTMLButtonElement} */ (find("#overview-around", root)),
    whole: /** @type {HTMLButtonElement} */ (find("#overview-whole", root)),
    changed: whenChanged(),
    frameChanged: whenChanged(),
  };
}

/** @param {Store} store @param {Parts} parts @param {() => Shown | null} now what is on the screen */
function listen(store, { drawing, around, whole }, now) {
  const show = (/** @type {StepSpan | null} */ span) => store.dispatch({ type: "view/span", span });
  around.addEventListener("click", () => show(null));
  whole.addEventListener("click", () => {
    const shown = now();
    if (shown) show({ from: 0, to: shown.axis.steps });
  });
  drawing.addEventListener("keydown", (event) => {
    const shown = now();
    const next = shown && spanKey(event.key, shown.span, shown.axis.steps);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    show(next);
  });
  drawing.addEventListener("pointerdown", (event) => {
    const shown = now();
    if (shown && event.button === 0) drag(drawing, event, shown, show);
  });
}

/**
 * @param {Parts} parts @param {State} state @param {Trace} trace @param {Theme} theme
 * @param {Shown | null} shown before @returns {Shown | null}
 */
function paint(parts, state, trace, theme, shown) {
  const { drawing, changed, frameChanged } = parts;
  const { width, height } = sizeOf(drawing);
  if (width === 0) return shown;
  const step = chosenStep(state, trace);
  const span = stepSpan(state.span, step, trace.steps);
  if (changed(trace, width, height, theme)) {
    const axis = timeAxis(width, trace.steps);
    const figure = overviewFigure(trace, axis, height);
    shown = { axis, span, base: figure.base };
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    parts.picture.replaceChildren(...drawOverview(figure, axis, theme));
  }
  if (!shown || !frameChanged(shown.axis, span.from, span.to, step, state.span)) return shown;
  paintFrame(parts, { ...shown, span }, step, state.span !== null);
  return { ...shown, span };
}

/**
 * The window, and where it is in words.
 * @param {Parts} parts @param {Shown} shown @param {number | null} step @param {boolean} moved by a person
 */
function paintFrame({ drawing, frame, range, around, whole }, { axis, span, base }, step, moved) {
  const { from, to } = span;
  frame.replaceChildren(...drawSpan(axis, span, step, base));
  range.textContent = `${axis.steps} steps; the panels show ${from} to ${to - 1}`;
  drawing.setAttribute("aria-valuemax", String(axis.steps - 1));
  drawing.setAttribute("aria-valuenow", String(from));
  drawing.setAttribute("aria-valuetext", `steps ${from} to ${to - 1} of ${axis.steps}`);
  around.hidden = !moved;
  around.textContent = step === null ? "back" : `around step ${step}`;
  whole.hidden = to - from === axis.steps;
}

/**
 * Inside the span it is pulled along; elsewhere it comes to the pointer first.
 * @param {Element} drawing @param {PointerEvent} down @param {{axis: TimeAxis, span: StepSpan}} shown
 * @param {(span: StepSpan) => void} show
 */
function drag(drawing, down, { axis, span: { from, to } }, show) {
  const size = to - from;
  const stepAt = (/** @type {PointerEvent} */ event) =>
    (event.clientX - drawing.getBoundingClientRect().left - axis.left) / axis.cell;
  const start = stepAt(down);
  const held = start >= from && start < to ? start - from : size / 2;
  const move = (/** @type {PointerEvent} */ event) => show(fitted(stepAt(event) - held, size, axis.steps));
  const ends = new AbortController();
  const { signal } = ends;
  if (start < from || start >= to) move(down);
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener("pointerup", () => ends.abort(), { signal });
  window.addEventListener("pointercancel", () => ends.abort(), { signal });
}
