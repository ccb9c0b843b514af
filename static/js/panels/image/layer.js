// Draws an image and what lies over it: pixels on a canvas of one dot each, outlines as SVG in units of pixels.

import { svg } from "../../draw/layers/dom.js";
import { TABLE_SIZE, weightTable } from "../../draw/colours.js";

/** Thinnest and thickest outline of a memory, px: the weight lies between. */
const [THIN, THICK] = [1.25, 3.5];

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{rows: number, columns: number}} size
 * @param {(pixel: number) => [number, number, number, number]} colour RGBA, 0 to 255
 */
export function fill(canvas, { rows, columns }, colour) {
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const dots = brush.createImageData(columns, rows);
  for (let pixel = 0; pixel < rows * columns; pixel += 1) dots.data.set(colour(pixel), 4 * pixel);
  brush.putImageData(dots, 0, 0);
}

/**
 * The image as it was read: ink on the panel's own ground, in either theme.
 * @param {HTMLCanvasElement} canvas @param {import("./figure.js").ImageFigure} figure @param {boolean} dark
 */
export function fillImage(canvas, figure, dark) {
  fill(canvas, figure, (pixel) => {
    const level = Math.round(255 * (dark ? figure.grey[pixel] : 1 - figure.grey[pixel]));
    return [level, level, level, 255];
  });
}

/**
 * Where gradient arrives; a pixel without any has no colour.
 * @param {HTMLCanvasElement} canvas @param {import("./figure.js").ImageFigure} figure @param {boolean} dark
 */
export function fillCredit(canvas, figure, dark) {
  const table = weightTable(dark);
  fill(canvas, figure, (pixel) => {
    const level = figure.credit[pixel];
    if (Number.isNaN(level)) return [0, 0, 0, 0];
    const at = 3 * Math.round(level * (TABLE_SIZE - 1));
    return [table[at], table[at + 1], table[at + 2], 255];
  });
}

/**
 * Outlines over either picture.
 * @param {import("./figure.js").ImageFigure} figure
 * @returns {SVGElement[]}
 */
export function outlines({ marks, at }) {
  const box = (
    /** @type {string} */ kind,
    /** @type {import("./figure.js").Place} */ place,
    /** @type {number} */ width,
  ) =>
    svg("rect", {
      class: kind,
      x: place.column + 0.06,
      y: place.row + 0.06,
      width: 0.88,
      height: 0.88,
      "stroke-width": width.toFixed(2),
    });
  return [
    ...marks.map((mark) => box("read", mark, THIN + (THICK - THIN) * Math.min(mark.weight, 1))),
    box("here", at, THIN),
  ];
}
