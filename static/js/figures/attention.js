// The attention heatmap, query × memory: as pixels while a run is live, as a real heatmap trace when it stands. Pure.
// Exact zero has no colour (the panel shows), a memory that does not exist yet is hatched by the layer above.

import { attentionLook, level } from "./attention_look.js";

const TICKS = 8;
/** More cells than that a side would be smaller than a pixel; they are folded until each can be seen. */
const MOST_CELLS = 400;
const FOLDED_CELLS = 130;

/**
 * @typedef {{rows: number, columns: number, sources: number[], column: Map<number, number>, firstMissing: number[]}} AttentionGrid
 *   firstMissing[t]: the first column whose memory does not exist at step t
 */

/**
 * Columns are memories, oldest left, the empty one (−1) first.
 * @param {Trace} trace
 * @param {AttentionGrid | null} previous kept when it suits, so that a live picture does not lay out again
 * @returns {AttentionGrid}
 */
export function attentionGrid(trace, previous = null) {
  const { memories, steps } = trace;
  if (previous && previous.rows === steps && previous.columns === memories.length && previous.sources.every((source, index) => source === memories[index])) return previous;
  const sources = Array.from(memories);
  const column = new Map(sources.map((source, index) => [source, index]));
  let missing = 0;
  const firstMissing = Array.from({ length: steps }, (_, step) => {
    while (missing < sources.length && sources[missing] < step) missing += 1;
    return missing;
  });
  return { rows: steps, columns: sources.length, sources, column, firstMissing };
}

/** How many rows and columns of a long sequence share one cell of its picture. @param {{rows: number, columns: number}} grid */
export function foldOf({ rows, columns }) {
  const side = Math.max(rows, columns);
  return side <= MOST_CELLS ? 1 : Math.ceil(side / FOLDED_CELLS);
}

/**
 * RGBA of every cell, row by row; transparent where nothing is read. Of cells folded into one the largest weight is seen.
 * @param {Trace} trace
 * @param {AttentionGrid} grid
 * @param {import("./attention_look.js").AttentionLook} look
 * @param {number} fold
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function attentionPixels(trace, grid, look, fold = 1) {
  const { table } = look;
  const [across, down] = [Math.ceil(grid.columns / fold), Math.ceil(grid.rows / fold)];
  const pixels = new Uint8ClampedArray(across * down * 4);
  const largest = fold > 1 ? new Float32Array(across * down) : null;
  const { reader, source, weight } = trace.attention;
  for (let index = 0; index < reader.length; index += 1) {
    const column = grid.column.get(source[index]);
    if (column === undefined || !(weight[index] !== 0)) continue;
    const place = Math.floor(reader[index] / fold) * across + Math.floor(column / fold);
    if (largest && Math.abs(weight[index]) < largest[place]) continue;
    if (largest) largest[place] = Math.abs(weight[index]);
    const from = level(look, weight[index]) * 3;
    const at = place * 4;
    for (let part = 0; part < 3; part += 1) pixels[at + part] = table[from + part];
    pixels[at + 3] = 255;
  }
  return pixels;
}

/** @param {Trace} trace @param {AttentionGrid} grid @returns {(number | null)[][]} null where nothing is read */
export function attentionMatrix(trace, grid) {
  const rows = Array.from({ length: grid.rows }, () => /** @type {(number | null)[]} */ (Array(grid.columns).fill(null)));
  const { reader, source, weight } = trace.attention;
  for (let index = 0; index < reader.length; index += 1) {
    const column = grid.column.get(source[index]);
    if (column !== undefined && weight[index] !== 0) rows[reader[index]][column] = weight[index];
  }
  return rows;
}

/**
 * Data and layout for Plotly. A live figure has an empty scatter for the colour bar; its picture is the canvas below it.
 * @param {Trace} trace
 * @param {AttentionGrid} grid
 * @param {Theme} theme
 * @param {{width: number, height: number, live: boolean, margin: {l: number, r: number, t: number, b: number}}} frame
 * @returns {Figure}
 */
export function attentionFigure(trace, grid, theme, { width, height, live, margin }) {
  const { scale: colorscale, min, max, ticks, title, hover } = attentionLook(trace, theme);
  const colorbar = { thickness: 8, outlinewidth: 0, tickvals: ticks, len: 1, lenmode: "fraction", xpad: 6, ypad: 7, title: { text: title, side: "right" } };
  const names = grid.sources.map((source) => (source === -1 ? "the empty memory" : `the microstate of step ${source}`));
  const data = live
    ? [{ type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip", marker: { color: [0], cmin: min, cmax: max, colorscale, showscale: true, colorbar } }]
    : [{
      type: "heatmap", z: attentionMatrix(trace, grid), zmin: min, zmax: max, colorscale, colorbar, hoverongaps: false,
      customdata: trace.versus ? bothSides(trace, grid, names) : Array.from({ length: grid.rows }, () => names.map((name) => [name])),
      hovertemplate: `step %{y} reads %{customdata[0]}<br>${hover}<extra></extra>`, xgap: 0.5, ygap: 0.5,
    }];
  return { data, layout: layout(grid, theme, width, height, margin) };
}

/** Of each cell its memory, its weight here and in the baseline. @param {Trace} trace @param {AttentionGrid} grid @param {string[]} names */
function bothSides(trace, grid, names) {
  const rows = Array.from({ length: grid.rows }, () => names.map((name) => /** @type {(string | number)[]} */ ([name, 0, 0])));
  Array.from(trace.attention.reader).forEach((reader, index) => {
    const column = grid.column.get(trace.attention.source[index]) ?? -1;
    if (column >= 0) rows[reader][column] = [names[column], trace.versus?.own[index] ?? 0, trace.versus?.base[index] ?? 0];
  });
  return rows;
}

/** @param {AttentionGrid} grid @param {Theme} theme @param {number} width @param {number} height @param {any} margin */
function layout(grid, theme, width, height, margin) {
  const columns = spaced(grid.columns, grid.sources[0] === -1 ? 1 : 0);
  const rows = spaced(grid.rows, 0);
  const bare = { fixedrange: true, showgrid: false, zeroline: false, ticks: "", automargin: false };
  return {
    width, height, margin,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.muted, size: 11 }, showlegend: false, dragmode: false, hovermode: "closest", uirevision: "keep",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { color: theme.text, size: 12 } },
    xaxis: { ...bare, range: [-0.5, grid.columns - 0.5], side: "bottom", tickvals: columns, ticktext: columns.map((column) => (grid.sources[column] === -1 ? "∅" : String(grid.sources[column]))), title: { text: "memory, by its step (∅ empty)", standoff: 4 } },
    yaxis: { ...bare, range: [grid.rows - 0.5, -0.5], tickvals: rows, ticktext: rows.map(String), title: { text: "reading step", standoff: 4 } },
  };
}

/** A few evenly spaced places; the empty memory always has its own tick. @param {number} count @param {number} start */
function spaced(count, start) {
  const every = [1, 2, 5, 10, 20, 50, 100, 200].find((size) => (count - start) / size <= TICKS) ?? 500;
  const places = start ? [0] : [];
  for (let place = start; place < count; place += every) if (place !== 1 || !start || every < 3) places.push(place);
  return places;
}
