// From figures to places and colours: linear, or logarithmic where losses spread over powers of ten. Pure.

import { weightTable } from "../../draw/colours.js";
import { readable } from "../../draw/numbers.js";
import { logTicks } from "../../draw/figures/log_ticks.js";

/** A loss that spreads over more than that many times its least is read by its powers of ten. */
const WIDE = 50;
/** The luminance on which dark and light letters can be read equally well. */
const EVEN = 0.2;

/**
 * @typedef {{low: number, high: number, log: boolean, better: "higher" | "lower",
 *   share: (value: number) => number}} Scale `share` is 0 at low and 1 at high
 */

/** A number in a picture: short, and zero is no long word. @param {number} value */
export const short = (value) => (value === 0 ? "0" : readable(value, 3));

/**
 * @param {readonly number[]} values all that are to have a place @param {Results.Metric} metric
 * @returns {Scale}
 */
export function scaleOf(values, { name, better }) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) [low, high] = [0, 1];
  if (name === "accuracy" || name === "learned") [low, high] = [Math.min(low, 0), Math.max(high, 1)];
  const log = better === "lower" && low > 0 && high > low * WIDE;
  const unit = log ? Math.log10 : (/** @type {number} */ value) => value;
  const [from, to] = [unit(low), unit(high)];
  return { low, high, log, better, share: (value) => (to > from ? (unit(value) - from) / (to - from) : 0.5) };
}

/** Round numbers along a scale. @param {Scale} scale @param {number} px its length
 * @returns {{value: number, text: string}[]} */
export function ticksOf({ low, high, log }, px) {
  if (low === high) return [{ value: low, text: short(low) }];
  if (log) {
    const { tickvals, ticktext } = logTicks([Math.log10(low), Math.log10(high)], px);
    return tickvals.map((value, place) => ({ value, text: ticktext[place] }));
  }
  const most = Math.max(Math.floor(px / 44), 1);
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((digit) => digit * power >= rough) ?? 10);
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => {
    const value = Number(((first + index) * step).toPrecision(12));
    return { value, text: short(value) };
  });
}

/**
 * Colours by figure: what is better is always deeper in the light theme, and brighter in the dark one.
 * @param {Scale} scale @param {Pick<Results.Look, "dark" | "text" | "panel">} look
 * @returns {(value: number) => {fill: string, ink: string}} the colour, and one that can be read on it
 */
export function coloursOf({ share, better }, { dark, text, panel }) {
  const table = weightTable(dark);
  const [black, white] = dark ? [panel, text] : [text, panel];
  return (value) => {
    const place = better === "higher" ? share(value) : 1 - share(value);
    const at = Math.round(Math.min(Math.max(place, 0), 1) * 255) * 3;
    const [red, green, blue] = [table[at], table[at + 1], table[at + 2]];
    const ink = luminance(red, green, blue) > EVEN ? black : white;
    return { fill: `rgb(${red},${green},${blue})`, ink };
  };
}

/** Of sRGB, as WCAG counts it. @param {...number} parts 0 to 255 */
function luminance(...parts) {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
