// What a task is called in names, lists, titles and captions, as the server calls it (model/contract/told.py). Pure.

import { DATA, DATA_CALLED, LENGTHS, READS } from "../wire/contract.js";

/**
 * A task in a few words: `copy T=50`, `text of Hamlet, T = 100`, `Fashion-MNIST, 784 pixels in order`.
 * @param {{name?: string, T?: number | null, data?: string | null, permuted?: number | null}} task
 */
export function taskWords({ name = "", T, data, permuted }) {
  const steps = T ?? LENGTHS[name] ?? LENGTHS.copy;
  const kind = READS[name];
  if (!kind) return `${name} T=${steps}`;
  const [word] = (data || DATA[name]).split("@");
  const called = DATA_CALLED[word] ?? word;
  if (kind === "text") return `text of ${called}, T = ${steps}`;
  const size = called.includes("×") ? "" : `${steps} pixels `;
  return `${called}, ${size}${permuted === null || permuted === undefined ? "in order" : "permuted"}`;
}

/** A task in words with something behind it, set off where the words have a comma. @param {string} words
 * @param {string} more */
export const joinedWords = (words, more) => `${words}${words.includes(", ") ? "," : ""} ${more}`;
