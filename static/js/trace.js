// A trace in its dresses: columns of the stream, JSON of the API, and the one form the page works with.
// The page's form is the contract's, with NaN where JSON has null. Deliberately not here: what is shown of it.

import { unpack } from "./packing.js";

const EDGE_KINDS = /** @type {const} */ (["local", "skip"]);
const LISTS = ["loss_T", "memories", "cuts"];

/** @param {any} value @returns {number} null as NaN */
const number = (value) => (value === null || value === undefined ? NaN : value);

/** @param {any} column @returns {Column} */
const column = (column) => (ArrayBuffer.isView(column) ? /** @type {any} */ (column) : (column ?? []).map(number));

/** @param {any} table @returns {Record<string, Column>} */
const columns = (table) => Object.fromEntries(Object.entries(table ?? {}).map(([key, part]) => [key, column(part)]));

/**
 * The trace from the API's JSON.
 * @param {any} json
 * @returns {Trace}
 */
export function fromJson(json) {
  const trace = shared(json);
  trace.edges = json.edges.map((/** @type {any} */ edge) => ({
    kind: edge.kind,
    reader: edge.reader,
    source: edge.source,
    credit: number(edge.credit),
    credit_hidden: number(edge.credit_hidden),
    credit_cell: number(edge.credit_cell),
    weight: number(edge.weight),
    chosen: edge.chosen ?? true,
  }));
  return trace;
}

/**
 * The trace from the columns of a snapshot frame.
 * @param {any} packed `data` of the frame; the frame itself may bring run and update
 * @returns {Trace}
 */
export function fromColumns(packed) {
  const data = unpack(packed);
  const trace = shared(data);
  const { kind, reader, source, credit, credit_hidden, credit_cell, weight, chosen } = data.edges;
  trace.edges = Array.from(kind, (code, index) => {
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
  return trace;
}

/** @param {any} raw @returns {Trace} */
function shared(raw) {
  const trace = {
    task: {}, hits: {}, hit_rate: null, knocked_out: [], nonfinite: 0, paths_hidden: 0, share: 0.95,
    skip_credit: null, loss: null, ...raw,
  };
  for (const key of LISTS) trace[key] = column(raw[key]);
  trace.attention = { score: [], ...columns(raw.attention) };
  trace.gradient_norm = columns(raw.gradient_norm);
  trace.gradient_norm_cell = columns(raw.gradient_norm_cell);
  return trace;
}

/**
 * Weights read at one step, largest first.
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
  return found.sort((a, b) => b.weight - a.weight);
}

/**
 * Display name of a symbol, or the number itself; a dash where there is nothing.
 * @param {Trace} trace
 * @param {any} value entry of inputs, targets or predictions
 * @returns {string}
 */
export function symbol(trace, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const names = trace.task.symbols;
  if (names?.length && Number.isInteger(value) && names[value] !== undefined) return names[value];
  if (Array.isArray(value)) return value.map((part) => short(part)).join(" ");
  return typeof value === "number" ? short(value) : String(value);
}

/** Which sequence a trace is of. @param {Trace} trace */
export const sequenceName = (trace) => (trace.own ? "your own input" : `example ${trace.example}`);

/** @param {number} value */
const short = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
