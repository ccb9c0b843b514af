// What fits the number fields of a run, out of its contract. Pure.

import { ALL, FIELDS, NO_CUT } from "../../wire/contract.js";

/** @param {string} path of a field of a run, "model.k_top" */
export const isNumber = (path) => ["whole", "number"].includes(FIELDS[path]?.kind);

/**
 * @param {string} path of a field of a run that is a number
 * @returns {import("./read.js").Wanted} what is left empty takes the server's default
 */
export function wantedOf(path) {
  const { low, high, above, kind, remedy } = FIELDS[path];
  return { name: path, low, high, above, whole: kind === "whole", remedy, empty: true, words: wordsFor(path) };
}

/** Words of the page that say a number. @param {string} path @returns {Record<string, number | null>} */
function wordsFor(path) {
  const { null: none, default: own, high } = FIELDS[path];
  if (path === "model.k_top") return { [ALL]: high };
  if (!none) return {};
  // Where null is not the default, 0 says the same.
  const value = own === null ? null : 0;
  return { [none.toLowerCase()]: value, ...(path === "model.k_trunc" ? { [NO_CUT]: value } : {}) };
}
