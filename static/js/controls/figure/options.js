// What the fields of a figure come to: the words for the server, the same as settings for a file, and what is wrong
// with what was typed. Pure.

import { RULES } from "../../draw/look.js";

/**
 * @typedef {Record<string, string[]>} Typed what stands in the fields, by name: the checked values, or the text
 * @typedef {{panel: string, format: string, steps: number}} Of what is drawn; `steps` of the sequence, 0 where it is of
 *   a training
 * @typedef {{fields: string[], name: string, value: string, range: string, remedy: string}} Wrong
 * @typedef {{name: string, low: number, high: number, unit: string, remedy: string, whole?: boolean}} Measure
 * @typedef {Record<string, string | number | boolean | readonly string[] | readonly number[] | null>} Settings
 */

const WIDTHS = /** @type {Record<string, number>} */ ({ single: 3.25, double: 6.75 });
const FLAGS = ["title", "caption", "legend", "marks", "transparent"];
const CHOICES = ["font", "colormap", "theme"];
/** @type {Record<string, Measure>} the ranges of app/export/paper.py */
export const MEASURES = {
  width_in: { name: "width", low: 1, high: 20, unit: "in", remedy: "write a number, as 3.25 or 3,25" },
  height_in: {
    name: "height",
    low: 1,
    high: 20,
    unit: "in",
    remedy: "write a number, or nothing for the usual height",
  },
  font_size: { name: "size of letters", low: 4, high: 24, unit: "pt", remedy: "write a number, as 8 or 7.5" },
  dpi: { name: "resolution", low: 50, high: 1200, unit: "dpi", remedy: "write 300 or 600 for print", whole: true },
};

/**
 * A number as people type it, with a point or a comma; null where it is none.
 * @param {string} text
 */
export function numberTyped(text) {
  const plain = text.trim();
  return /^(\d{1,9}([.,]\d{0,9})?|[.,]\d{1,9})$/.test(plain) ? Number(plain.replace(",", ".")) : null;
}

/**
 * @param {Typed} typed @param {Of} of
 * @returns {{settings: Settings, wrong: Wrong[]}} `settings` holds nothing of what is wrong
 */
export function settingsOf(typed, of) {
  /** @type {Settings} */
  const settings = {};
  /** @type {Wrong[]} */
  const wrong = [];
  const first = (/** @type {string} */ name) => typed[name]?.[0] ?? "";
  const measure = (/** @type {string} */ name) => {
    const value = numberTyped(first(name));
    if (value !== null && fits(value, MEASURES[name])) settings[name] = value;
    else wrong.push(misfit(name, first(name)));
  };
  if (first("width") in WIDTHS) settings.width_in = WIDTHS[first("width")];
  else measure("width_in");
  if (first("height_in").trim() === "") settings.height_in = null;
  else measure("height_in");
  for (const name of CHOICES) settings[name] = first(name);
  measure("font_size");
  for (const name of FLAGS) settings[name] = first(name) === "true";
  if (of.format === "png") measure("dpi");
  if (of.panel === "gradients") takeRules(typed, settings, wrong);
  if (of.steps > 0) takeSteps(first, of.steps, settings, wrong);
  return { settings, wrong };
}

/** @param {number} value @param {Measure} measure */
const fits = (value, { low, high, whole }) => value >= low && value <= high && (!whole || Number.isInteger(value));

/** @param {string} field @param {string} value @returns {Wrong} */
function misfit(field, value) {
  const { name, low, high, unit, remedy, whole } = MEASURES[field];
  return { fields: [field], name, value, range: `${low} … ${high} ${unit}${whole ? ", whole number" : ""}`, remedy };
}

/** @param {Typed} typed @param {Settings} settings @param {Wrong[]} wrong */
function takeRules(typed, settings, wrong) {
  const rules = RULES.map(({ rule }) => rule).filter((rule) => typed.rules?.includes(rule));
  if (rules.length) settings.rules = rules;
  else
    wrong.push({
      fields: ["rules"],
      name: "rules",
      value: "",
      range: "at least one of the three",
      remedy: "check one",
    });
}

/** @param {(name: string) => string} first @param {number} steps @param {Settings} settings @param {Wrong[]} wrong */
function takeSteps(first, steps, settings, wrong) {
  const last = steps - 1;
  const [from, to] = [first("from").trim() || "0", first("to").trim() || String(last)];
  const fields = ["from", "to"];
  const bad = [from, to].map((text) => !/^\d{1,6}$/.test(text) || Number(text) > last);
  const range = `0 … ${last}`;
  const remedy = "write a step of the sequence, or nothing for all";
  for (const [place, name] of ["first step", "last step"].entries())
    if (bad[place]) wrong.push({ fields: [fields[place]], name, value: [from, to][place], range, remedy });
  if (bad.some(Boolean)) return;
  if (Number(from) <= Number(to)) settings.steps = [Number(from), Number(to)];
  else wrong.push({ fields, name: "steps", value: `${from}–${to}`, range, remedy: "write the earlier step first" });
}

/** The sentence of what is wrong. @param {Wrong} wrong */
export const wrongWords = ({ name, value, range, remedy }) =>
  `${name} = ${value.trim() || "nothing"}: ${range}; ${remedy}`;

/**
 * The words of a query, as app/export/paper.py reads them.
 * @param {Settings} settings @returns {Record<string, string>}
 */
export function queryWords(settings) {
  /** @type {Record<string, string>} */
  const words = {};
  for (const [name, value] of Object.entries(settings))
    if (value !== null) words[name] = Array.isArray(value) ? value.join(name === "steps" ? "-" : ",") : String(value);
  return words;
}
