// What keys mean in a field for a number: arrows step it, ten times as far with Shift, Enter takes what was typed, and
// Esc brings the last good value back. Pure.

/** @typedef {import("./read.js").Wanted} Wanted */

const ARROWS = new Map(
  /** @type {[string, 1 | -1][]} */ ([
    ["ArrowUp", 1],
    ["ArrowDown", -1],
  ]),
);
const FAST = 10;
/** From 0 on a number without a step of its own begins so small a part of its range, and no larger than 0.1. */
const FIRST = 0.01;

/**
 * @param {Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">} event
 * @returns {{way: 1 | -1, fast: boolean} | "take" | "back" | null} null is a key that the field leaves alone
 */
export function meaningOf({ key, shiftKey, ctrlKey, metaKey, altKey, isComposing }) {
  if (ctrlKey || metaKey || altKey || isComposing) return null;
  const way = ARROWS.get(key);
  if (way) return { way, fast: shiftKey };
  return key === "Enter" ? "take" : key === "Escape" ? "back" : null;
}

/**
 * The number a step further, within the range. Whole numbers and those with a step of their own go by it; others by one
 * in their first digit, or to ten times as much.
 * @param {number} value @param {{way: 1 | -1, fast: boolean}} by @param {Wanted} wanted
 */
export function stepped(value, { way, fast }, wanted) {
  const step = wanted.step ?? (wanted.whole ? 1 : null);
  const next = step === null ? byDigit(value, way, fast, wanted.high) : value + way * step * (fast ? FAST : 1);
  const near = Math.min(Math.max(next, wanted.low), wanted.high);
  // What must be more than its bound stays where it is.
  return wanted.above && near <= wanted.low ? value : Number(near.toPrecision(12));
}

/** @param {number} value @param {1 | -1} way @param {boolean} fast @param {number} high */
function byDigit(value, way, fast, high) {
  if (value === 0) return way * Math.min(FIRST * high, 0.1) * (fast ? FAST : 1);
  if (fast) return way * value > 0 ? value * FAST : value / FAST;
  const size = 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-12);
  const shrinks = way * value < 0 && Math.abs(value) < size * 1.05;
  return value + (way * size) / (shrinks ? FAST : 1);
}
