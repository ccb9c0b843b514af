// What the gradient panel draws and how it names a number: as it is, or each rule divided by its own maximum. Pure.
// The numbers themselves are the trace's; nothing here hides that a scale per rule forbids comparing sizes.

import { ownName } from "../../draw/figures/methods.js";
import { powerOfTen, readable } from "../../draw/numbers.js";

/** A step counts as reached above this share of the largest norm (spec section 4). */
const REACH_SHARE = 1e-6;

/**
 * @typedef {{norms: Record<string, Column>, divisors: Record<string, number>, before: Column | null, since: number,
 *   own: string}} GradientView
 *   `before` is rule sab before arcs were knocked out; of rule sab nothing is drawn before step `since`;
 *   `own` is its name
 */

/** The norms that a state asks to see. @param {Trace} trace @param {boolean} cell */
export const normsOf = (trace, cell) => (cell ? trace.gradient_norm_cell : trace.gradient_norm);

/**
 * @param {Trace} trace
 * @param {{cell: boolean, each: boolean, before?: Trace | null, since?: number}} how
 * @returns {GradientView}
 */
export function gradientView(trace, { cell, each, before = null, since = 0 }) {
  const norms = normsOf(trace, cell);
  const divisors = Object.fromEntries(Object.entries(norms).map(([rule, norm]) => [rule, each ? largest(norm) : 1]));
  return { norms, divisors, before: before ? (normsOf(before, cell).sab ?? null) : null, since, own: ownName(trace) };
}

/** The largest finite norm, 1 where there is none above zero. @param {Column} norm */
function largest(norm) {
  const most = Math.max(...Array.from(norm).filter(Number.isFinite), 0);
  return most > 0 ? most : 1;
}

/** Every drawn series, for the range of the axis. @param {GradientView} view @returns {Record<string, Column>} */
export function drawnNorms({ norms, divisors, before }) {
  const drawn = Object.fromEntries(
    Object.entries(norms).map(([rule, norm]) => [rule, Array.from(norm, (value) => value / divisors[rule])]),
  );
  return before ? { ...drawn, before: Array.from(before, (value) => value / (divisors.sab ?? 1)) } : drawn;
}

/** The same without what a walk has not come to yet: what can be named beside its line. @param {GradientView} view */
export function namedNorms(view) {
  const drawn = drawnNorms(view);
  return view.since && drawn.sab
    ? { ...drawn, sab: Array.from(drawn.sab, (value, step) => (step < view.since ? NaN : value)) }
    : drawn;
}

/**
 * A norm in words: exact zero, not finite, and off the axis are named.
 * @param {number} value
 * @param {{low: number, high: number}} scale decades of the axis
 * @param {number} divisor
 * @param {number} digits
 */
export function normText(value, scale, divisor = 1, digits = 6) {
  if (!Number.isFinite(value) || value === 0) return readable(value);
  const log = Math.log10(value / divisor);
  const off = log < scale.low ? ", below the axis" : log > scale.high ? ", above the axis" : "";
  return `${readable(value, digits)}${off}`;
}

/**
 * What is special about a norm, by its own rule: null when nothing is.
 * @param {number} value
 * @param {(number | string | null)[]} column all norms of the rule
 */
export function normKind(value, column) {
  if (!Number.isFinite(value)) return "not finite";
  if (value === 0) return "0 exactly";
  const most = Math.max(...column.map((one) => (typeof one === "number" && Number.isFinite(one) ? one : 0)));
  return value <= REACH_SHARE * most ? `${value}, out of reach` : null;
}

/**
 * What the scale is, for the head of the panel.
 * @param {{low: number, high: number}} scale
 * @param {{each: boolean, locked: boolean}} how
 */
export function scaleText({ low, high }, { each, locked }) {
  const range = `${powerOfTen(low)} … ${powerOfTen(high)}`;
  if (each) return `each rule ÷ its own maximum, log axis ${range}: sizes of rules cannot be compared`;
  return `one log axis for all rules, ${range}${locked ? ", locked" : ""}`;
}
