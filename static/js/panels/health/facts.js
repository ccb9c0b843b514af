// Facts of a network's health, true or false, for its sentences (words.js). Pure.

import { FIXED } from "../../wire/contract.js";
import { knobsAt, presetInView, scrubbed } from "../../state/selectors/history.js";

/** Shares from which the scorer counts as saturated, and attention as dead. */
const SATURATED = 0.9;
const DEAD = 0.5;
/** From here on saturated units are worth a word; networks that learned have up to nine tenths of them. */
const COMMON = 0.3;
/** The recurrent part of h alone is at most 1. */
const BOUND = 1;
const LARGE = 100;
/** ‖update‖ ÷ ‖weight‖ between these is nothing to speak of. */
const STILL = 1e-5;
const HIGH = 0.01;
/** The 99th percentile beyond so many medians is called a spike. */
const SPIKE = 10;
/** Verdicts that say that nothing was clearly better for a thousand updates. */
const STUCK = new Set(["standing still", "scorer saturated"]);

/** @typedef {import("../../draw/say.js").Facts} Facts */

/**
 * What the sentences depend on beside the numbers; a past look is not judged by the present.
 * @param {State} state @param {Looks} looks @param {number} at place of the look
 * @returns {Facts}
 */
export function optionsOf(state, looks, at) {
  const preset = presetInView(state);
  const { model, training } = state.run?.spec ?? preset?.spec ?? {};
  const update = looks.update[at];
  const { method = "sab", normalizer, variant } = model ?? {};
  const fixed = FIXED[method] ?? [];
  const k_top = knobsAt(state, update).k_top ?? model?.k_top;
  const reads = method === "attention" || (!fixed.includes("k_top") && k_top !== 0);
  const release = variant === "release";
  const verdict = state.run ? state.run.verdict : preset?.verdict;
  const clip = knobsAt(state, update - 1).clip_norm ?? training?.clip_norm ?? 0;
  return {
    ...{ reads, release, softmax: normalizer === "softmax" || fixed.includes("normalizer") },
    ...{ updated: update > 0, noted: noted(looks, at) },
    none_by_rule: release && k_top === 1,
    stuck: scrubbed(state) === null && verdict !== undefined && verdict !== null && STUCK.has(verdict.word),
    floor: (training?.sum_floor ?? 0) > 0,
    slow_scorer: (training?.scorer_rate ?? 1) < 1,
    // A change after an update acts on the next one.
    ...{ clipped: clip > 0, clip: String(clip) },
    falling: update > (1 - (training?.rate_decay ?? 0)) * (training?.updates ?? Infinity),
  };
}

/** Whether an update was seen since the network was taken up. @param {Looks} looks @param {number} at */
const noted = ({ health }, at) =>
  Object.entries(health).some(([name, column]) => /^(norm|moved)_/.test(name) && !Number.isNaN(column[at]));

/** Of a share from 0 to 1, NaN where there is none. @param {number} value @param {Facts} options @returns {Facts} */
export const share = (value, options) => ({
  ...options,
  ...{ none: Number.isNaN(value), zero: value === 0, half: value >= DEAD },
  ...{ most: value >= SATURATED, common: value >= COMMON },
});

/** Of the largest |h|. @param {number} value @param {Facts} options @returns {Facts} */
export const largest = (value, options) => ({
  ...options,
  ...{ finite: Number.isFinite(value), bounded: value <= BOUND, large: value > LARGE },
});

/** @param {number} value ‖update‖ ÷ ‖weight‖ @param {Facts} options @param {boolean} scorer @returns {Facts} */
export const moved = (value, options, scorer = false) => ({
  ...options,
  ...{ scorer, none: Number.isNaN(value), zero: value === 0, high: value > HIGH, little: value < STILL },
});

/** Of gradient norms. @param {number} median @param {number} p99 @param {Facts} options @returns {Facts} */
export const norm = (median, p99, options) => ({
  ...options,
  ...{ none: Number.isNaN(median) && Number.isNaN(p99), spikes: p99 > SPIKE * median },
  below: p99 < Number(options.clip),
  finite: Number.isFinite(median) && Number.isFinite(p99),
});

/** Why there is no look to show. @param {State} state @param {Looks} looks @returns {Facts} */
export const unseen = (state, looks) => ({
  ...{ looked: looks.update.length > 0, run: state.run !== null, known: Boolean(state.run?.health) },
  ...{ checkpoint: state.target?.kind === "checkpoint", pretrained: presetInView(state)?.pretrained === true },
});
