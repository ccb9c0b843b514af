// A run of one's own: task, length, method and sizes. The server's validator judges; its words stand beside the field.

import { FIELDS } from "../wire/contract.js";
import { find } from "../draw/layers/dom.js";

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
 * @param {ReturnType<typeof import("../drivers/commands.js").createCommands>} commands
 */
export function createRunForm(commands) {
  const form = /** @type {HTMLFormElement} */ (find("#run-form"));
  const note = find(".form-note", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    note.textContent = "starting …";
    const entries = /** @type {[string, string][]} */ (
      [...new FormData(form)].map(([name, value]) => [name, String(value)])
    );
    const problem = await commands.train(specFrom(entries));
    note.textContent = problem ? problem.detail : "";
    for (const { field } of problem?.errors ?? []) {
      form.querySelector(`[name="${CSS.escape(field)}"]`)?.setAttribute("aria-invalid", "true");
    }
    if (!problem) /** @type {HTMLDetailsElement} */ (form.closest("details")).open = false;
  });
}
