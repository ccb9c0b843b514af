// What the health panel shows: the numbers of one look with a sentence each, and their past. Pure.

import { dead, largestState, moved, nearTied, norm, saturated } from "./words.js";
import { percent, plain } from "./numbers.js";
import { presetInView, scrubbed } from "../../state/selectors/history.js";

const STUCK = new Set(["standing still", "scorer saturated", "at chance", "attention dead", "lost again"]);

/**
 * @typedef {import("./words.js").Options} Options
 * @typedef {{key: string, title: string, shown: string, value: string, said: import("./words.js").Said,
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

/** What the sentences depend on beside the numbers. @param {State} state @param {number} update @returns {Options} */
export function optionsOf(state, update) {
  const preset = presetInView(state);
  const { model, training } = state.run?.spec ?? preset?.spec ?? {};
  const { k_top, normalizer, variant, clip_norm } = { ...model, ...training, ...state.run?.parameters };
  const verdict = state.run?.verdict ?? preset?.verdict;
  return {
    reads: k_top !== 0 && (model?.method === undefined || model.method === "sab" || model.method === "attention"),
    release: variant === "release",
    softmax: normalizer === "softmax",
    updated: update > 0,
    stuck: scrubbed(state) === null && verdict !== undefined && verdict !== null && STUCK.has(verdict.word),
    floor: (training?.sum_floor ?? 0) > 0,
    slowScorer: (training?.scorer_rate ?? 1) < 1,
    clipped: (clip_norm ?? 0) > 0,
    decays: (training?.rate_decay ?? 0) > 0,
  };
}

/**
 * @param {Looks} looks @param {number} at place of a look @param {Options} options
 * @returns {Row[]}
 */
export function healthRows({ health }, at, options) {
  const value = (/** @type {string} */ name) => health[name]?.[at] ?? NaN;
  const row = (
    /** @type {string} */ key,
    /** @type {string} */ title,
    /** @type {typeof dead} */ words,
    /** @type {(value: number) => string} */ shown,
  ) => ({
    key,
    title,
    shown: shown(value(key)),
    value: String(value(key)),
    said: words(value(key), options),
    past: [health[key] ?? []],
    scale: /** @type {Row["scale"]} */ (shown === percent ? "share" : "log"),
  });
  const [median, p99] = [value("norm_median"), value("norm_p99")];
  const scorer = (/** @type {number} */ share) => moved(share, options, true);
  const three = (/** @type {number} */ number) => plain(number, 3);
  return [
    row("saturated", "scorer units saturated", saturated, percent),
    row("dead", "dead readers", dead, percent),
    row("near_tied", "near-tied readers", nearTied, percent),
    row("largest_state", "largest |h|", largestState, three),
    row("moved_recurrent", "recurrent weights moved", moved, plain),
    row("moved_scorer", "scorer weights moved", scorer, plain),
    row("moved_readout", "read-out weights moved", moved, plain),
    {
      key: "norm",
      title: "gradient norm, median … p99",
      shown: Number.isNaN(median) ? "–" : `${plain(median)} … ${plain(p99)}`,
      value: `${median} ${p99}`,
      said: norm(median, p99, options),
      past: [health.norm_median ?? [], health.norm_p99 ?? []],
      scale: "log",
    },
  ];
}

/** What stands there when there is no look to show. @param {State} state @param {Looks} looks */
export function noLook(state, looks) {
  const { run, target } = state;
  if (looks.update.length) return "Nobody looked at the network up to this update.";
  if (run) return "No look at this network yet.";
  if (target?.kind === "checkpoint") return "Of a stored network no looks are kept.";
  return presetInView(state)?.pretrained
    ? "This network was trained before, and its health was not recorded."
    : "Health appears when a run trains. Press Train.";
}
