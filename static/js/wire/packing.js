// A packed trace of the stream as the columns it was made from (app/wire/packing.py says how, and why). Pure.

const KINDS = /** @type {const} */ (["local", "skip"]);

/**
 * @typedef {{kind: Column, reader: Column, source: Column, credit: Column, credit_hidden: Column, credit_cell: Column,
 *   weight: Column, chosen: Column}} EdgeColumns
 * @param {Pick<Wire.PackedTrace, "attention" | "edges" | "paths">} packed
 * @returns {{attention: Trace["attention"], edges: EdgeColumns, paths: CreditPath[]}} readers, edges and paths spelt
 *   out
 */
export function unpack({ attention: { counts, ...more }, edges: packed, paths: tree }) {
  const attention = { reader: repeated(counts, more.source.length), ...more };
  return { attention, edges: edges(packed, attention), paths: paths(tree) };
}

/** @param {Column} counts @param {number} total */
function repeated(counts, total) {
  const out = new Uint16Array(total);
  let at = 0;
  for (let step = 0; step < counts.length; step += 1)
    for (let left = counts[step]; left > 0; left -= 1) out[at++] = step;
  return out;
}

/**
 * @typedef {{kind: 0 | 1, reader: number, source: number, credit: number, hidden: number, cell: number, weight: number,
 *   chosen: number}} Row
 * @typedef {{reader: Column, source: Column, weight: Column}} Read
 */

/** @param {Wire.PackedEdges} packed @param {Read} attention @returns {EdgeColumns} */
function edges({ credit, local, rest }, attention) {
  const found = [...locals(local), ...overChosen(credit, attention), ...others(rest)];
  found.sort((a, b) => b.reader - a.reader || a.kind - b.kind || a.source - b.source);
  const column = (/** @type {keyof Row} */ name) => found.map((edge) => edge[name]);
  return {
    kind: column("kind"),
    reader: column("reader"),
    source: column("source"),
    credit: column("credit"),
    credit_hidden: column("hidden"),
    credit_cell: column("cell"),
    weight: column("weight"),
    chosen: column("chosen"),
  };
}

/** @param {Wire.LocalEdges} local @returns {Row[]} */
const locals = ({ reader, credit, credit_hidden, credit_cell }) =>
  Array.from(reader, (step, row) => ({
    kind: 0,
    reader: step,
    source: step - 1,
    credit: credit[row],
    hidden: credit_hidden[row],
    cell: credit_cell[row],
    weight: NaN,
    chosen: 1,
  }));

/**
 * Skip edges over chosen memories: a credit for each of them, 0 for none, or a few with their places.
 * @param {Wire.PackedEdges["credit"]} credit @param {Read} attention @returns {Row[]}
 */
function overChosen(credit, { reader, source, weight }) {
  const all = credit instanceof Float32Array;
  const at = all
    ? Array.from(credit, (_, place) => place).filter((place) => credit[place] !== 0)
    : Array.from(credit.at);
  return at.map((place, row) => {
    const value = all ? credit[place] : credit.value[row];
    const edge = { reader: reader[place], source: source[place], weight: weight[place] };
    return { kind: 1, ...edge, credit: value, hidden: value, cell: NaN, chosen: 1 };
  });
}

/** Skip edges over memories that were not chosen. @param {Wire.OtherEdges} rest @returns {Row[]} */
const others = ({ reader, source, credit, weight, chosen }) =>
  Array.from(reader, (step, row) => ({
    kind: 1,
    reader: step,
    source: source[row],
    credit: credit[row],
    hidden: credit[row],
    cell: NaN,
    weight: weight[row],
    chosen: chosen[row],
  }));

/** @param {Wire.PathTree} tree @returns {CreditPath[]} */
function paths({ parent, step, kind, end, strength }) {
  return Array.from(end, (last, row) => {
    /** @type {number[]} */
    const steps = [];
    /** @type {CreditPath["kinds"]} */
    const kinds = [];
    for (let node = last; node >= 0; node = parent[node]) {
      steps.push(step[node]);
      kinds.push(KINDS[kind[node]]);
    }
    return {
      steps: steps.reverse(),
      kinds: kinds.slice(0, -1).reverse(),
      strength: Number.isNaN(strength[row]) ? null : strength[row],
    };
  });
}
