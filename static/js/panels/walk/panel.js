// The small controls of the slow backward pass in the paths panel: back, play, on, first, leave; and the line that says
// what was taken. Nothing plays by itself; under reduced motion there is no play button at all.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { story } from "../../state/shown.js";
import { walkLength, walkView } from "../../state/selectors/walk.js";

const EDGE_MS = 750;

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createWalk(store) {
  const root = find("#walk");
  const caption = find("#walk-caption");
  const legend = find("#paths-legend");
  const button = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (find(`[data-walk=${name}]`, root));
  const [back, play, on, first, leave] = ["back", "play", "on", "first", "leave"].map(button);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const changed = whenChanged();
  back.addEventListener("click", () => store.dispatch({ type: "walk/step", by: -1 }));
  on.addEventListener("click", () => store.dispatch({ type: "walk/step", by: 1 }));
  first.addEventListener("click", () => store.dispatch({ type: "walk/first" }));
  leave.addEventListener("click", () => {
    store.dispatch({ type: "walk/end" });
    on.focus();
  });
  play.addEventListener("click", () => store.dispatch({ type: "walk/play", on: !store.get().walk?.playing }));
  playBack(store);
  return {
    every: 100,
    together: true,
    paint(state) {
      const { trace } = story(state);
      const { walk } = state;
      if (!changed(walk, trace, calm.matches)) return;
      const view = walkView(walk);
      const length = trace ? walkLength(trace) : 0;
      caption.hidden = view === null;
      legend.hidden = view !== null;
      caption.textContent = view?.caption ?? "";
      caption.dataset.taken = view ? String(view.taken) : "";
      back.disabled = view === null;
      on.disabled = length === 0 || (view !== null && view.taken === view.of);
      play.disabled = length === 0;
      play.hidden = calm.matches;
      play.textContent = walk?.playing ? "❚❚" : "▶";
      play.setAttribute("aria-label", walk?.playing ? "pause the backward pass" : "play the backward pass");
      first.hidden = leave.hidden = view === null;
      first.disabled = view?.taken === 0;
    },
  };
}

/** @param {Store} store one timer, kept only while a walk plays */
function playBack(store) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  store.subscribe(({ walk }) => {
    if (walk?.playing && timer === undefined)
      timer = setInterval(() => store.dispatch({ type: "walk/step", by: 1 }), EDGE_MS);
    if (!walk?.playing && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  });
}
