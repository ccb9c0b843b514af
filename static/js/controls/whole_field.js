// A field for a whole number from 0 on: what does not fit stays in it, a note beside it says what would, and goes when
// the value is put right, by typing or because another one is in force meanwhile.

/** @typedef {{name: string, last: number, remedy: string, empty?: boolean}} Whole `empty` lets the field be empty */

/**
 * @param {HTMLInputElement} field
 * @param {HTMLElement} note
 * @param {() => Whole} what fits now
 * @param {(value: number | null) => void} settle takes a value that fits; null of an empty field
 * @returns {(value: string) => void} shows the value in force
 */
export function wholeField(field, note, what, settle) {
  let inForce = field.value;
  const wrong = () => field.getAttribute("aria-invalid") === "true";
  const judge = () => {
    const problem = wholeProblem(field.value, what());
    sayBeside(field, note, problem);
    return problem === "";
  };
  field.addEventListener("input", () => wrong() && judge());
  field.addEventListener("change", () => {
    if (judge()) settle(field.value.trim() === "" ? null : Number(field.value));
  });
  return (value) => {
    const moved = value !== inForce;
    inForce = value;
    if (document.activeElement === field || (wrong() && !moved)) return;
    field.value = value;
    if (wrong()) sayBeside(field, note, "");
  };
}

/**
 * What is wrong with a text; empty when nothing is. Pure.
 * @param {string} text @param {Whole} what
 */
export function wholeProblem(text, { name, last, remedy, empty = false }) {
  const value = Number(text);
  const good = text.trim() === "" ? empty : Number.isInteger(value) && value >= 0 && value <= last;
  return good ? "" : `${name} = ${text.trim() || "nothing"}: 0 … ${last}, whole number; ${remedy}`;
}

/**
 * What is wrong with a field, beside it; an empty text when nothing is.
 * @param {HTMLInputElement} field
 * @param {HTMLElement} note
 * @param {string} problem
 */
function sayBeside(field, note, problem) {
  note.hidden = problem === "";
  note.textContent = problem;
  field.setAttribute("aria-invalid", String(problem !== ""));
}
