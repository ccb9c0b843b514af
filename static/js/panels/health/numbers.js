// The numbers of the health panel as people read them. Pure.

import { readable } from "../../draw/numbers.js";

const LEAST_PLAIN = 1e-5;
const MOST_PLAIN = 1e5;

/** What is not all is not said to be, nor what is not nothing. @param {number} value 0 to 1 */
export function percent(value) {
  if (Number.isNaN(value)) return "–";
  if (value === 0 || value === 1) return `${100 * value} %`;
  if (value < 0.001) return "< 0.1 %";
  const digits = value < 0.1 ? 1 : 0;
  return `${Math.min(100 * value, 99).toFixed(digits)} %`;
}

/** Two digits that count. @param {number} value @param {number} digits */
export function plain(value, digits = 2) {
  if (Number.isNaN(value)) return "–";
  if (value === Infinity) return "∞";
  if (value === 0) return "0";
  if (value < LEAST_PLAIN || value >= MOST_PLAIN) return readable(value, digits);
  return String(Number(value.toPrecision(digits)));
}
