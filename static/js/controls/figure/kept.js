// The fields of a figure, as a person left them: kept by the browser from visit to visit, but for the steps, which
// belong to one sequence.

const KEY = "figure";
/** No field takes more letters than this. */
const MOST_LETTERS = 40;
const NOT_KEPT = new Set(["panel", "format", "from", "to"]);

/** @typedef {import("./options.js").Typed} Typed */

/** What stands in a form, by name. @param {HTMLFormElement} form @returns {Typed} */
export function typedIn(form) {
  /** @type {Typed} */
  const typed = {};
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement) || !field.name) continue;
    const values = (typed[field.name] ??= []);
    if (!["radio", "checkbox"].includes(field.type) || field.checked) values.push(field.value);
  }
  return typed;
}

/**
 * What was kept, or null: nothing, or nothing that can be read.
 * @param {string | null} text @returns {Typed | null}
 */
export function readKept(text) {
  try {
    /** @type {unknown} */
    const found = JSON.parse(text ?? "null");
    if (typeof found !== "object" || found === null || Array.isArray(found)) return null;
    /** @type {[string, unknown][]} */
    const all = Object.entries(found);
    return Object.fromEntries(
      all.flatMap(([name, values]) => (!NOT_KEPT.has(name) && isTexts(values) ? [[name, values]] : [])),
    );
  } catch {
    return null;
  }
}

/** @param {unknown} values @returns {values is string[]} */
function isTexts(values) {
  if (!Array.isArray(values)) return false;
  /** @type {unknown[]} */
  const all = values;
  return all.every((one) => typeof one === "string" && one.length <= MOST_LETTERS);
}

/** Put back what was kept. @param {HTMLFormElement} form */
export function restore(form) {
  const kept = readKept(stored());
  if (!kept) return;
  for (const field of form.elements) {
    const values = field instanceof HTMLInputElement ? kept[field.name] : undefined;
    if (!values || !(field instanceof HTMLInputElement)) continue;
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    // A choice that is gone leaves the usual one.
    else if (field.type === "radio") field.checked = values.includes(field.value) || field.checked;
    else field.value = values[0] ?? field.value;
  }
}

/** @param {HTMLFormElement} form */
export function keep(form) {
  const left = Object.entries(typedIn(form)).filter(([name]) => !NOT_KEPT.has(name));
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(left)));
  } catch {
    // They hold for this visit.
  }
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is switched off: the usual settings stand.
  }
}
