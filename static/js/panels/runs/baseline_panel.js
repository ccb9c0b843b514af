// Above the runs: what everything is compared with. Pin as baseline takes the network in view, a run or a preset.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { grouped } from "../../draw/numbers.js";
import { isItself, nameOf } from "../../state/selectors/comparison.js";
import { hasPicture } from "../../state/selectors/runs.js";

const HINT = "compare other runs and presets with the network in view";

/**
 * @param {Store} store
 * @returns {(state: State) => void}
 */
export function createBaseline(store) {
  const pin = /** @type {HTMLButtonElement} */ (find("#pin-baseline"));
  const line = find("#baseline");
  const text = find("span", line);
  const changed = whenChanged();
  pin.addEventListener("click", () => {
    const state = store.get();
    if (state.target) store.dispatch({ type: "baseline/pin", target: state.target, name: nameOf(state, state.target) });
  });
  find("button", line).addEventListener("click", () => {
    store.dispatch({ type: "baseline/release" });
    pin.focus();
  });

  return (state) => {
    const { baseline, target } = state;
    const same = isItself(state);
    const bare = target !== null && !hasPicture(state, target);
    const waits = baseline !== null && baseline.trace === null && !hasPicture(state, baseline.target);
    if (!changed(baseline, target, same, bare, waits)) return;
    pin.disabled = !target || same || bare;
    pin.title = bare ? "nothing to compare with yet: wait for the first picture of this run" : HINT;
    line.hidden = baseline === null;
    text.textContent = baseline ? told(baseline, same, waits) : "";
  };
}

/** @param {Baseline} baseline @param {boolean} same @param {boolean} waits for its first picture */
function told({ name, trace, problem }, same, waits) {
  if (waits) return `baseline ${name}: waits for its first picture`;
  if (problem) return `baseline ${name}: ${problem.detail}`;
  const update = trace ? `, update ${grouped(trace.update)}` : ", loading …";
  return `baseline ${name}${update}${same ? "; open another run or preset to compare" : ""}`;
}
