// Beside the knobs: how a probe cuts the local gradient. It is a way of looking, and never turns a run's own cuts.

import { beside, numberField } from "../../controls/numbers/field.js";
import { find, whenChanged } from "../../draw/layers/dom.js";
import { cutNote } from "../../state/cutting.js";
import { story } from "../../state/shown.js";
import { MAX_STEPS } from "../../wire/contract.js";
import { phaseRemedy } from "./words.js";

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createCutting(store) {
  const root = find("#cutting");
  const cuts = /** @type {HTMLSelectElement} */ (find("select[name=cuts]", root));
  const phase = /** @type {HTMLInputElement} */ (find("input[name=phase]", root));
  const note = find("#cut-note", root);
  const changed = whenChanged();
  cuts.addEventListener("change", () =>
    store.dispatch({ type: "view/cutting", cutting: { cuts: cuts.value === "window" ? "window" : "blocks" } }),
  );
  const remedy = () => phaseRemedy(store.get(), story(store.get()).trace);
  const showPhase = numberField(phase, {
    wanted: () => ({ name: "phase", low: 0, high: MAX_STEPS - 1, whole: true, remedy: remedy() }),
    say: beside(find("#phase-note", root)),
    take: (value) => store.dispatch({ type: "view/cutting", cutting: { phase: value ?? 0 } }),
  }).show;
  return {
    every: 100,
    together: true,
    paint(state) {
      const { trace, state: freshness } = story(state);
      const { cutting, choice } = state;
      if (!changed(trace, cutting, choice.whole, freshness)) return;
      const none = trace !== null && !trace.parameters.k_trunc;
      cuts.value = cutting.cuts;
      cuts.disabled = none || choice.whole;
      cuts.title = choice.whole ? "the whole loss has no last steps; untick “whole loss” to take a window" : "";
      phase.disabled = none || (cutting.cuts === "window" && !choice.whole);
      phase.title = none
        ? "there is no cut that a phase could move"
        : phase.disabled
          ? "a window lies by the loss step, whatever the phase"
          : "";
      showPhase(cutting.phase);
      note.textContent = trace && freshness !== "stale" ? cutNote(trace) : "";
    },
  };
}
