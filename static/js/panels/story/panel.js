// Strip, arcs and gradients on one time axis: their common width, pointer, crosshair and freshness.

import { drawCrosshair } from "../../draw/layers/crosshair.js";
import { find, whenChanged } from "../../draw/layers/dom.js";
import { onPointer } from "../../draw/layers/pointer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { chosenStep } from "../../state/selectors.js";
import { story } from "../../state/shown.js";
import { stepSpan } from "../../state/selectors/span.js";
import { timeAxis } from "../../draw/time_axis.js";

/**
 * @typedef {{trace: Trace, freshness: PanelState, axis: TimeAxis, state: State}} StoryView
 * @typedef {{paint: (view: StoryView) => void, wait: (freshness: PanelState, state: State) => void}} StoryPart
 */

/**
 * @param {Store} store
 * @returns {{panel: (part: StoryPart, every: number) => import("../../draw/painter.js").Panel, crosshair:
 *   import("../../draw/painter.js").Panel}}
 *   all parts paint in one frame, on the same axis
 */
export function createStory(store) {
  const root = find("#story");
  const axes = sharedAxis(store, find("svg.drawing", root));
  listen(root, store, axes.now);
  return {
    panel: (part, every) => ({
      every,
      together: true,
      paint(state) {
        const { trace, state: freshness } = story(state);
        if (trace) part.paint({ trace, freshness, axis: axes.of(trace), state });
        else part.wait(freshness, state);
      },
    }),
    crosshair: crosshairPanel(root, axes.of),
  };
}

/**
 * The axis that all parts paint on, renewed when its width or its steps change.
 * @param {Store} store @param {HTMLElement} strip
 */
function sharedAxis(store, strip) {
  /** @type {TimeAxis | null} */
  let axis = null;
  return {
    now: () => axis,
    of(/** @type {Trace} */ trace) {
      const { width } = sizeOf(strip);
      const state = store.get();
      const { from, to } = stepSpan(state.span, chosenStep(state, trace), trace.steps);
      if (!axis || axis.width !== width || axis.steps !== trace.steps || axis.from !== from || axis.to !== to)
        axis = timeAxis(width, trace.steps, { from, to });
      return axis;
    },
  };
}

/** @param {HTMLElement} root @param {Store} store @param {() => TimeAxis | null} axis */
function listen(root, store, axis) {
  const stepAt = (/** @type {number} */ x) => axis()?.stepAt(x) ?? null;
  onPointer(root, {
    move: (x, _y, target) => store.dispatch({ type: "view/hover", step: stepAt(x), memory: sourceUnder(target) }),
    leave: () => store.dispatch({ type: "view/hover", step: null }),
    click(x, y, event) {
      const step = stepAt(x);
      if (step === null || y < 0) return;
      if (event.shiftKey) store.dispatch({ type: "view/memory", memory: step });
      else store.dispatch({ type: "view/step", step });
    },
    brush([from], [to]) {
      const now = axis();
      if (now) store.dispatch({ type: "kept/range", range: [now.nearestStep(from), now.nearestStep(to)] });
    },
  });
}

/**
 * @param {HTMLElement} root @param {(trace: Trace) => TimeAxis} axisOf @returns {import("../../draw/painter.js").Panel}
 */
function crosshairPanel(root, axisOf) {
  const cross = find("#crosshair", root);
  const changed = whenChanged();
  return {
    every: 0,
    paint(state) {
      const { trace, state: freshness } = story(state);
      root.dataset.state = freshness;
      if (!trace) return;
      const axis = axisOf(trace);
      const { height } = sizeOf(cross);
      const step = chosenStep(state, trace);
      const { choice, hover, pins, range } = state;
      if (!changed(axis, height, step, choice.memory, hover, pins, range)) return;
      cross.setAttribute("viewBox", `0 0 ${axis.width} ${height}`);
      const marks = { step, memory: choice.memory ?? hover.memory, hover: hover.step, pins, range };
      cross.replaceChildren(...drawCrosshair(axis, height, marks));
    },
  };
}

/**
 * The source of the arc under the pointer: an arc that is hovered shows its memory in all panels of the story.
 * @param {EventTarget | null} target
 */
function sourceUnder(target) {
  const name = target instanceof Element ? target.closest("[data-arc]")?.getAttribute("data-arc") : null;
  return name ? Number(name.split(" ")[1]) : null;
}
