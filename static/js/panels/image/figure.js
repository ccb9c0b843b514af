// An image that was read pixel by pixel, as a picture again: what the chosen step reads of it, and where the gradient
// of the loss arrives. Pure.

import { pixelOrder } from "../../draw/figures/pixel_order.js";
import { stepReadings } from "../step/selector.js";

/** Below this share of the largest norm a pixel counts as not reached (spec section 4). */
const REACH_SHARE = 1e-6;

/**
 * @typedef {{row: number, column: number}} Place
 * @typedef {Place & {weight: number}} Mark
 * @typedef {{rows: number, columns: number, order: number[], grey: Float32Array, credit: Float32Array, marks: Mark[],
 *   at: Place, empty: number}} ImageFigure by pixel, row by row: grey from 0 to 1; credit from 0 to 1 on a log scale,
 *   NaN where the gradient is exactly 0 or not finite; `marks` are the memories that the step reads, `empty` the weight
 *   of the empty one
 */

/** Whether a trace is of an image. @param {Trace} trace */
export const isImage = (trace) => trace.task.name === "pixels" && trace.task.shape?.length === 3;

/**
 * @param {Trace} trace of an image
 * @param {number} step the chosen one
 * @returns {ImageFigure}
 */
export function imageFigure(trace, step) {
  const [rows, columns] = trace.task.shape;
  const order = pixelOrder(rows * columns, trace.task.permuted);
  const place = (/** @type {number} */ at) => ({ row: Math.floor(order[at] / columns), column: order[at] % columns });
  const read = stepReadings(trace, step).filter(({ threshold }) => !threshold);
  return {
    rows,
    columns,
    order,
    grey: byPixel(order, (at) => greyOf(trace.inputs[at])),
    credit: byPixel(order, creditScale(trace.gradient_norm.sab ?? [])),
    marks: read
      .filter(({ source, weight }) => source >= 0 && weight > 0)
      .map(({ source, weight }) => ({ ...place(source), weight })),
    at: place(step),
    empty: read.find(({ source }) => source === -1)?.weight ?? 0,
  };
}

/** @param {number[]} order @param {(step: number) => number} value */
function byPixel(order, value) {
  const found = new Float32Array(order.length);
  order.forEach((pixel, step) => (found[pixel] = value(step)));
  return found;
}

/** Mean of the channels. @param {Value} input */
function greyOf(input) {
  const parts = Array.isArray(input) ? input.map(Number) : [Number(input)];
  return Math.min(Math.max(parts.reduce((sum, part) => sum + part, 0) / parts.length, 0), 1);
}

/**
 * From the reach of the largest norm (0) to itself (1), by powers of ten.
 * @param {Column} norm
 * @returns {(step: number) => number}
 */
function creditScale(norm) {
  const most = Math.max(...Array.from(norm).filter(Number.isFinite), 0);
  const decades = -Math.log10(REACH_SHARE);
  return (step) => {
    const value = norm[step];
    if (!Number.isFinite(value) || value <= 0 || most === 0) return NaN;
    return Math.max(1 + Math.log10(value / most) / decades, 0);
  };
}

/**
 * The step that reads a pixel.
 * @param {ImageFigure} figure @param {number} row @param {number} column
 */
export const stepAt = ({ order, columns }, row, column) => order.indexOf(row * columns + column);
