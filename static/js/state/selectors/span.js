// Which steps of a long sequence are shown in detail; the overview shows all. Pure.

/** Sequences longer than this get an overview, and panels that show a span of them, in steps. */
export const LONG = 200;
/** So many have room for their letters on a screen of 1280 px. */
const DETAIL = 120;
const PAGE = DETAIL / 2;
const LEAST = 20;

/**
 * The span a person chose; else one around the chosen step that moves by half its width, so that a click inside it
 * does not pull it away.
 * @param {StepSpan | null} wanted
 * @param {number | null} step the chosen one
 * @param {number} steps T
 * @returns {StepSpan}
 */
export function stepSpan(wanted, step, steps) {
  if (steps <= LONG) return { from: 0, to: steps };
  if (wanted) return fitted(wanted.from, wanted.to - wanted.from, steps);
  return fitted((Math.floor((step ?? steps - 1) / PAGE) - 1) * PAGE, DETAIL, steps);
}

/**
 * A span of that many steps, moved until it lies inside the sequence.
 * @param {number} from @param {number} size @param {number} steps
 * @returns {StepSpan}
 */
export function fitted(from, size, steps) {
  const whole = Math.min(Math.max(Math.round(size), LEAST), steps);
  const start = Math.min(Math.max(Math.round(from), 0), steps - whole);
  return { from: start, to: start + whole };
}

/**
 * What a key does to the span, or null when it is not one of its keys.
 * @param {string} key @param {StepSpan} span @param {number} steps
 * @returns {StepSpan | null}
 */
export function spanKey(key, { from, to }, steps) {
  const size = to - from;
  const moves = { ArrowLeft: -10, ArrowRight: 10, PageUp: -PAGE, PageDown: PAGE, Home: -steps, End: steps };
  if (key in moves) return fitted(from + moves[/** @type {keyof typeof moves} */ (key)], size, steps);
  if (key === "+" || key === "=") return fitted(from + size / 4, size / 2, steps);
  if (key === "-") return fitted(from - size / 2, size * 2, steps);
  return null;
}
