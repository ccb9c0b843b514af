// The one reader of traces: the bytes that a worker packed, from the stream or as an answer, as the form the page works
// with.
// That form is the contract's, with NaN where a number is not finite.

import { decode } from "./codec.js";
import { DEFAULT_SHARE } from "./contract.js";
import { unpack } from "./packing.js";

const EDGE_KINDS = /** @type {const} */ (["local", "skip"]);

/**
 * @param {Wire.SnapshotFrame | Wire.TraceFrame} frame
 * @returns {Trace}
 */
export function traceOf(frame) {
  const { preset = null, checkpoint = null } = "preset" in frame ? frame : {};
  const packed = /** @type {Wire.PackedTrace} */ (decode(frame.trace));
  return { ...fromPacked(packed), run: frame.run, preset, checkpoint };
}

/**
 * What is named `Late` may be missing in a trace that was stored before it was measured.
 * @typedef {"task" | "hits" | "hit_rate" | "knocked_out" | "nonfinite" | "paths_hidden" | "share" | "skip_credit" |
 *   "loss"} Late
 * @typedef {Omit<Wire.PackedTrace, Late | "gradient_norm_cell">
 *   & Partial<Pick<Wire.PackedTrace, Late | "gradient_norm_cell">>} Packed
 * @param {Packed} packed
 * @returns {Trace}
 */
export function fromPacked({ format: _, ...packed }) {
  const { attention, edges, paths } = unpack(packed);
  return { ...LATE, ...packed, attention, paths, edges: listed(edges) };
}

const LATE = {
  task: /** @type {Wire.TraceTask} */ ({}),
  hits: {},
  hit_rate: null,
  knocked_out: [],
  nonfinite: 0,
  paths_hidden: 0,
  share: DEFAULT_SHARE,
  skip_credit: null,
  loss: null,
  gradient_norm_cell: {},
};

/** @param {import("./packing.js").EdgeColumns} columns @returns {Edge[]} */
function listed({ kind, reader, source, credit, credit_hidden, credit_cell, weight, chosen }) {
  return Array.from(kind, (code, index) => {
    const skip = EDGE_KINDS[code] === "skip";
    return {
      kind: EDGE_KINDS[code],
      reader: reader[index],
      source: source[index],
      credit: credit[index],
      credit_hidden: skip ? NaN : credit_hidden[index],
      credit_cell: skip ? NaN : credit_cell[index],
      weight: skip ? weight[index] : NaN,
      chosen: Boolean(chosen[index]),
    };
  });
}

/**
 * Weights read at one step, largest first; those that are not finite stand last.
 * @param {Trace} trace
 * @param {number} reader
 * @returns {{source: number, weight: number}[]} source −1 is the empty memory
 */
export function readingsOf(trace, reader) {
  const { reader: readers, source, weight } = trace.attention;
  const found = [];
  for (let index = 0; index < readers.length; index += 1) {
    if (readers[index] === reader) found.push({ source: source[index], weight: weight[index] });
  }
  return found.sort((a, b) => ranked(b.weight) - ranked(a.weight));
}

/** What is not finite is no order. @param {number} weight */
const ranked = (weight) => (Number.isFinite(weight) ? weight : -Number.MAX_VALUE);

/**
 * Display name of a symbol, or the number itself; a dash where there is nothing.
 * @param {Trace} trace
 * @param {Value | undefined} value entry of inputs, targets or predictions
 * @returns {string}
 */
export function symbol(trace, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Array.isArray(value)) return value.map((part) => short(part)).join(" ");
  return (Number.isInteger(value) ? trace.task.symbols?.[value] : undefined) ?? short(value);
}

/**
 * Steps that ask for a symbol whose place in the sequence is known; a sum is no symbol, be it a whole number.
 * @param {Trace} trace
 */
export const answersOf = (trace) => (ofSymbols(trace) ? Object.keys(trace.true_sources).map(Number) : []);

/** A trace of before the task was told is of symbols. @param {Pick<Trace, "task">} trace */
const ofSymbols = ({ task }) => task.symbols === undefined || task.symbols.length > 0;

/**
 * Whether a step says the symbol that it should; null where there is none to say.
 * @param {Trace} trace @param {number} step
 */
export function rightAt(trace, step) {
  const target = trace.targets[step] ?? null;
  const said = trace.predictions[step] ?? null;
  return target === null || said === null || !ofSymbols(trace) ? null : said === target;
}

/** Which sequence a trace is of. @param {Trace} trace */
export const sequenceName = (trace) => (trace.own ? "your own input" : `example ${trace.example}`);

/** @param {number} value */
const short = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
