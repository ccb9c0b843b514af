// A run of one's own: every field of a run, filled with the settings of what is in view or of a run to duplicate. The
// server's validator judges; its words stand beside the field.

import { fixedReason } from "../draw/figures/methods.js";
import { find } from "../draw/layers/dom.js";
import { settingsInView, settingsOf } from "../state/selectors/runs.js";
import { FIELDS } from "../wire/contract.js";
import { createDataChoice } from "./form/data_choice.js";
import { createFormErrors } from "./form/errors.js";
import { OF_A_TASK, lengthFor, specFrom, takes, textEntries, textsOf } from "./form/spec.js";
import { numberFields } from "./numbers/form.js";

/**
 * @typedef {{form: HTMLFormElement, details: HTMLDetailsElement, source: HTMLElement,
 *   errors: ReturnType<typeof createFormErrors>, numbers: ReturnType<typeof numberFields>,
 *   data: ReturnType<typeof createDataChoice>}} Parts
 * @typedef {import("../state/selectors/runs.js").Settings} Settings
 */

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("../drivers/commands.js").createCommands>} commands
 * @param {(settings: Settings) => void} compare opens the comparison of methods with the settings in the form
 * @returns {{duplicate: (id: string) => void}} opens the form with the settings of a run
 */
export function createRunForm(store, commands, compare) {
  const parts = formParts();
  const { form, details } = parts;
  let touched = false;
  /** @type {Settings | null} what the form was opened for; that it is open is told a moment later */
  let given = null;
  const take = (/** @type {Settings | null} */ settings) => {
    if (settings) fill(parts, settings);
    [touched, given] = [false, null];
  };
  details.addEventListener("toggle", () => {
    if (details.open && (given || !touched)) take(given ?? settingsInView(store.get()));
  });
  form.addEventListener("input", () => (touched = true));
  form.addEventListener("change", (event) => changed(parts, /** @type {HTMLElement} */ (event.target)));
  find("[data-form=view]", form).addEventListener("click", () => take(settingsInView(store.get())));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await submit(parts, commands)) touched = false;
  });
  const show = (/** @type {Settings | null} */ settings) => {
    if (details.open) take(settings);
    else [given, details.open] = [settings, true];
    details.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement} */ (find("select", form)).focus();
  };
  find("[data-form=compare]", form).addEventListener("click", () => {
    if (parts.numbers.settle()) compare(formSettings(form));
  });
  find("#duplicate").addEventListener("click", () => show(settingsInView(store.get())));
  return {
    duplicate(id) {
      const { runs } = store.get();
      const run = runs.find((one) => one.id === id);
      if (run) show(settingsOf(runs, run));
    },
  };
}

/** What the fields say, for the server to judge. @param {HTMLFormElement} form @returns {Settings} */
function formSettings(form) {
  const { task, model, training } = specFrom(textEntries(form));
  const spec = /** @type {Settings["spec"]} */ ({ task: task ?? {}, model: model ?? {}, training: training ?? {} });
  return { spec, title: "your own run" };
}

/** @returns {Parts} */
function formParts() {
  const form = /** @type {HTMLFormElement} */ (find("#run-form"));
  const details = /** @type {HTMLDetailsElement} */ (form.closest("details"));
  const errors = createFormErrors(form, find(".form-note", form));
  const numbers = numberFields(form, errors);
  const data = createDataChoice(form, (T) => {
    const length = fieldNamed(form, "task.T");
    if (length) numbers.set(length, String(T));
  });
  return { form, details, source: find(".form-source", form), errors, numbers, data };
}

/** @param {HTMLFormElement} form @param {string} name */
const fieldNamed = (form, name) =>
  /** @type {HTMLInputElement | HTMLSelectElement | null} */ (form.querySelector(`[name="${CSS.escape(name)}"]`));

/** @param {Parts} parts @param {Settings} settings */
function fill({ form, source, errors, numbers, data }, { spec, title }) {
  for (const [name, text] of textsOf(spec)) {
    const field = fieldNamed(form, name);
    if (field) numbers.set(field, text);
  }
  askForTask(form);
  data.show(spec.task?.data ?? null);
  errors.show(null);
  source.textContent = `Settings of “${title}”: change what you like.`;
  fixFields(form);
}

/** Another task or method leaves other fields free. @param {Parts} parts @param {HTMLElement} field */
function changed({ form, numbers, data }, field) {
  const name = field.getAttribute("name");
  if (name === "task.name") {
    for (const other of OF_A_TASK) {
      const element = fieldNamed(form, other);
      if (element) numbers.set(element, String(FIELDS[other].default ?? ""));
    }
    const length = fieldNamed(form, "task.T");
    if (length) numbers.set(length, lengthFor(fieldNamed(form, name)?.value ?? "", length.value, data.lengths()));
    askForTask(form);
    data.show(null);
  }
  if (name === "model.method") fixFields(form);
}

/** What the task does not take is neither asked for nor sent. @param {HTMLFormElement} form */
function askForTask(form) {
  const task = fieldNamed(form, "task.name")?.value ?? "";
  for (const path of OF_A_TASK) {
    const field = fieldNamed(form, path);
    const box = /** @type {HTMLElement | null | undefined} */ (field?.closest("[data-field]"));
    if (!field || !box) continue;
    field.disabled = box.hidden = !takes(task, path);
  }
}

/** What the method fixes is not asked for, and says why. @param {HTMLFormElement} form */
function fixFields(form) {
  const method = fieldNamed(form, "model.method")?.value ?? "sab";
  for (const path of Object.keys(FIELDS)) {
    const [part, name] = path.split(".");
    const field = part === "model" ? fieldNamed(form, path) : null;
    if (!field) continue;
    const why = fixedReason(method, name);
    field.disabled = why !== "";
    field.title = why;
  }
}

/**
 * @param {Parts} parts @param {ReturnType<typeof import("../drivers/commands.js").createCommands>} commands
 * @returns {Promise<boolean>} whether the run was started
 */
async function submit({ form, details, errors, numbers }, commands) {
  if (!numbers.settle()) return false;
  errors.say("starting …");
  const problem = await commands.train(specFrom(textEntries(form)));
  errors.show(problem);
  if (!problem) details.open = false;
  return !problem;
}
