// The cells of the attention heatmap: which steps and memories they stand for, their colours, what one says. Pure.
// Exact zero has no colour (the panel shows), a memory that does not exist yet is hatched by the layer above.

import { readable } from "../../draw/numbers.js";
import { level } from "./look.js";

/** More cells than that a side would be smaller than a pixel; they are folded until each can be seen. */
const MOST_CELLS = 400;
const FOLDED_CELLS = 130;

/**
 * @typedef {{from: number, rows: number, columns: number, sources: number[], column: Map<number, number>, firstMissing:
 *   number[], steps: number, fold: {down: number, across: number}}} AttentionGrid
 *   rows are the steps from..from + rows − 1, columns all memories that these may read; firstMissing[t]: the first
 *   column
 *   whose memory does not exist at step t, for every step of the sequence; fold: how many rows and columns share a cell
 */

/**
 * Columns are memories, oldest left, the empty one (−1) first.
 * @param {Trace} trace
 * @param {AttentionGrid | null} previous kept when it suits, so that a live picture does not lay out again
 * @param {StepSpan} span of reading steps
 * @returns {AttentionGrid}
 */
export function attentionGrid(trace, previous = null, { from, to } = { from: 0, to: trace.steps }) {
  const { steps } = trace;
  const sources = Array.from(trace.memories).filter((source) => source < to);
  const same = previous && previous.steps === steps && previous.from === from && previous.rows === to - from;
  if (
    same &&
    previous.columns === sources.length &&
    previous.sources.every((source, index) => source === sources[index])
  )
    return previous;
  const column = new Map(sources.map((source, index) => [source, index]));
  let missing = 0;
  const firstMissing = Array.from({ length: steps }, (_, step) => {
    while (missing < sources.length && sources[missing] < step) missing += 1;
    return missing;
  });
  return {
    from,
    rows: to - from,
    columns: sources.length,
    sources,
    column,
    firstMissing,
    steps,
    fold: foldsOf(trace, { from, to }),
  };
}

/** How many of so many rows or columns share one cell of the picture. @param {number} side */
export const foldOf = (side) => (side <= MOST_CELLS ? 1 : Math.ceil(side / FOLDED_CELLS));

/**
 * How many steps and how many memories share a cell of the picture of a span.
 * @param {Trace} trace @param {StepSpan} span
 */
export const foldsOf = ({ memories }, { from, to }) => ({
  down: foldOf(to - from),
  across: foldOf(Array.from(memories).filter((source) => source < to).length),
});

/** Cells of the picture, across and down. @param {AttentionGrid} grid @returns {[number, number]} */
export const cellsOf = ({ rows, columns, fold }) => [Math.ceil(columns / fold.across), Math.ceil(rows / fold.down)];

/**
 * RGBA of every cell, row by row; transparent where nothing is read. Of cells folded into one the largest weight is
 * seen.
 * @param {Trace} trace
 * @param {AttentionGrid} grid
 * @param {import("./look.js").AttentionLook} look
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function attentionPixels(trace, grid, look) {
  const { table } = look;
  const { from, rows, fold } = grid;
  const [across, down] = cellsOf(grid);
  const pixels = new Uint8ClampedArray(across * down * 4);
  const largest = fold.down * fold.across > 1 ? new Float32Array(across * down) : null;
  const { reader, source, weight } = trace.attention;
  for (let index = 0; index < reader.length; index += 1) {
    const row = reader[index] - from;
    if (row < 0 || row >= rows) continue;
    const column = grid.column.get(source[index]);
    if (column === undefined || !(weight[index] !== 0)) continue;
    const place = Math.floor(row / fold.down) * across + Math.floor(column / fold.across);
    if (largest && Math.abs(weight[index]) < largest[place]) continue;
    if (largest) largest[place] = Math.abs(weight[index]);
    const first = level(look, weight[index]) * 3;
    const at = place * 4;
    for (let part = 0; part < 3; part += 1) pixels[at + part] = table[first + part];
    pixels[at + 3] = 255;
  }
  return pixels;
}

/** @param {number} source */
export const memoryName = (source) => (source === -1 ? "the empty memory" : `the microstate of step ${source}`);

/**
 * What a cell of the pixel picture says in words: its reading, or the strongest of those folded into it.
 * @param {Trace} trace
 * @param {AttentionGrid} grid
 * @param {{row: number, column: number | null}} cell row is a step
 * @returns {string[]} lines; none where nothing is read
 */
export function cellWords(trace, { from, sources, column: columns, fold }, { row, column }) {
  if (column === null) return [];
  const start = (/** @type {number} */ place, /** @type {number} */ by) => Math.floor(place / by) * by;
  const [top, left] = [from + start(row - from, fold.down), start(column, fold.across)];
  const { reader, source, weight } = trace.attention;
  let [best, size, count] = [-1, 0, 0];
  for (let index = 0; index < reader.length; index += 1) {
    if (reader[index] < top || reader[index] >= top + fold.down) continue;
    const at = columns.get(source[index]);
    if (at === undefined || at < left || at >= left + fold.across || weight[index] === 0) continue;
    count += 1;
    // A weight that is not finite is what a person looks for first.
    const rank = Number.isFinite(weight[index]) ? Math.abs(weight[index]) : Infinity;
    if (best === -1 || rank > size) [best, size] = [index, rank];
  }
  if (best === -1) return [];
  const said = [`step ${reader[best]} reads ${memoryName(source[best])}`, weightWords(trace, best)];
  if (count > 1) {
    const [first, last] = [sources[left], sources[Math.min(left + fold.across, sources.length) - 1]];
    const memories = `memories ${first === -1 ? "∅" : first}–${last}`;
    said.push(`the largest of ${count} weights in this cell: steps ${top}–${top + fold.down - 1}, ${memories}`);
  }
  return said;
}

/** @param {Trace} trace @param {number} index of the reading */
function weightWords({ attention: { weight }, versus }, index) {
  const says = readable(weight[index], 6);
  if (!versus) return `weight ${says}`;
  return `${readable(versus.own[index], 6)} here − ${readable(versus.base[index], 6)} in the baseline = ${says}`;
}
