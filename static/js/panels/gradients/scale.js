// The decades that the gradient panel shows, with lanes for exact zero and for what is not finite. Pure.

import { MOST_DECADES } from "../../draw/look.js";

/** @typedef {import("./figure.js").GradientScale} GradientScale */

const LANE = 0.13;

/**
 * Decades shown, with room for the lanes; a previous scale is kept while the data fit, so a live picture does not jump.
 * @param {Record<string, Column>} norms every drawn series
 * @param {GradientScale | null} previous
 * @param {[number, number] | null} locked decades that a person holds
 * @returns {GradientScale}
 */
export function gradientScale(norms, previous = null, locked = null) {
  let least = Infinity;
  let most = -Infinity;
  let broken = false;
  for (const value of Object.values(norms).flatMap((norm) => Array.from(norm))) {
    if (!Number.isFinite(value)) broken = true;
    else if (value > 0) [least, most] = [Math.min(least, value), Math.max(most, value)];
  }
  if (locked) return scaleOf(locked[0], locked[1], broken);
  if (most < 0) [least, most] = [0.1, 1];
  const high = Math.ceil(Math.log10(most) + 0.05);
  const low = Math.max(Math.min(Math.floor(Math.log10(least)), high - 1), high - MOST_DECADES);
  if (
    previous &&
    !broken &&
    low >= previous.low &&
    high <= previous.high &&
    low - previous.low + previous.high - high <= 3
  )
    return previous;
  return scaleOf(low, high, broken);
}

/**
 * @param {number} low decade @param {number} high decade
 * @param {boolean} broken whether a lane for non-finite numbers is needed @returns {GradientScale}
 */
function scaleOf(low, high, broken) {
  const lane = (high - low) * LANE;
  return {
    low,
    high,
    zero: low - lane * 1.1,
    nonfinite: high + lane * 0.7,
    range: [low - lane * 2, high + (broken ? lane * 1.4 : lane * 0.35)],
  };
}
