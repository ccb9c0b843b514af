// The health of a network in words: what each number means, and what helps where it is bad. Each sentence is chosen by
// the value alone and by the options in force; what they are and where they come from is in docs/verdict.md. Pure.

import { LOOK_EVERY } from "../../wire/contract.js";

/** Shares from which the scorer counts as saturated, and attention as dead. */
export const SATURATED = 0.9;
export const DEAD = 0.5;
/** From here on saturated units are worth a word; networks that learned have up to nine tenths of them. */
export const COMMON = 0.3;
/** The recurrent part of h alone is at most 1. */
export const BOUND = 1;
export const LARGE = 100;
/** ‖update‖ ÷ ‖weight‖ between these is nothing to speak of. */
export const STILL = 1e-5;
export const HIGH = 0.01;
/** The 99th percentile beyond so many medians is called a spike. */
export const SPIKE = 10;

/**
 * @typedef {{reads: boolean, release: boolean, softmax: boolean, updated: boolean, stuck: boolean, floor: boolean,
 *   slowScorer: boolean, clipped: boolean, decays: boolean}} Options what is known beside the number: whether memories
 *   are read, the variant and the normalizer, whether there was an update, whether nothing gets better, what already
 *   protects, and whether the rate falls at the end
 * @typedef {{text: string, trouble: boolean}} Said
 */

const fine = (/** @type {string} */ text) => ({ text, trouble: false });
const bad = (/** @type {string} */ text) => ({ text, trouble: true });

const NO_MEMORY = "No memory is read, so there is no scorer and no reader.";
const NOTHING_READ = "Nothing measured: no step had a memory to read.";
const NO_UPDATE = "Nothing measured yet: no update so far.";

/** Why a share is not there; `special` is what this network lacks. @param {boolean} reads @param {string} special */
const missing = (reads, special = "") => fine(reads ? special || NOTHING_READ : NO_MEMORY);

/** @type {(value: number, options: Options) => Said} */
export function saturated(value, { reads, release, stuck, slowScorer }) {
  if (Number.isNaN(value)) return missing(reads, release ? "The release variant's scorer has no tanh units." : "");
  if (value >= SATURATED && stuck)
    return bad(
      "Beyond ±0.99 tanh passes on little gradient, and nothing gets better: " +
        (slowScorer ? "another seed may do better." : "train with scorer_rate 0.3."),
    );
  if (value >= SATURATED) return fine("Beyond ±0.99. So many are no fault while the network gets better.");
  if (value >= COMMON) return fine("Beyond ±0.99; 30 to 90 % is common in networks that learned.");
  return fine("Beyond ±0.99, where tanh passes on little gradient.");
}

/** @type {(value: number, options: Options) => Said} */
export function dead(value, { reads, floor }) {
  if (Number.isNaN(value)) return missing(reads);
  if (value === 0) return fine("Every step that reads has a weight that is not 0.");
  const what = "All weights of these steps are exactly 0, so no gradient comes through them";
  if (value < DEAD) return fine(`${what}.`);
  return bad(`${what}: ${floor ? "another seed may do better." : "train with sum_floor 0.1."}`);
}

/** @type {(value: number, options: Options) => Said} */
export function nearTied(value, { reads, release, softmax, floor }) {
  const lacks = softmax ? "Softmax has no Σr." : release ? "Not measured for the release variant." : "";
  if (Number.isNaN(value)) return missing(reads, lacks);
  if (value === 0) return fine("No Σr is below 10⁻⁴ of the range of its scores.");
  return fine(
    "Σr below 10⁻⁴ of the range of the scores amplifies rounding in the gradient; " +
      (floor ? "sum_floor bounds that." : "sum_floor 0.1 bounds that."),
  );
}

/** @type {(value: number, options: Options) => Said} */
export function largestState(value, { reads }) {
  if (!Number.isFinite(value)) return bad("Not finite: lower learning_rate.");
  if (value <= BOUND) return fine("Of any unit at any step; without attention it is at most 1.");
  const hops = reads ? "At most 1 without attention; each hop adds to it." : "Above 1.";
  return fine(value > LARGE ? `${hops} If it keeps growing, lower learning_rate.` : hops);
}

/** @type {(value: number, options: Options, scorer?: boolean) => Said} */
export function moved(value, { reads, updated, decays }, scorer = false) {
  if (Number.isNaN(value))
    return fine(scorer && !reads ? NO_MEMORY : updated ? "Not finite, or not in use." : NO_UPDATE);
  if (value > HIGH) return fine("‖update‖ ÷ ‖weight‖ above 0.01: a high rate. If it stays, lower learning_rate.");
  if (value < STILL)
    return fine(
      decays
        ? "‖update‖ ÷ ‖weight‖: hardly anything moves; the rate falls at the end."
        : "‖update‖ ÷ ‖weight‖: hardly anything moves any more.",
    );
  return fine("‖update‖ ÷ ‖weight‖ of the last update; about 0.001 is usual.");
}

/** @type {(median: number, p99: number, options: Options) => Said} */
export function norm(median, p99, { updated, clipped }) {
  if (Number.isNaN(median) && !updated) return fine(NO_UPDATE);
  if (!Number.isFinite(median) || !Number.isFinite(p99)) return bad("Not finite: lower learning_rate.");
  if (p99 > SPIKE * median)
    return fine(
      "Spikes: p99 is far above the median; " +
        (clipped ? "clip_norm bounds them." : "clip_norm 0.5 would bound them."),
    );
  return fine(`${clipped ? "Before clipping" : "Nothing is clipped"}; over the last ${LOOK_EVERY} updates.`);
}
