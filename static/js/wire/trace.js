// A trace in its dresses: columns of the stream, JSON of the API, and the one form the page works with.
// The page's form is the contract's, with NaN where JSON has null. Deliberately not here: what is shown of it.

import { unpack } from "./packing.js";

const EDGE_KINDS = /** @type {const} */ (["local", "skip"]);
/** @param {number | null | undefined} value @returns {number} null as NaN */
const number = (value) => value ?? NaN;

/** @param {Column | (number | null)[] | undefined} given @returns {Column} */
const column = (given) => (Array.isArray(given) ? given.map(number) : (given ?? []));

/** @param {Record<string, Column | (number | null)[]> | undefined} table @returns {Record<string, Column>} */
const columns = (table) => Object.fromEntries(Object.entries(table ?? {}).map(([key, part]) => [key, column(part)]));

/**
 * The trace from the API's JSON.
 * @param {Wire.Trace} json
 * @returns {Trace}
 */
export function fromJson(json) {
  const edges = json.edges.map((edge) => ({
    kind: edge.kind,
    reader: edge.reader,
    source: edge.source,
    credit: number(edge.credit),
    credit_hidden: number(edge.credit_hidden),
    credit_cell: number(edge.credit_cell),
    weight: number(edge.weight),
    chosen: edge.chosen ?? true,
  }));
  return shared(json, edges);
}

/**
 * The trace from the columns of a snapshot frame.
 * @param {Wire.PackedTrace | Wire.TraceColumns} packed `data` of the frame; the frame itself may bring run and update
 * @returns {Trace}
 */
export function fromColumns(packed) {
  const data = unpack(packed);
  const { kind, reader, source, credit, credit_hidden, credit_cell, weight, chosen } = data.edges;
  const edges = Array.from(kind, (code, index) => {
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
  return shared(data, edges);
}

/**
 * A trace as it came; what is named `Late` may be missing in one that was stored before it was measured.
 * @typedef {"task" | "hits" | "hit_rate" | "knocked_out" | "nonfinite" | "paths_hidden" | "share" | "skip_credit" | "loss"} Late
 * @typedef {(Omit<Wire.Trace, Late> | Omit<ColumnTrace, Late>) & Partial<Pick<Wire.Trace, Late>>} Raw
 * @param {Raw} raw @param {Edge[]} edges @returns {Trace}
 */
function shared(raw, edges) {
  const { reader, source, weight, score } = raw.attention;
  return {
    task: /** @type {Wire.TraceTask} */ ({}),
    hits: {},
    hit_rate: null,
    knocked_out: [],
    nonfinite: 0,
    paths_hidden: 0,
    share: 0.95,
    skip_credit: null,
    loss: null,
    ...raw,
    edges,
    loss_T: column(raw.loss_T),
    memories: column(raw.memories),
    cuts: column(raw.cuts),
    attention: { reader: column(reader), source: column(source), weight: column(weight), score: column(score) },
    gradient_norm: columns(raw.gradient_norm),
    gradient_norm_cell: columns(raw.gradient_norm_cell),
  };
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
 * @param {Value | undefined} value entry of inputs, targets or predictions
 * @returns {string}
 */
export function symbol(trace, value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (Array.isArray(value)) return value.map((part) => short(part)).join(" ");
  return (Number.isInteger(value) ? trace.task.symbols?.[value] : undefined) ?? short(value);
}

/** Which sequence a trace is of. @param {Trace} trace */
export const sequenceName = (trace) => (trace.own ? "your own input" : `example ${trace.example}`);

/** @param {number} value */
const short = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
