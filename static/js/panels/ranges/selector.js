// Pinned steps side by side, and sums over a range of reading steps: numbers of the trace, nothing else. Pure.

/** The pins that the sequence has. @param {State} state @param {Trace} trace */
export const pinsOf = (state, trace) => state.pins.filter((step) => step < trace.steps);

/** A step, then the pinned ones beside it. @param {State} state @param {Trace} trace @param {number} step */
export const besides = (state, trace, step) => [step, ...pinsOf(state, trace).filter((one) => one !== step)];

/** The range as far as the sequence goes, or null. @param {State} state @param {Trace} trace @returns {Pair | null} */
export function rangeOf({ range }, trace) {
  if (!range || range[0] >= trace.steps) return null;
  return [range[0], Math.min(range[1], trace.steps - 1)];
}

/**
 * Attention weights of the steps of a range, added up memory by memory.
 * @param {Trace} trace
 * @param {Pair} range both ends belong to it
 * @returns {{rows: {source: number, sum: number, mean: number, readers: number}[], steps: number, total: number}}
 *   largest sum first; `mean` is per step of the range, `readers` how many of its steps read the memory
 */
export function rangeSums(trace, [from, to]) {
  const steps = to - from + 1;
  /** @type {Map<number, {sum: number, readers: number}>} */
  const found = new Map();
  const { reader, source, weight } = trace.attention;
  for (let index = 0; index < reader.length; index += 1) {
    if (reader[index] < from || reader[index] > to) continue;
    const { sum, readers } = found.get(source[index]) ?? { sum: 0, readers: 0 };
    found.set(source[index], { sum: sum + weight[index], readers: readers + (weight[index] === 0 ? 0 : 1) });
  }
  const rows = [...found].map(([memory, { sum, readers }]) => ({ source: memory, sum, mean: sum / steps, readers }));
  rows.sort((a, b) => b.sum - a.sum || a.source - b.source);
  return { rows, steps, total: rows.reduce((sum, row) => sum + row.sum, 0) };
}
