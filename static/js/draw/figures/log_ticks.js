// Ticks of a logarithmic axis that never collide: the finest of a few series whose labels have room. Pure.

import { powerOfTen } from "../numbers.js";

/** Metrics whose axis is plain unless somebody wants another: shares, and bits, which no power of ten separates. */
export const PLAIN = new Set(["accuracy", "bpc"]);

/** Between the middles of two labels. */
const ROOM_PX = 17;
const LEAST_PLAIN = 0.001;
const MOST_PLAIN = 9999;
/** Numbers of each power of ten, the finest series first; beyond them whole powers, ever fewer. */
const SERIES = [[1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/**
 * @param {[low: number, high: number]} range powers of ten
 * @param {number} px length of the axis
 * @returns {{tickvals: number[], ticktext: string[]}}
 */
export function logTicks([low, high], px) {
  const perPower = Math.max(px, 1) / (high - low);
  const inside = (/** @type {number} */ place) => place >= low && place <= high;
  const powers = (/** @type {number} */ stride) => {
    const first = Math.ceil(low / stride) * stride;
    return Array.from(
      { length: Math.max(Math.floor((high - first) / stride) + 1, 0) },
      (_, index) => first + index * stride,
    );
  };
  const decades = Array.from({ length: Math.floor(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  for (const series of SERIES) {
    const values = decades
      .flatMap((power) => series.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => inside(Math.log10(value)));
    if (roomy(values.map(Math.log10), perPower)) return labelled(values);
  }
  return labelled(powers(Math.max(Math.ceil(ROOM_PX / perPower), 2)).map((power) => Number(`1e${power}`)));
}

/** @param {number[]} places rising @param {number} perPower px */
const roomy = (places, perPower) =>
  places.every((place, index) => index === 0 || (place - places[index - 1]) * perPower >= ROOM_PX);

/** @param {number[]} values */
const labelled = (values) => ({ tickvals: values, ticktext: values.map(label) });

/** Short, and never rounded. @param {number} value */
function label(value) {
  if (value >= LEAST_PLAIN && value <= MOST_PLAIN) return String(value);
  const [digits, power] = value.toExponential().split("e");
  return digits === "1" ? powerOfTen(Number(power)) : `${digits}·${powerOfTen(Number(power))}`;
}

/**
 * The range of an axis around some numbers: all that are positive and finite, and a little room.
 * @param {...number[]} columns
 * @returns {[low: number, high: number]} powers of ten
 */
export function logRange(...columns) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of columns.flat()) {
    if (!(value > 0) || value === Infinity) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  if (low > high) return [-1, 1];
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const rest = Math.max((to - from) * 0.06, 0.05);
  return [from - rest, to + rest];
}
