// A packed trace of the stream as the columns it was made from (app/wire/packing.py says how, and why). Pure.

const KINDS = /** @type {const} */ (["local", "skip"]);

/** @param {Wire.PackedTrace | Wire.TraceColumns} data @returns {data is Wire.PackedTrace} */
const isPacked = (data) => "counts" in data.attention;

/**
 * @param {Wire.PackedTrace | Wire.TraceColumns} data of a snapshot frame
 * @returns {ColumnTrace} the same with `attention.reader`, edges and paths spelt out; what is not packed passes as it is
 */
export function unpack(data) {
  if (!isPacked(data)) return data;
  const { counts, ...more } = data.attention;
  const attention = { reader: repeated(counts, more.source.length), ...more };
  return { ...data, attention, edges: edges(data.edges, attention), paths: paths(data.paths) };
}

/** @param {Column} counts @param {number} total */
function repeated(counts, total) {
  const out = new Uint16Array(total);
  let at = 0;
  for (let step = 0; step < counts.length; step += 1)
    for (let left = counts[step]; left > 0; left -= 1) out[at++] = step;
  return out;
}

/** @param {Wire.PackedEdges} packed @param {{reader: Column, source: Column, weight: Column}} attention @returns {ColumnTrace["edges"]} */
function edges({ credit, local, rest }, attention) {
  /** @type {{kind: 0 | 1, reader: number, source: number, credit: number, hidden: number, cell: number, weight: number, chosen: number}[]} */
  const found = [];
  for (let row = 0; row < local.reader.length; row += 1) {
    found.push({
      kind: 0,
      reader: local.reader[row],
      source: local.reader[row] - 1,
      credit: local.credit[row],
      hidden: local.credit_hidden[row],
      cell: local.credit_cell[row],
      weight: NaN,
      chosen: 1,
    });
  }
  const take = (/** @type {number} */ at, /** @type {number} */ value) =>
    found.push({
      kind: 1,
      reader: attention.reader[at],
      source: attention.source[at],
      credit: value,
      hidden: value,
      cell: NaN,
      weight: attention.weight[at],
      chosen: 1,
    });
  if (credit instanceof Float32Array)
    credit.forEach((value, at) => {
      if (value !== 0) take(at, value);
    });
  else credit.at.forEach((at, row) => take(at, credit.value[row]));
  for (let row = 0; row < rest.reader.length; row += 1) {
    found.push({
      kind: 1,
      reader: rest.reader[row],
      source: rest.source[row],
      credit: rest.credit[row],
      hidden: rest.credit[row],
      cell: NaN,
      weight: rest.weight[row],
      chosen: rest.chosen[row],
    });
  }
  found.sort((a, b) => b.reader - a.reader || a.kind - b.kind || a.source - b.source);
  const column = (/** @type {keyof typeof found[number]} */ name) => found.map((edge) => edge[name]);
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
