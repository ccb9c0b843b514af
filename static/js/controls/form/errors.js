// The errors of a form that the server refused: each marks its field and goes when that is changed, or a field that it
// speaks of; the note below holds those that are left.

import { FIXED } from "../../wire/contract.js";

/**
 * @typedef {Pick<FieldProblem, "field" | "value" | "range" | "remedy">} FieldError
 * @typedef {import("../numbers/read.js").Refusal} Refusal
 */

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} note
 * @returns {{show: (problem: Problem | null) => void, say: (words: string) => void,
 *   refuse: (field: string, refusal: Refusal | null) => void}} `show` marks what a problem names, or nothing; `say`
 *   puts words into the note that are about no field; `refuse` is about one field, before the server is asked
 */
export function createFormErrors(form, note) {
  /** @type {readonly FieldError[]} */
  let errors = [];
  const mark = () => {
    const wrong = new Set(errors.map(({ field }) => field));
    for (const field of form.elements)
      if (wrong.has(field.getAttribute("name") ?? "")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
  };
  const tell = (/** @type {readonly FieldError[]} */ next) => {
    errors = next;
    note.textContent = errors.map(described).join("; ");
    mark();
  };
  form.addEventListener("input", ({ target }) => {
    const name = target instanceof Element ? target.getAttribute("name") : null;
    const left = name === null ? errors : errorsLeft(errors, name);
    if (left.length !== errors.length) tell(left);
  });
  return {
    show(problem) {
      errors = problem?.errors ?? [];
      note.textContent = problem?.detail ?? "";
      mark();
    },
    say(words) {
      errors = [];
      note.textContent = words;
      mark();
    },
    refuse(field, refusal) {
      const others = errors.filter((one) => one.field !== field);
      if (refusal) tell([...others, { ...refusal, value: refusal.number ?? refusal.value }]);
      else if (others.length < errors.length) tell(others);
    },
  };
}

/**
 * Errors that still stand once a field was changed: neither its own nor one whose words name it. Pure.
 * @template {FieldError} E
 * @param {readonly E[]} errors @param {string} changed path of a field, "task.T"
 * @returns {E[]}
 */
export function errorsLeft(errors, changed) {
  const word = new RegExp(`\\b${changed.split(".").at(-1)}\\b`);
  // What a task allows and what a method leaves is told without a word for its field.
  const ofTask = (/** @type {string} */ field) => field.startsWith("task.") || field === "training.until";
  const ofMethod = (/** @type {string} */ field) => Object.values(FIXED).flat().includes(field.split(".")[1]);
  return errors.filter(
    ({ field, range, remedy }) =>
      field !== changed &&
      !word.test(`${range} ${remedy}`) &&
      !(changed === "task.name" && ofTask(field)) &&
      !(changed === "model.method" && ofMethod(field)),
  );
}

/** An error as the server describes it (app/wire/errors.py). Pure. @param {FieldError} error */
export const described = ({ field, value, range, remedy }) =>
  `${field} = ${JSON.stringify(value)}: ${range}; ${remedy}`;
