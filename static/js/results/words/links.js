// Where cells, dots and rows lead: to the run itself, or to the table of runs with these runs chosen. Pure.

import { FIXED } from "../../wire/contract.js";
import { at } from "../../wire/link/root.js";

/** Runs that a link of the table of runs holds (static/js/table/state/link.js). */
const MOST_RUNS = 64;
/** Which word of a filter asks for which setting; knobs there are those in force. @type {Record<string, string>} */
const WORDS = {
  "task.name": "task",
  "task.T": "T",
  "model.method": "method",
  "model.hidden_size": "hidden_size",
  "model.k_top": "k_top",
  "model.k_trunc": "k_trunc",
  "model.k_att": "k_att",
  "training.seed": "seed",
};
const KNOB = /^model\.k_/;

/** @param {string} run */
export const runLink = (run) => at(`/#run=${encodeURIComponent(run)}`);

/** @param {string} group */
export const groupLink = (group) => at(`/runs#${new URLSearchParams({ filter: `group:${group}` })}`);

/**
 * @param {Pick<Results.Cell, "rows">} cell @param {Pick<Results.View, "axes">} view @param {string} group
 * @returns {string} the filter narrows the list as far as it can; what is chosen in it are exactly these runs
 */
export function linkOf({ rows }, { axes }, group) {
  const known = LINKS.get(rows);
  const link = known?.axes === axes && known.group === group ? known.link : newLinkOf({ rows }, { axes }, group);
  LINKS.set(rows, { axes, group, link });
  return link;
}

/** A hundred of them a picture cost more than its colours. @type {WeakMap<readonly Results.Row[], {axes: readonly
 * Results.Axis[], group: string, link: string}>} */
const LINKS = new WeakMap();

/** @type {typeof linkOf} */
function newLinkOf({ rows }, { axes }, group) {
  if (rows.length === 1) return runLink(rows[0].run);
  const words = axes.flatMap(({ path }) => wordOf(rows, path));
  const query = new URLSearchParams({ filter: [`group:${group}`, ...words].join(" ") });
  if (rows.length <= MOST_RUNS) query.set("runs", rows.map(({ run }) => run).join("."));
  return at(`/runs#${query}`);
}

/** @param {readonly Results.Row[]} rows @param {string} path @returns {string[]} */
function wordOf(rows, path) {
  const word = WORDS[path];
  const value = rows[0].values[path];
  if (!word || rows.some(({ values }) => values[path] !== value)) return [];
  const method = /** @type {keyof typeof FIXED} */ (rows[0].values["model.method"] ?? "sab");
  const loose = KNOB.test(path) && (rows.some(({ steered }) => steered) || FIXED[method].includes(path.slice(6)));
  return loose ? [] : [`${word}:${value}`];
}
