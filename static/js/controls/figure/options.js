// What the fields of a figure come to: the words for the server, the same as settings for a file, and what is wrong
// with what was typed. Pure.

import { RULES } from "../../draw/look.js";
import { readNumber, refusalWords } from "../numbers/read.js";

/**
 * @typedef {Record<string, string[]>} Typed what stands in the fields, by name: the checked values, or the text
 * @typedef {{panel: string, format: string, steps: number, beside: import("./beside.js").Beside}} Of what is drawn;
 *   `steps` of the sequence, 0 where it is of a training; what can stand `beside` curves
 * @typedef {{fields: string[], name: string, value: string, range: string, remedy: string}} Wrong
 * @typedef {import("../numbers/read.js").Wanted} Wanted
 * @typedef {Record<string, string | number | boolean | readonly string[] | readonly number[] | null>} Settings
 */

const WIDTHS = /** @type {Record<string, number>} */ ({ single: 3.25, double: 6.75 });
const FLAGS = ["title", "caption", "legend", "marks", "transparent"];
const CHOICES = ["font", "colormap", "theme"];
const ANY_STEP = { remedy: "write a step of the sequence, or nothing for all", low: 0, whole: true, empty: true };
const INCHES = { unit: "in", whole: false, step: 0.25 };
/** @type {Record<string, Wanted>} the ranges of app/export/paper.py */
export const MEASURES = {
  width_in: { name: "width", low: 1, high: 20, ...INCHES, remedy: "3.25 is a column of a paper, 6.75 are two" },
  height_in: {
    name: "height",
    low: 1,
    high: 20,
    ...INCHES,
    remedy: "leave it empty for the usual height",
    empty: true,
  },
  font_size: { name: "size of letters", low: 4, high: 24, unit: "pt", whole: false, step: 0.5, remedy: "8 is usual" },
  dpi: { name: "resolution", low: 50, high: 1200, unit: "dpi", whole: true, step: 50, remedy: "300 or 600 for print" },
};

/** What fits a field of the figure, by its name. @param {string} name @param {number} steps of the sequence */
export function wantedIn(name, steps) {
  if (name in MEASURES) return MEASURES[name];
  return { ...ANY_STEP, name: name === "from" ? "first step" : "last step", high: Math.max(steps - 1, 0) };
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
    const { value, refusal } = readNumber(first(name), MEASURES[name]);
    if (refusal) wrong.push(misfit(name, refusal));
    else settings[name] = value;
  };
  if (first("width") in WIDTHS) settings.width_in = WIDTHS[first("width")];
  else measure("width_in");
  measure("height_in");
  for (const name of CHOICES) settings[name] = first(name);
  measure("font_size");
  for (const name of FLAGS) settings[name] = first(name) === "true";
  if (of.format === "png") measure("dpi");
  if (of.panel === "curves") takeBeside(first, of.beside, settings);
  if (of.panel === "gradients") takeRules(typed, settings, wrong);
  if (of.steps > 0) takeSteps(first, of.steps, settings, wrong);
  return { settings, wrong };
}

/** @param {string} name of a field @param {import("../numbers/read.js").Refusal} refusal @returns {Wrong} */
const misfit = (name, { field, value, range, remedy }) => ({ fields: [name], name: field, value, range, remedy });

/**
 * What is checked of what there is.
 * @param {(name: string) => string} first @param {import("./beside.js").Beside} beside @param {Settings} settings
 */
function takeBeside(first, { baseline, seeds }, settings) {
  const mean = first("seeds") === "true" && seeds.length > 0;
  const names = [...(baseline && first("baseline") === "true" ? [baseline.id] : []), ...(mean ? seeds : [])];
  if (names.length) settings.baseline = names;
  if (mean) settings.seeds = true;
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
  const fields = ["from", "to"];
  const ends = fields.map((name) => readNumber(first(name), wantedIn(name, steps)));
  ends.forEach(({ refusal }, at) => refusal && wrong.push(misfit(fields[at], refusal)));
  if (ends.some(({ refusal }) => refusal)) return;
  const [from, to] = [ends[0].value ?? 0, ends[1].value ?? steps - 1];
  const range = `0 … ${steps - 1}`;
  if (from <= to) settings.steps = [from, to];
  else wrong.push({ fields, name: "steps", value: `${from}–${to}`, range, remedy: "write the earlier step first" });
}

/** The sentence of what is wrong. @param {Wrong} wrong */
export const wrongWords = (wrong) => refusalWords({ ...wrong, field: wrong.name });

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
