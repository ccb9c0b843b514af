// A sequence of one's own beside the example field. A bad one is explained here, and the last good picture stays.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { ownHint, ownInput, taskOf } from "../../state/selectors/own_input.js";

/** @typedef {ReturnType<typeof ownParts>} Parts */

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createOwnInput(store) {
  const parts = ownParts();
  const { form, field, note, back } = parts;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const task = taskOf(store.get());
    if (!task) return;
    const { problem } = ownInput(task, field.value);
    say(parts, problem ?? "");
    if (problem === null) store.dispatch({ type: "view/own", text: field.value });
  });
  // What is wrong follows the text while it is put right.
  field.addEventListener("input", () => {
    const task = taskOf(store.get());
    if (task && note.textContent) say(parts, ownInput(task, field.value).problem ?? "");
  });
  back.addEventListener("click", () => {
    say(parts, "");
    store.dispatch({ type: "view/own", text: null });
  });
  return { every: 120, paint: (state) => paint(parts, state) };
}

function ownParts() {
  const details = /** @type {HTMLDetailsElement} */ (find("#own-input"));
  const form = /** @type {HTMLFormElement} */ (find("form", details));
  return {
    details,
    form,
    field: /** @type {HTMLInputElement} */ (find("input[name=own_input]", form)),
    note: find(".form-note", form),
    back: /** @type {HTMLButtonElement} */ (find("#own-back", form)),
    changed: whenChanged(),
    moved: whenChanged(),
  };
}

/** @param {Parts} parts @param {string} problem empty when there is none */
function say({ note, field }, problem) {
  note.textContent = problem;
  field.setAttribute("aria-invalid", String(problem !== ""));
}

/** @param {Parts} parts @param {State} state */
function paint(parts, state) {
  const { details, form, field, back, changed, moved } = parts;
  const task = taskOf(state);
  const refused = state.own !== null && state.probe.problem?.errors?.find((each) => each.field === "inputs");
  if (!changed(task?.name, task?.T, task?.items, state.own, state.example, refused)) return;
  details.hidden = !task;
  if (!task) return;
  const { hint, example } = ownHint(task);
  find("#own-hint", form).textContent = hint;
  field.placeholder = example;
  // A text that is wrong for one task or sequence says nothing of another.
  if (moved(task.name, task.T, task.items, state.own, state.example)) say(parts, "");
  if (document.activeElement !== field && (state.own !== null || !field.value)) field.value = state.own ?? "";
  back.hidden = state.own === null;
  back.textContent = `Back to example ${state.example}`;
  details.dataset.inUse = String(state.own !== null);
  if (refused) say(parts, `your input: ${refused.range}; ${refused.remedy}`);
}
