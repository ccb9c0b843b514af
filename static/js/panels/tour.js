// A tour of five stops. Each text brings its panel into view and says what to see there; it can be left at any time.

import { find, html } from "../layers/dom.js";

/** @type {{panel: string, title: string, text: string, action?: {label: string, act: (commands: any, state: State) => void}}[]} */
const STOPS = [
  { panel: "sequence-strip", title: "1 of 5 · The sequence", text: "Steps run from left to right. The network reads a few symbols, waits, and must say them again. One step is chosen: its loss is what everything below is about. Click another step, or use ← and →." },
  { panel: "paths", title: "2 of 5 · Where credit travels", text: "Gradient walks back from the chosen step along the baseline, until scissors cut it. An arc is a skip edge: the step read a memory, and credit jumps there at once. Width is credit. An arc shows a route of gradient, not a cause." },
  { panel: "gradient-norms", title: "3 of 5 · Three rules, one network", text: "The same weights and the same forward pass; only the places where gradient is cut differ. Truncated ends at the cut, full fades with distance, SAB lands where it read. Triangles are exact zeros." },
  { panel: "controls", title: "4 of 5 · Take the memory away", text: "With k_top = 0 no memory is read: the arc must vanish, and SAB becomes truncated backpropagation. The weights stay as they are.", action: { label: "Set k_top to 0", act: (commands, state) => commands.knob("k_top", state.knobs.override.k_top === 0 ? 5 : 0, state.run?.parameters.k_top ?? 5) } },
  { panel: "curves", title: "5 of 5 · Watch it learn", text: "Train starts this task from nothing. The arc appears as the accuracy climbs; one example is not a trend, so look at more than one. Knobs act while the run trains." },
];

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../commands.js").createCommands>} commands
 * @returns {import("../painter.js").Panel}
 */
export function createTour(store, commands) {
  const box = find("#tour-box");
  const opener = find("#tour");
  const go = (/** @type {number | null} */ stop) => {
    if (store.get().knobs.override.k_top === 0) store.dispatch({ type: "knob/release" });
    store.dispatch({ type: "view/tour", stop });
    if (stop === null) opener.focus();
  };
  opener.addEventListener("click", () => go(0));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && store.get().tour !== null) go(null); });
  /** @type {number | null} */
  let shown = null;
  return {
    every: 0,
    paint({ tour }) {
      if (tour === shown) return;
      shown = tour;
      for (const element of document.querySelectorAll(".toured")) element.classList.remove("toured");
      box.hidden = tour === null;
      if (tour === null) return;
      const { panel, title, text, action } = STOPS[tour];
      const target = find(`[data-testid=${panel}]`);
      target.classList.add("toured");
      target.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      box.replaceChildren(
        html("h2", { tabindex: -1 }, title), html("p", {}, text),
        html("div", { class: "row" },
          action && html("button", { type: "button", onclick: () => action.act(commands, store.get()) }, action.label),
          tour > 0 && html("button", { type: "button", onclick: () => go(tour - 1) }, "Back"),
          tour < STOPS.length - 1 && html("button", { type: "button", class: "primary", onclick: () => go(tour + 1) }, "Next"),
          html("button", { type: "button", onclick: () => go(null) }, tour === STOPS.length - 1 ? "Done" : "Leave")));
      find("h2", box).focus();
    },
  };
}
