// Colours of attention weights: viridis, cut so that every live cell stands off the panel. Pure tables.
// Light theme: pale green (small) to deep violet (1). Dark theme: blue-green (small) to yellow (1). 0 has no colour.

import { DARK_CUT, LIGHT_CUT, PALE_BELOW, PALEST, SMALL_LOUDER, VIRIDIS } from "./look.js";

export const TABLE_SIZE = 256;

/**
 * RGB of weight index / 255.
 * @param {boolean} dark
 * @returns {Uint8Array} 256 × 3
 */
export function weightTable(dark) {
  const [from, to] = dark ? DARK_CUT : LIGHT_CUT;
  const table = new Uint8Array(TABLE_SIZE * 3);
  for (let index = 0; index < TABLE_SIZE; index += 1) {
    const weight = index / (TABLE_SIZE - 1);
    const white = dark ? 0 : PALEST * Math.max(1 - weight / PALE_BELOW, 0);
    table.set(
      viridis(from + (to - from) * weight).map((part) => Math.round(part + (255 - part) * white)),
      index * 3,
    );
  }
  return table;
}

/**
 * A scale centred on 0: from one colour over the panel's own to another, so that no difference has no colour.
 * @param {string} less
 * @param {string} middle
 * @param {string} more
 * @returns {Uint8Array} 256 × 3
 */
export function signedTable(less, middle, more) {
  const [low, mid, high] = [less, middle, more].map(channels);
  const table = new Uint8Array(TABLE_SIZE * 3);
  for (let index = 0; index < TABLE_SIZE; index += 1) {
    const value = (2 * index) / (TABLE_SIZE - 1) - 1;
    const end = value < 0 ? low : high;
    table.set(
      mid.map((part, channel) => Math.round(part + (end[channel] - part) * Math.abs(value) ** SMALL_LOUDER)),
      index * 3,
    );
  }
  return table;
}

/** @param {string} colour #rgb or #rrggbb */
function channels(colour) {
  const digits = colour.slice(1);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
}

/**
 * A table as a Plotly colour scale of 17 stops.
 * @param {Uint8Array} table 256 × 3
 * @returns {[number, string][]}
 */
export function tableScale(table) {
  return Array.from({ length: 17 }, (_, stop) => {
    const index = Math.round((stop * (TABLE_SIZE - 1)) / 16) * 3;
    return [stop / 16, `rgb(${table[index]},${table[index + 1]},${table[index + 2]})`];
  });
}

/** @param {number} position 0 to 1 */
function viridis(position) {
  const place = Math.min(Math.max(position, 0), 1) * (VIRIDIS.length - 1);
  const low = Math.min(Math.floor(place), VIRIDIS.length - 2);
  return VIRIDIS[low].map((from, channel) => Math.round(from + (VIRIDIS[low + 1][channel] - from) * (place - low)));
}
