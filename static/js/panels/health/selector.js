// What the health panel shows: the numbers of one look with a sentence each, and their past. Pure.

import { claimOf, say, spelt } from "../../draw/say.js";
import { presetInView } from "../../state/selectors/history.js";
import { largest, moved, norm, share, unseen } from "./facts.js";
import { percent, plain } from "./numbers.js";
import * as words from "./words.js";

/**
 * @typedef {import("../../draw/say.js").Facts} Facts
 * @typedef {{text: string, trouble: boolean}} Said
 * @typedef {{key: string, title: string, shown: string, value: string, said: Said,
 *   past: number[][], scale: "share" | "log"}} Row `value` is the number as the API has it, `past` one column, or two
 *   that are drawn as a band
 */

/**
 * The looks at the network in view: of its training, else the one that a preset has with it.
 * @param {State} state @returns {Looks}
 */
export function looksInView(state) {
  const preset = presetInView(state);
  if (state.looks.update.length || !preset?.health) return state.looks;
  const figures = /** @type {[string, number | null][]} */ (Object.entries(preset.health));
  const health = Object.fromEntries(figures.map(([name, figure]) => [name, [figure ?? NaN]]));
  return { update: [preset.update ?? 0], health, fresh: {} };
}

/**
 * Where among the looks the one stands that the page shows: the newest, or the last one up to the update in view.
 * @param {number[]} updates rising @param {number | null} shown
 * @returns {number} -1 where there is none
 */
export function lookAt(updates, shown) {
  if (shown === null) return updates.length - 1;
  return updates.filter((update) => update <= shown).length - 1;
}

/** @param {readonly import("../../draw/say.js").Claim[]} place @param {Facts} facts @returns {Said} */
function said(place, facts) {
  const found = claimOf(place, facts);
  return { text: spelt(found, facts), trouble: found.trouble ?? false };
}

/**
 * @param {Looks} looks @param {number} at place of a look @param {Facts} options as facts.js counts them
 * @returns {Row[]}
 */
export function healthRows({ health }, at, options) {
  const value = (/** @type {string} */ name) => health[name]?.[at] ?? NaN;
  const row = (
    /** @type {string} */ key,
    /** @type {string} */ title,
    /** @type {(value: number) => Said} */ tell,
    /** @type {(value: number) => string} */ shown,
  ) => ({
    ...{ key, title, shown: shown(value(key)), value: String(value(key)), said: tell(value(key)) },
    past: [health[key] ?? []],
    scale: /** @type {Row["scale"]} */ (shown === percent ? "share" : "log"),
  });
  const of = (/** @type {readonly import("../../draw/say.js").Claim[]} */ place) => (/** @type {number} */ number) =>
    said(place, share(number, options));
  const move =
    (scorer = false) =>
    (/** @type {number} */ number) =>
      said(words.MOVED, moved(number, options, scorer));
  const [median, p99] = [value("norm_median"), value("norm_p99")];
  const three = (/** @type {number} */ number) => plain(number, 3);
  return [
    row("saturated", "scorer units saturated", of(words.SATURATED), percent),
    row("dead", "dead readers", of(words.DEAD), percent),
    row("near_tied", "near-tied readers", of(words.NEAR_TIED), percent),
    row("largest_state", "largest |h|", (number) => said(words.LARGEST, largest(number, options)), three),
    row("moved_recurrent", "recurrent weights moved", move(), plain),
    row("moved_scorer", "scorer weights moved", move(true), plain),
    row("moved_readout", "read-out weights moved", move(), plain),
    {
      key: "norm",
      title: "gradient norm, median … p99",
      shown: Number.isNaN(median) ? "–" : `${plain(median)} … ${plain(p99)}`,
      value: `${median} ${p99}`,
      said: said(words.NORM, norm(median, p99, options)),
      past: [health.norm_median ?? [], health.norm_p99 ?? []],
      scale: "log",
    },
  ];
}

/** What stands there when there is no look to show. @param {State} state @param {Looks} looks */
export const noLook = (state, looks) => say(words.NO_LOOK, unseen(state, looks));
