// Sequences of one's own for the tasks of data: a text as it is typed, an image as it is drawn. Pure.

import { counted } from "../../../draw/numbers.js";
import { pixelOrder } from "../../../draw/figures/pixel_order.js";
import { good, tooMany, wrong } from "./saying.js";

/** Fewest characters of a text: there must be one to say. */
const SHORTEST = 2;
/** A drawing is written with a digit a pixel, row by row: how bright it is, from 0 to f. */
const BRIGHTEST = 15;

/** @typedef {import("./input.js").Task} Task */

/** A text; which characters a network knows is the server's to say. */
export const TEXTS = {
  example: "To be, or not to be",
  /** @param {Task} task */
  hint: ({ T }) => `a text of ${SHORTEST} to ${T} characters`,
  /** @param {string} text @param {Task} task */
  read(text, { T }) {
    const length = [...text].length;
    if (length >= SHORTEST && length <= T) return good(text);
    return wrong(text, `a text of ${SHORTEST} to ${T} characters`, tooMany(length, length < SHORTEST ? SHORTEST : T));
  },
};

export const IMAGES = {
  hint: "draw with the pointer, or with arrow keys and space",
  /** @param {string} text @param {Task} task */
  read(text, { T, permuted }) {
    const range = `${counted(T, "pixel")}, each a digit from 0 to f`;
    const levels = [...text.toLowerCase()].map((digit) => Number.parseInt(digit, BRIGHTEST + 1));
    if (levels.length !== T) return wrong(text, range, tooMany(levels.length, T));
    const bad = levels.findIndex(Number.isNaN);
    if (bad >= 0) return wrong(text, range, `“${text[bad]}” is none: write a digit from 0 to f there`);
    return good(pixelOrder(T, permuted).map((pixel) => [levels[pixel] / BRIGHTEST]));
  },
};

/**
 * A drawing with one pixel brought to a level.
 * @param {string} drawn @param {number} pixel @param {number} level 0 to 1
 */
export function painted(drawn, pixel, level) {
  const digit = Math.round(Math.min(Math.max(level, 0), 1) * BRIGHTEST).toString(BRIGHTEST + 1);
  return drawn.slice(0, pixel) + digit + drawn.slice(pixel + 1);
}

/** How bright each pixel of a drawing is, 0 to 1. @param {string} drawn */
export const levelsOf = (drawn) => [...drawn].map((digit) => Number.parseInt(digit, BRIGHTEST + 1) / BRIGHTEST);

/** A drawing without ink. @param {number} pixels */
export const blank = (pixels) => "0".repeat(pixels);

/** An image in view as a drawing, to be changed from there. @param {ArrayLike<number>} grey by pixel, 0 to 1 */
export const drawingOf = (grey) =>
  Array.from(grey).reduce((drawn, level, pixel) => painted(drawn, pixel, level), blank(grey.length));
