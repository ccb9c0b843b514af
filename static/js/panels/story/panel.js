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
 * @returns {{panel: (part: StoryPart, every: number) => import("../../draw/painter.js").Panel, crosshair: import("../../draw/painter.js").Panel}}
 *   all parts paint in one frame, on the same axis
 */
export function createStory(store) {
  const root = find("#story");
  const cross = find("#crosshair", root);
  const strip = find("svg.drawing", root);
  /** @type {TimeAxis | null} */
  let axis = null;
  const crossChanged = whenChanged();
  const axisOf = (/** @type {Trace} */ trace) => {
    const { width } = sizeOf(strip);
    const state = store.get();
    const { from, to } = stepSpan(state.span, chosenStep(state, trace), trace.steps);
    if (!axis || axis.width !== width || axis.steps !== trace.steps || axis.from !== from || axis.to !== to)
      axis = timeAxis(width, trace.steps, { from, to });
    return axis;
  };

  const stepAt = (/** @type {number} */ x) => axis?.stepAt(x) ?? null;
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
      if (axis) store.dispatch({ type: "kept/range", range: [axis.nearestStep(from), axis.nearestStep(to)] });
    },
  });

  return {
    panel: (part, every) => ({
      every,
      together: true,
      paint(state) {
        const { trace, state: freshness } = story(state);
        if (trace) part.paint({ trace, freshness, axis: axisOf(trace), state });
        else part.wait(freshness, state);
      },
    }),
    crosshair: {
      every: 0,
      paint(state) {
        const { trace, state: freshness } = story(state);
        root.dataset.state = freshness;
        if (!trace) return;
        const shared = axisOf(trace);
        const { height } = sizeOf(cross);
        const step = chosenStep(state, trace);
        if (!crossChanged(shared, height, step, state.choice.memory, state.hover, state.pins, state.range)) return;
        cross.setAttribute("viewBox", `0 0 ${shared.width} ${height}`);
        cross.replaceChildren(
          ...drawCrosshair(shared, height, {
            step,
            memory: state.choice.memory ?? state.hover.memory,
            hover: state.hover.step,
            pins: state.pins,
            range: state.range,
          }),
        );
      },
    },
  };
}

/** The source of the arc under the pointer: an arc that is hovered shows its memory in all panels of the story. @param {EventTarget | null} target */
function sourceUnder(target) {
  const name = target instanceof Element ? target.closest("[data-arc]")?.getAttribute("data-arc") : null;
  return name ? Number(name.split(" ")[1]) : null;
}
