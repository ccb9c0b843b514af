// What a person typed for a number: the number, or why it is none. A comma and a point both open decimals, groups of
// three may be as the page writes them, and what can be read in two ways that both fit is refused. Pure.

import { fromSuperscripts, pointedGroup, ungrouped } from "../../draw/numbers.js";

/**
 * @typedef {{name: string, low: number, high: number, whole: boolean, remedy: string, above?: boolean, unit?: string,
 *   step?: number, empty?: boolean, words?: Readonly<Record<string, number | null>>}} Wanted
 *   what fits a field; `above` leaves `low` itself out, `step` is that of an arrow key, `empty` lets nothing stand
 *   there, `words` are those that say a number, or nothing
 * @typedef {{field: string, value: string, number: number | null, range: string, remedy: string}} Refusal
 *   `number` is one that was read and does not fit
 * @typedef {{value: number | null, refusal: null} | {value: null, refusal: Refusal}} Reading
 */

const PLAIN = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;
/** As the page writes what is tiny or huge: 1.83·10⁻⁴. */
const POWER = /^([+-]?\d+(?:[.,]\d+)?)\s?[·×]\s?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/;
/** So much of a text is said again. */
const MOST_LETTERS = 40;

/**
 * @param {string} text @param {Wanted} wanted
 * @returns {Reading}
 */
export function readNumber(text, wanted) {
  const plain = text.trim().replace(/^[−–]/, "-");
  if (plain === "" && wanted.empty) return { value: null, refusal: null };
  const word = plain.toLowerCase();
  if (wanted.words && Object.hasOwn(wanted.words, word)) return { value: wanted.words[word], refusal: null };
  const numbers = readingsOf(plain, wanted.whole);
  const fitting = numbers.filter((one) => fits(one, wanted));
  if (fitting.length === 1) return { value: fitting[0], refusal: null };
  return { value: null, refusal: refuse(text.trim(), numbers, fitting, wanted) };
}

/** The numbers that a text may be; the usual reading stands last. @param {string} text @param {boolean} whole */
function readingsOf(text, whole) {
  const [, digits, power] = POWER.exec(text) ?? [];
  if (digits) return [Number(`${pointed(digits)}e${fromSuperscripts(power)}`)];
  const groups = ungrouped(text);
  const one = PLAIN.test(text) ? Number(pointed(text)) : null;
  if (groups !== null) return one === null || whole ? [groups] : [groups, one];
  const german = whole ? pointedGroup(text) : null;
  // −0 is 0.
  return one === null ? [] : german === null ? [one || 0] : [german, one];
}

/** @param {string} text */
const pointed = (text) => text.replace(",", ".");

/** Whether a number may stand in a field. @param {number} value @param {Wanted} wanted */
export const fits = (value, { low, high, above, whole }) =>
  Number.isFinite(value) &&
  (above ? value > low : value >= low) &&
  value <= high &&
  (!whole || Number.isInteger(value));

/** What a field takes, in the server's words (app/wire/errors.py). @param {Wanted} wanted */
export const rangeWords = ({ low, high, above, unit, whole }) =>
  `${above ? "more than " : ""}${low} … ${high}${unit ? ` ${unit}` : ""}, ${whole ? "whole number" : "number"}`;

/**
 * @param {string} text @param {number[]} numbers it may be @param {number[]} fitting those of them that fit
 * @param {Wanted} wanted
 * @returns {Refusal}
 */
function refuse(text, numbers, fitting, wanted) {
  const value = text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text;
  const decimals = wanted.step ? "write digits, as 3.25 or 3,25" : "write digits, as 0.005, 0,005 or 1e-3";
  const spelling = wanted.whole ? "write digits, as 7 or 7,000" : decimals;
  const ways = fitting.length > 1 ? `write ${fitting.join(" or ")}, for it can be read as both` : "";
  return {
    field: wanted.name,
    value,
    number: numbers.length === 1 && Number.isFinite(numbers[0]) ? numbers[0] : null,
    range: rangeWords(wanted),
    remedy: ways || (numbers.length || value === "" ? wanted.remedy : `${spelling}; ${wanted.remedy}`),
  };
}

/** The sentence of a refusal. @param {Pick<Refusal, "field" | "value" | "range" | "remedy">} refusal */
export const refusalWords = ({ field, value, range, remedy }) =>
  `${field} = ${value.trim() || "nothing"}: ${range}; ${remedy}`;
