// A field for a whole number from 0 on: what does not fit stays in it, and a note beside it says what would.

/**
 * Whether a field holds one of 0 … last; if not, it says so.
 * @param {HTMLInputElement} field @param {HTMLElement} note @param {{name: string, last: number, remedy: string}} what
 */
export function isWhole(field, note, { name, last, remedy }) {
  const value = Number(field.value);
  const good = field.value.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= last;
  sayBeside(field, note, good ? "" : `${name} = ${field.value || "nothing"}: 0 … ${last}, whole number; ${remedy}`);
  return good;
}

/**
 * What is wrong with a field, beside it; an empty text when nothing is.
 * @param {HTMLInputElement} field
 * @param {HTMLElement} note
 * @param {string} problem
 */
export function sayBeside(field, note, problem) {
  note.hidden = problem === "";
  note.textContent = problem;
  field.setAttribute("aria-invalid", String(problem !== ""));
}
