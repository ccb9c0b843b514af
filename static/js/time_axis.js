// The one time axis that strip, arcs and gradients share: same left edge, same width, same steps.

const WIDE = { left: 58, right: 18 };
const NARROW = { left: 40, right: 10 };
const NARROW_BELOW_PX = 560;
const TICK_EVERY_PX = 56;
const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * Pixels of every step.
 * @param {number} width of the panel's drawing, px
 * @param {number} steps T, at least 1
 * @returns {TimeAxis}
 */
export function timeAxis(width, steps) {
  const { left, right } = width < NARROW_BELOW_PX ? NARROW : WIDE;
  const cell = Math.max(width - left - right, 1) / steps;
  return {
    width, left, right, steps, cell,
    x: (step) => left + (step + 0.5) * cell,
    stepAt(px) {
      const step = Math.floor((px - left) / cell);
      return step >= 0 && step < steps ? step : null;
    },
    nearestStep: (px) => Math.min(Math.max(Math.floor((px - left) / cell), 0), steps - 1),
    ticks: ticks(steps, cell),
  };
}

/** @param {number} steps @param {number} cell px */
function ticks(steps, cell) {
  const every = NICE.find((size) => size * cell >= TICK_EVERY_PX) ?? NICE[NICE.length - 1];
  return Array.from({ length: Math.ceil(steps / every) }, (_, index) => index * every);
}
