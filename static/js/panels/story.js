// Strip, arcs and gradients on one time axis: their common width, pointer, crosshair and freshness.

import { drawCrosshair } from "../layers/crosshair.js";
import { find, whenChanged } from "../layers/dom.js";
import { onPointer } from "../layers/pointer.js";
import { chosenStep, story } from "../selectors.js";
import { timeAxis } from "../time_axis.js";

const LIVE_PAINT_MS = 120;

/**
 * @typedef {{trace: Trace, freshness: PanelState, axis: TimeAxis, state: State}} StoryView
 * @typedef {{paint: (view: StoryView) => void, wait: (freshness: PanelState, state: State) => void}} StoryPart
 */

/**
 * @param {Store} store
 * @param {StoryPart[]} parts
 * @param {{onFirstPicture: () => void}} hooks
 * @returns {import("../painter.js").Panel & {resized: () => void}}
 */
export function createStory(store, parts, { onFirstPicture }) {
  const root = find("#story");
  const cross = find("#crosshair", root);
  let first = true;
  /** @type {TimeAxis | null} */
  let axis = null;
  const crossChanged = whenChanged();

  const stepAt = (/** @type {number} */ x) => axis?.stepAt(x) ?? null;
  onPointer(root, {
    move: (x) => store.dispatch({ type: "view/hover", step: stepAt(x) }),
    leave: () => store.dispatch({ type: "view/hover", step: null }),
    click(x, y, event) {
      const step = stepAt(x);
      if (step === null || y < 0) return;
      if (event.shiftKey) store.dispatch({ type: "view/memory", memory: step });
      else store.dispatch({ type: "view/step", step });
    },
  });

  return {
    every: LIVE_PAINT_MS,
    resized() { axis = null; },
    paint(state) {
      const { trace, state: freshness } = story(state);
      root.dataset.state = freshness;
      if (!trace) return parts.forEach((part) => part.wait(freshness, state));
      const width = root.clientWidth;
      if (!axis || axis.width !== width || axis.steps !== trace.steps) axis = timeAxis(width, trace.steps);
      const shared = { trace, freshness, axis, state };
      parts.forEach((part) => part.paint(shared));
      const height = root.clientHeight;
      const step = chosenStep(state, trace);
      if (crossChanged(axis, height, step, state.choice.memory, state.hover.step)) {
        cross.setAttribute("viewBox", `0 0 ${width} ${height}`);
        cross.replaceChildren(...drawCrosshair(axis, height, { step, memory: state.choice.memory, hover: state.hover.step }));
      }
      if (first) {
        first = false;
        onFirstPicture();
      }
    },
  };
}
