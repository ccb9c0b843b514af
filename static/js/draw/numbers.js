// Numbers as people read them. Exports do not round and do not use this file.

import { ALL, FIELDS, NO_CUT } from "../wire/contract.js";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** The exponent that superscripts say. @param {string} text "⁻³" */
export const fromSuperscripts = (text) =>
  Number([...text].map((sign) => (sign === "⁻" ? "-" : SUPERSCRIPTS.indexOf(sign))).join(""));

/**
 * A power of ten as text.
 * @param {number} exponent whole number
 */
export function powerOfTen(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/**
 * The least number of two digits that is not below a positive one: a bound that holds as it is written.
 * @param {number} value
 */
export function upward(value) {
  if (!(value > 0) || !Number.isFinite(value)) return value;
  const [digits, power] = value.toExponential(12).split("e");
  return Number(`${Math.ceil(Number(digits) * 10 - 1e-9)}e${Number(power) - 1}`);
}

/**
 * Six digits at most; zero, tiny and non-finite never look alike.
 * @param {number | null | undefined} value
 * @param {number} digits significant digits
 */
export function readable(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not finite";
  if (value === 0) return "0 exactly";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${mantissa}·${powerOfTen(Number(exponent))}`;
  }
  return String(Number(value.toPrecision(digits)));
}

/**
 * A whole number in groups of three, with commas, as the server's sentences write it (Python's `:,`). So stand counts
 * and updates; steps, knobs and measured values stand as they are typed, and files hold plain digits.
 * @param {number} value
 */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A whole part in groups of three, which a decimal point may end: "7,000", "7 000.5". */
const IN_GROUPS = /^[+-]?[1-9]\d{0,2}([,\s]\d{3})+(\.\d+)?$/;

/**
 * A number that `grouped` could have written, or one with spaces in place of its commas; null where a text is neither.
 * @param {string} text
 */
export function ungrouped(text) {
  const marks = new Set(text.match(/[,\s]/g));
  return IN_GROUPS.test(text) && marks.size === 1 ? Number(text.replace(/[,\s]/g, "")) : null;
}

/** "1.500", which is 1500 to some and 1.5 to others: the first of them, or null. @param {string} text */
export function pointedGroup(text) {
  return /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text) ? Number(text.replace(".", "")) : null;
}

/**
 * How many there are: "no cut", "1 cut", "12 cuts".
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
export function counted(number, one, many = `${one}s`) {
  return number === 0 ? `no ${one}` : `${grouped(number)} ${number === 1 ? one : many}`;
}

/** A name as it opens a sentence. @param {string} name */
export const opening = (name) => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * Intervals of steps, "36–40, 0".
 * @param {[number, number][] | undefined} intervals
 * @param {number} most told; of the rest only how many there are
 */
export function intervals(intervals, most = Infinity) {
  if (!intervals || intervals.length === 0) return "no step";
  const told = intervals.slice(0, most).map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  return `${told.join(", ")}${intervals.length > most ? ` and ${intervals.length - most} more` : ""}`;
}

/**
 * k_trunc as the page writes it: 0 means that nothing is cut.
 * @param {string} name
 * @param {number | string | null | undefined} value
 */
export function knobText(name, value) {
  if (value === null || value === undefined) return name === "k_trunc" ? NO_CUT : "–";
  if (name === "k_trunc" && value === 0) return NO_CUT;
  if (name === "k_top" && Number(value) >= FIELDS["model.k_top"].high) return ALL;
  return String(value);
}
