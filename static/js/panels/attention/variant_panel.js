// In the head of the attention panel: which formula is drawn, always; a switch where both were trained on the same
// task; and in variant release the sentence that explains its columns, with the numbers behind it.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { readable } from "../../draw/numbers.js";
import { NO_KNOBS } from "../../state/reducers/knobs.js";
import { presetInView, trainedFigures } from "../../state/selectors/history.js";
import { rawWeights, stateDependence, twinOf, variantOf } from "./variants.js";

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @param {HTMLElement} root the attention panel
 * @returns {(state: State, trace: Trace) => void}
 */
export function createVariant(store, commands, root) {
  const box = /** @type {HTMLFieldSetElement} */ (find(".variant", root));
  const radios = /** @type {HTMLInputElement[]} */ ([...box.querySelectorAll("input")]);
  const label = find(".variant-label", root);
  const note = find(".variant-note", root);
  const changed = whenChanged();

  box.addEventListener("change", () => {
    const { choice, example, pins, range, knobs } = store.get();
    const twin = twinOf(store.get());
    if (!twin) return;
    commands.open(
      { kind: "preset", id: twin.name },
      { choice, example, pins, range, knobs: { ...NO_KNOBS, override: knobs.override } },
    );
    store.dispatch({ type: "notice", text: twinNotice(twin) });
  });

  return (state, trace) => {
    if (!changed(trace, state.presets, state.target)) return;
    const variant = variantOf(trace);
    const twin = twinOf(state);
    box.hidden = !twin;
    label.hidden = twin !== null;
    label.textContent = `variant ${variant}`;
    // What is asked for: until its picture comes, the old one is dimmed and the switch stays where a person put it.
    const asked = presetInView(state)?.spec.model?.variant ?? variant;
    for (const radio of radios) radio.checked = radio.value === asked;
    const text = variant === "release" ? sentence(trace) : "";
    note.hidden = !text;
    note.textContent = text;
  };
}

/** It is not the same network with another formula. @param {Preset} twin */
function twinNotice(twin) {
  const figures = trainedFigures(twin, 3);
  return `another network is shown: ${twin.title}${figures && ` (${figures})`}`;
}

/** @param {Trace} trace */
function sentence(trace) {
  const measured = stateDependence(trace);
  const raw = rawWeights(trace);
  return [
    "Released formula: the reader's part of a score cancels, so the choice ignores the current state",
    "and every reader ranks the memories alike: columns.",
    measured ? `Measured: scores of two memories differ alike for ${whose(measured.readers)},` : "",
    measured ? `to ${readable(measured.spread, 2)}.` : "",
    raw ? `Early rows are raw scores, no shares (${readable(raw[0], 2)} to ${readable(raw[1], 2)}).` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {number} readers that share two memories with one before them */
const whose = (readers) => (readers === 1 ? "the 1 reader" : `all ${readers} readers`);
