// A run of one's own: every field of a run, filled with the settings of what is in view or of a run to duplicate. The
// server's validator judges; its words stand beside the field.

import { fixedReason } from "../draw/figures/methods.js";
import { find } from "../draw/layers/dom.js";
import { settingsInView, settingsOf } from "../state/selectors/runs.js";
import { FIELDS } from "../wire/contract.js";
import { createFormErrors } from "./form_errors.js";

/** What another task has its own of. */
const OF_A_TASK = ["task.items", "task.T_min", "training.until"];

/**
 * @typedef {{form: HTMLFormElement, details: HTMLDetailsElement, source: HTMLElement,
 *   errors: ReturnType<typeof createFormErrors>}} Parts
 * @typedef {import("../state/selectors/runs.js").Settings} Settings
 */

/** What a text means in a field: a number, true or false, or itself. @param {string} name @param {string} text */
function valueOf(name, text) {
  const kind = FIELDS[name]?.kind;
  if (kind === "flag") return text === "true";
  const number = kind === "whole" || kind === "number" ? Number(text) : NaN;
  return Number.isNaN(number) ? text : number;
}

/**
 * The body of POST /api/runs from named fields; empty ones are left out, so that the server's defaults hold. Pure.
 * @param {Iterable<[string, string]>} entries `part.field` and its text
 * @returns {RunWish}
 */
export function specFrom(entries) {
  /** @type {Record<string, string | number | boolean>} */
  const whole = {};
  /** @type {Record<string, Record<string, string | number | boolean>>} */
  const parts = {};
  for (const [name, text] of entries) {
    const value = text.trim();
    if (value === "") continue;
    const [part, field] = name.split(".");
    const parsed = valueOf(name, value);
    if (field) (parts[part] ??= {})[field] = parsed;
    else whole[part] = parsed;
  }
  return { ...whole, ...parts };
}

/**
 * What stands in the fields for a spec; a field that it does not have stands at its default. Pure.
 * @param {Settings["spec"]} spec
 * @returns {Map<string, string>} by name of the field
 */
export function textsOf(spec) {
  const parts = /** @type {Record<string, Record<string, unknown> | undefined>} */ (/** @type {unknown} */ (spec));
  return new Map(
    Object.entries(FIELDS).map(([path, { default: own }]) => {
      const [part, name] = path.split(".");
      const value = parts[part]?.[name] === undefined ? own : parts[part][name];
      return [path, value === null ? "" : String(value)];
    }),
  );
}

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
  form.addEventListener("change", (event) => changed(form, /** @type {HTMLElement} */ (event.target)));
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
  find("[data-form=compare]", form).addEventListener("click", () => compare(formSettings(form)));
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

/** @param {HTMLFormElement} form */
export const textEntries = (form) =>
  /** @type {[string, string][]} */ ([...new FormData(form)].map(([name, value]) => [name, String(value)]));

/** @returns {Parts} */
function formParts() {
  const form = /** @type {HTMLFormElement} */ (find("#run-form"));
  const details = /** @type {HTMLDetailsElement} */ (form.closest("details"));
  return {
    form,
    details,
    source: find(".form-source", form),
    errors: createFormErrors(form, find(".form-note", form)),
  };
}

/** @param {HTMLFormElement} form @param {string} name */
const fieldNamed = (form, name) =>
  /** @type {HTMLInputElement | HTMLSelectElement | null} */ (form.querySelector(`[name="${CSS.escape(name)}"]`));

/** @param {Parts} parts @param {Settings} settings */
function fill({ form, source, errors }, { spec, title }) {
  for (const [name, text] of textsOf(spec)) {
    const field = fieldNamed(form, name);
    if (field) field.value = text;
  }
  errors.show(null);
  source.textContent = `Settings of “${title}”: change what you like.`;
  fixFields(form);
}

/** Another task or method leaves other fields free. @param {HTMLFormElement} form @param {HTMLElement} field */
function changed(form, field) {
  const name = field.getAttribute("name");
  if (name === "task.name")
    for (const other of OF_A_TASK) {
      const element = fieldNamed(form, other);
      if (element) element.value = "";
    }
  if (name === "model.method") fixFields(form);
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
async function submit({ form, details, errors }, commands) {
  errors.say("starting …");
  const problem = await commands.train(specFrom(textEntries(form)));
  errors.show(problem);
  if (!problem) details.open = false;
  return !problem;
}
