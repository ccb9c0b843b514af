// What the fields of a run's form say, and what stands in them for a run. Pure, but `textEntries` reads a form.

import { FIELDS, LENGTHS, TAKES } from "../../wire/contract.js";
import { readNumber } from "../numbers/read.js";
import { isNumber, wantedOf } from "../numbers/wanted.js";

const USUAL_T = FIELDS["task.T"].default;

/** What each task has its own of: another one begins with the defaults. */
export const OF_A_TASK = [...Object.keys(FIELDS).filter((path) => /^task\.(?!name$|T$)/.test(path)), "training.until"];

/**
 * Whether a run of a task may set a field; of a task that is not known, any.
 * @param {string} task @param {string} path
 */
export function takes(task, path) {
  const [part, name] = path.split(".");
  return part !== "task" || name === "name" || !TAKES[task] || TAKES[task].includes(name);
}

/**
 * What a text means in a field: a number, true or false, or itself; null is nothing.
 * @param {string} name @param {string} text
 */
function valueOf(name, text) {
  if (FIELDS[name]?.kind === "flag") return text === "true";
  if (text === "" || !isNumber(name)) return text || null;
  const { value, refusal } = readNumber(text, wantedOf(name));
  return refusal ? (refusal.number ?? text) : value;
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
    const value = valueOf(name, text.trim());
    if (value === null) continue;
    const [part, field] = name.split(".");
    if (field) (parts[part] ??= {})[field] = value;
    else whole[part] = value;
  }
  return { ...whole, ...parts };
}

/**
 * What stands in the fields for a spec; a field that it does not have stands at its default. Pure.
 * @param {import("../../state/selectors/runs.js").Settings["spec"]} spec
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
 * What stands in the field of T for another task: images have one length, which no other task keeps. Pure.
 * @param {string} task @param {string} text what stood there @param {number[]} images lengths that images have
 */
export function lengthFor(task, text, images = []) {
  const own = String(LENGTHS[task] ?? USUAL_T);
  return own !== String(USUAL_T) || [...Object.values(LENGTHS), ...images].includes(Number(text)) ? own : text;
}

/** @param {HTMLFormElement} form */
export const textEntries = (form) =>
  /** @type {[string, string][]} */ ([...new FormData(form)].map(([name, value]) => [name, String(value)]));
