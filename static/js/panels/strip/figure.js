// The sequence strip as rows of cells: what the network read, what it should say, what it said, and the loss. Pure.

import { rightAt, symbol } from "../../wire/trace.js";

const LETTER_PX = 5.4;
/** Signs of the toy tasks; in a text they are characters like others. */
const SIGNS = /** @type {Map<string, "blank" | "marker">} */ (
  new Map([
    ["·", "blank"],
    ["▸", "marker"],
  ])
);

/**
 * @typedef {{step: number, text: string, kind: "symbol" | "blank" | "marker" | "value" | "none" | "wrong" | "right",
 *   level: number, marked: boolean}} StripCell
 * @typedef {{name: string, cells: StripCell[]}} StripRow
 */

/**
 * @param {Trace} trace
 * @param {number} cell width of a step, px
 * @returns {{rows: StripRow[], loss: number[], lossMax: number, letters: boolean}} loss bars as shares of the largest
 */
export function stripFigure(trace, cell) {
  const steps = Array.from({ length: trace.steps }, (_, step) => step);
  // A preview has none: what the network would answer is not known.
  const losses = trace.loss_T.length ? steps.map((step) => trace.loss_T[step]) : [];
  const lossMax = Math.max(...losses.filter(Number.isFinite), 0);
  return {
    rows: [
      { name: "input", cells: steps.map((step) => inputCell(trace, step)) },
      { name: "target", cells: steps.map((step) => plain(trace, step, trace.targets[step])) },
      { name: "says", cells: steps.map((step) => said(trace, step)) },
    ],
    loss: losses.map((loss) => (Number.isFinite(loss) && lossMax > 0 ? loss / lossMax : loss === 0 ? 0 : NaN)),
    lossMax,
    letters: cell >= LETTER_PX,
  };
}

/** @param {Trace} trace @param {number} step @returns {StripCell} */
function inputCell(trace, step) {
  const input = trace.inputs[step];
  if (!Array.isArray(input)) return plain(trace, step, input);
  const [value, mark] = input;
  return { step, text: "", kind: "value", level: Math.min(Math.max(Number(value), 0), 1), marked: mark === 1 };
}

/** @param {Trace} trace @param {number} step @param {Value | undefined} value @returns {StripCell} */
function plain(trace, step, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return { ...cellOf(step), kind: "none" };
  const text = symbol(trace, value);
  return { ...cellOf(step), text, kind: trace.task.name === "char" ? "symbol" : (SIGNS.get(text) ?? "symbol") };
}

/** @param {number} step */
const cellOf = (step) => ({ step, text: "", level: 0, marked: false });

/** @param {Trace} trace @param {number} step @returns {StripCell} */
function said(trace, step) {
  const target = trace.targets[step];
  const cell = plain(trace, step, target === null || target === undefined ? null : trace.predictions[step]);
  const right = rightAt(trace, step);
  if (cell.kind === "none" || right === null) return cell;
  if (right && cell.kind === "blank") return cell;
  return { ...cell, text: cell.text, kind: right ? "right" : "wrong" };
}
