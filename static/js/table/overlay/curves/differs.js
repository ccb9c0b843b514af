// In which settings runs differ, and no others. Pure.

import { FIELDS, FIXED } from "../../../wire/contract.js";
import { grouped, knobText } from "../../../draw/numbers.js";

const KNOBS_OF_SPEC = /** @type {const} */ ({
  k_top: "model",
  k_trunc: "model",
  k_att: "model",
  learning_rate: "training",
  clip_norm: "training",
});
const PARENT = "parent";
/** What a method leaves no choice in. */
export const NOT_ITS = "–";

/** @typedef {{path: string, label: string, values: string[]}} Difference one value for each run, in their order */

/**
 * @param {readonly RunView[]} runs
 * @returns {Difference[]} in the order of the form of a run
 */
export function differences(runs) {
  const all = runs.map(settingsOf);
  const parents = parentWords(runs);
  const paths = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return paths
    .map((path) => ({ path, label: labelOf(path), values: all.map((settings) => settings.get(path) ?? NOT_ITS) }))
    .filter(({ values }) => new Set(values).size > 1)
    .map((found) => (found.path === PARENT ? { ...found, values: parents } : found));
}

/**
 * Every setting of a run as text, by its path; knobs that were turned since the start are settings of their own.
 * @param {RunView} run
 * @returns {Map<string, string>}
 */
export function settingsOf({ spec, parameters, parent }) {
  const settings = /** @type {Map<string, string>} */ (new Map());
  for (const part of /** @type {const} */ (["task", "model", "training"]))
    for (const [name, value] of /** @type {[string, unknown][]} */ (Object.entries(spec[part])))
      settings.set(
        `${part}.${name}`,
        FIXED[spec.model.method]?.includes(name) ? NOT_ITS : settingText(part, name, value),
      );
  for (const name of /** @type {(keyof typeof KNOBS_OF_SPEC)[]} */ (Object.keys(KNOBS_OF_SPEC))) {
    const started = /** @type {Record<string, unknown>} */ ({ ...spec.model, ...spec.training })[name];
    if (parameters[name] !== started && !FIXED[spec.model.method]?.includes(name))
      settings.set(`now.${name}`, settingText(KNOBS_OF_SPEC[name], name, parameters[name]));
  }
  if (parent) settings.set(PARENT, `${parent.run} ${parent.update}`);
  return settings;
}

/** What each run began with, by the name of its parent; by its id too where parents share a name or one is gone.
 * @param {readonly RunView[]} runs */
function parentWords(runs) {
  const parents = runs.flatMap(({ parent }) => (parent ? [parent] : []));
  const shared = (/** @type {Wire.ParentView} */ { name, run }) =>
    parents.some((other) => other.name === name && other.run !== run);
  return runs.map(({ parent }) => {
    if (!parent) return NOT_ITS;
    const { name, run, update } = parent;
    const called = name === null ? `a run that is not here (${run})` : shared(parent) ? `${name} (${run})` : name;
    return `${called}, update ${grouped(update)}`;
  });
}

/** A setting as a person reads it. @param {string} part @param {string} name @param {unknown} value */
export function settingText(part, name, value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (name === "k_top" || name === "k_trunc" || name === "k_att")
    return knobText(name, /** @type {number | null} */ (value));
  if (value === null || value === undefined) return FIELDS[`${part}.${name}`]?.null || NOT_ITS;
  return String(value);
}

/** What a setting is called. @param {string} path */
function labelOf(path) {
  if (path === "task.name") return "task";
  if (path === PARENT) return "began with";
  const [part, name] = path.split(".");
  return part === "now" ? `${name} now` : name;
}
