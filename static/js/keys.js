// Keys that act everywhere but in a field: ← → choose a step, P pins it, Esc lets go.

import { chosenStep, story } from "./selectors.js";

/** @param {Store} store */
export function listenToKeys(store) {
  document.addEventListener("keydown", (event) => {
    const place = /** @type {Element | null} */ (event.target);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (place?.closest("input, select, textarea, dialog")) return;
    if (event.key === "Escape") return store.dispatch({ type: "view/release" });
    if (event.key === "p" || event.key === "P") return pin(store);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const { trace } = story(store.get());
    if (!by || !trace) return;
    event.preventDefault();
    const step = (chosenStep(store.get(), trace) ?? -1) + by;
    store.dispatch({ type: "view/step", step: Math.min(Math.max(step, 0), trace.steps - 1), memory: store.get().choice.memory });
  });
}

/** @param {Store} store */
function pin(store) {
  const step = chosenStep(store.get(), story(store.get()).trace);
  if (step !== null) store.dispatch({ type: "kept/pin", step });
}
