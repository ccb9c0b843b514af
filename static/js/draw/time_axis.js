// The one time axis that strip, arcs and gradients share: same left edge, same width, same span of steps. A step
// outside the span stands just beyond its edge, so that an arc to it leaves the picture on the right side.

import { NARROW_MARGIN, STEPS_BETWEEN_TICKS, TICK_EVERY_PX, WIDE_MARGIN } from "./look.js";

const NARROW_BELOW_PX = 560;
const BEYOND_PX = 6;

/**
 * Pixels of every step.
 * @param {number} width of the panel's drawing, px
 * @param {number} steps T, at least 1
 * @param {StepSpan} span steps shown, `to` not included
 * @returns {TimeAxis}
 */
export function timeAxis(width, steps, { from, to } = { from: 0, to: steps }) {
  const { left, right } = width < NARROW_BELOW_PX ? NARROW_MARGIN : WIDE_MARGIN;
  const cell = Math.max(width - left - right, 1) / (to - from);
  const clamp = (/** @type {number} */ px) =>
    Math.min(Math.max(px, left - BEYOND_PX), left + cell * (to - from) + BEYOND_PX);
  const has = (/** @type {number} */ step) => step >= from && step < to;
  return {
    width,
    left,
    right,
    steps,
    from,
    to,
    cell,
    has,
    x: (step) => (has(step) ? left + (step - from + 0.5) * cell : clamp(left + (step - from + 0.5) * cell)),
    stepAt(px) {
      const step = from + Math.floor((px - left) / cell);
      return has(step) ? step : null;
    },
    nearestStep: (px) => from + Math.min(Math.max(Math.floor((px - left) / cell), 0), to - from - 1),
    ticks: ticks(from, to, cell),
  };
}

/** @param {number} from @param {number} to @param {number} cell px */
function ticks(from, to, cell) {
  const every =
    STEPS_BETWEEN_TICKS.find((size) => size * cell >= TICK_EVERY_PX) ??
    STEPS_BETWEEN_TICKS[STEPS_BETWEEN_TICKS.length - 1];
  const first = Math.ceil(from / every);
  return Array.from({ length: Math.max(Math.ceil(to / every) - first, 0) }, (_, index) => (first + index) * every);
}
