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
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createOverview(store, theme) {
  const root = find("[data-testid=overview]");
  const drawing = find("svg.drawing", root);
  const [picture, frame] = [find("g.picture", drawing), find("g.frame", drawing)];
  const range = find("#overview-range", root);
  const [around, whole] = [
    /** @type {HTMLButtonElement} */ (find("#overview-around", root)),
    /** @type {HTMLButtonElement} */ (find("#overview-whole", root)),
  ];
  const changed = whenChanged();
  const frameChanged = whenChanged();
  /** @type {{axis: TimeAxis, span: StepSpan, base: number} | null} */
  let shown = null;
  const show = (/** @type {StepSpan | null} */ span) => store.dispatch({ type: "view/span", span });

  around.addEventListener("click", () => show(null));
  whole.addEventListener("click", () => shown && show({ from: 0, to: shown.axis.steps }));
  drawing.addEventListener("keydown", (event) => {
    const next = shown && spanKey(event.key, shown.span, shown.axis.steps);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    show(next);
  });
  drawing.addEventListener("pointerdown", (event) => shown && event.button === 0 && drag(drawing, event, shown, show));

  return {
    every: 120,
    together: true,
    paint(state) {
      const { trace } = story(state);
      root.hidden = !trace || trace.steps <= LONG;
      if (!trace || root.hidden) return;
      const { width, height } = sizeOf(drawing);
      if (width === 0) return;
      const step = chosenStep(state, trace);
      const span = stepSpan(state.span, step, trace.steps);
      if (changed(trace, width, height, theme())) {
        const axis = timeAxis(width, trace.steps);
        const figure = overviewFigure(trace, axis, height);
        shown = { axis, span, base: figure.base };
        drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
        picture.replaceChildren(...drawOverview(figure, axis, theme()));
      }
      if (!shown || !frameChanged(shown.axis, span.from, span.to, step, state.span)) return;
      shown = { ...shown, span };
      frame.replaceChildren(...drawSpan(shown.axis, span, step, shown.base));
      range.textContent = `${trace.steps} steps; the panels show ${span.from} to ${span.to - 1}`;
      drawing.setAttribute("aria-valuemax", String(trace.steps - 1));
      drawing.setAttribute("aria-valuenow", String(span.from));
      drawing.setAttribute("aria-valuetext", `steps ${span.from} to ${span.to - 1} of ${trace.steps}`);
      around.hidden = state.span === null;
      around.textContent = step === null ? "back" : `around step ${step}`;
      whole.hidden = span.to - span.from === trace.steps;
    },
  };
}

/**
 * Inside the span it is pulled along; elsewhere it comes to the pointer first.
 * @param {Element} drawing @param {PointerEvent} down @param {{axis: TimeAxis, span: StepSpan}} shown @param {(span: StepSpan) => void} show
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
