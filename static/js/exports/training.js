// The tables of a training, as CSV and JSON have them: its curves, and the health of its network. Pure.

import { HEALTH } from "../wire/contract.js";

/** @typedef {import("./tables.js").Table} Table */

/** Panels that tell of a training and not of one network. @type {Set<string>} */
export const OF_TRAINING = new Set(["curves", "health"]);
const CURVES = /** @type {const} */ (["update", "loss", "gradient_norm", "learning_rate", "skipped"]);

/** A number as files have it: null where it is not finite. @param {number} value */
export const cell = (value) => (Number.isFinite(value) ? value : null);

/** @param {Metrics} metrics @returns {Table["columns"]} */
export function curves(metrics) {
  const names = Object.keys(metrics.values).sort();
  return [
    ...CURVES.map((name) => /** @type {Table["columns"][0]} */ ([name, metrics[name].map(cell)])),
    ...names.map((name) => /** @type {Table["columns"][0]} */ ([name, metrics.values[name].map(cell)])),
  ];
}

/**
 * One row a look; what fresh examples came to is there where they were due.
 * @param {Looks} looks @returns {Table["columns"]}
 */
export function health({ update, health: figures, fresh }) {
  const column = (/** @type {string} */ name, /** @type {number[] | undefined} */ cells) =>
    /** @type {Table["columns"][0]} */ ([name, (cells ?? update.map(() => NaN)).map(cell)]);
  return [
    ["update", update],
    ...HEALTH.map((name) => column(name, figures[name])),
    ...Object.keys(fresh)
      .sort()
      .map((name) => column(`fresh_${name}`, fresh[name])),
  ];
}
