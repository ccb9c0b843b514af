// Settings as axes: what their values are called, in which order they stand, and which two are shown. Pure.

import { FIELDS, FIXED } from "../../wire/contract.js";
import { NOT_ITS, settingText } from "../../table/overlay/curves/differs.js";

export const SEED = "training.seed";
const METHOD = "model.method";

/** What a setting is called. @param {string} path */
export const nameOf = (path) => (path === "task.name" ? "task" : path.slice(path.indexOf(".") + 1));

/** The value of a trial as a person reads it; – where its method leaves no choice. @param {Results.Row} row
 * @param {string} path */
export function textOf({ values }, path) {
  const [part, name] = path.split(".");
  const method = values[METHOD];
  if (typeof method === "string" && FIXED[/** @type {keyof typeof FIXED} */ (method)]?.includes(name)) return NOT_ITS;
  return settingText(part, name, values[path]);
}

/**
 * @param {readonly Results.Row[]} rows @param {string} path
 * @returns {Results.Axis} numbers rise; what is no number (all, ∞, yes, sab) stands behind them
 */
export function axisOf(rows, path) {
  const found = /** @type {Map<string, number | null>} */ (new Map());
  const texts = rows.map((row) => textOf(row, path));
  rows.forEach((row, place) => {
    const value = row.values[path];
    const plain = typeof value === "number" && Number.isFinite(Number(texts[place]));
    found.set(texts[place], plain ? value : null);
  });
  const values = [...found].map(([text, number]) => ({ text, number })).sort(order(path));
  const place = new Map(values.map(({ text }, index) => [text, index]));
  return {
    path,
    name: nameOf(path),
    numeric: values.length > 1 && values.every(({ number }) => number !== null),
    values,
    places: new Map(rows.map((row, index) => [row.run, place.get(texts[index]) ?? 0])),
  };
}

/** @typedef {{text: string, number: number | null}} Value */

/** @param {string} path @returns {(a: Value, b: Value) => number} */
function order(path) {
  const choices = FIELDS[path]?.choices ?? [];
  const rank = (/** @type {Value} */ { text }) => (choices.includes(text) ? choices.indexOf(text) : choices.length);
  return (a, b) => {
    if (a.number !== null && b.number !== null) return a.number - b.number;
    if (a.number !== null || b.number !== null) return a.number !== null ? -1 : 1;
    return rank(a) - rank(b) || (a.text < b.text ? -1 : 1);
  };
}

/**
 * The two settings that are shown: those wished for, else those with the most values.
 * @param {readonly Results.Axis[]} settings @param {Pick<Results.Choice, "x" | "y">} wish
 * @returns {{x: Results.Axis | null, y: Results.Axis | null}}
 */
export function shownAxes(settings, wish) {
  const named = (/** @type {string | null} */ path) => settings.find((axis) => axis.path === path) ?? null;
  const [wx, wy] = [named(wish.x), named(wish.y)];
  const many = [...settings].sort((a, b) => b.values.length - a.values.length);
  const x = wx ?? many.find((axis) => axis !== wy) ?? null;
  const y = wy && wy !== x ? wy : (many.find((axis) => axis !== x) ?? null);
  return { x, y };
}
