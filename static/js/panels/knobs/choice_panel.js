// Below the knobs: which step's loss of which example is asked about, of the whole loss or of c.

import { beside, numberField } from "../../controls/numbers/field.js";
import { find } from "../../draw/layers/dom.js";
import { chosenStep } from "../../state/selectors.js";
import { story } from "../../state/shown.js";
import { PROBE_EXAMPLES } from "../../wire/contract.js";

/**
 * @param {Store} store @param {HTMLElement} root
 * @returns {(state: State, trace: Trace | null) => void} shows what is chosen
 */
export function createChoice(store, root) {
  const input = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (find(`input[name=${name}]`, root));
  const [step, example, whole, cell] = ["loss_step", "example", "whole_loss", "cell_state"].map(input);
  const show = numberFields(store, root, step, example);
  whole.addEventListener("change", () => store.dispatch({ type: "view/whole", on: whole.checked }));
  cell.addEventListener("change", () => store.dispatch({ type: "view/cell", on: cell.checked }));
  return (state, trace) => {
    const chosen = chosenStep(state, trace);
    show.step(chosen);
    show.example(state.example);
    whole.checked = state.choice.whole;
    step.disabled = state.choice.whole;
    step.title = state.choice.whole ? "the loss of all steps is asked for; untick “whole loss” to choose one" : "";
    cell.checked = state.cell;
  };
}

/**
 * A step beyond the sequence or an example that is not there changes nothing, and the field says why.
 * @param {Store} store @param {HTMLElement} root @param {HTMLInputElement} step @param {HTMLInputElement} example
 */
function numberFields(store, root, step, example) {
  const ofStep = { name: "loss_step", low: 0, whole: true, remedy: "choose a step of the sequence", empty: true };
  const ofExample = { name: "example", low: 0, high: PROBE_EXAMPLES - 1, whole: true };
  return {
    step: numberField(step, {
      wanted: () => ({ ...ofStep, high: (story(store.get()).trace?.steps ?? 1) - 1 }),
      say: beside(find("#step-note", root)),
      take: (value) => store.dispatch({ type: "view/step", step: value }),
    }).show,
    example: numberField(example, {
      wanted: () => ({ ...ofExample, remedy: "choose one of the probe batch" }),
      say: beside(find("#example-note", root)),
      take: (value) => store.dispatch({ type: "view/example", example: value ?? 0 }),
    }).show,
  };
}
