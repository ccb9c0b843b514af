// Over and under the heatmap: pixels of the live picture, hatch of memories that do not exist yet, outlines of the
// choice.

import { attentionPixels, cellsOf } from "./grid.js";
import { attentionLook, isSigned } from "./look.js";
import { svg } from "../../draw/layers/dom.js";

/**
 * Draws a trace on the canvas under the plot, a pixel a cell (or a fold of cells); the browser stretches it.
 * @param {HTMLCanvasElement} canvas
 * @returns {(trace: Trace, grid: import("./grid.js").AttentionGrid, theme: Theme) => void}
 */
export function createPixels(canvas) {
  /**
   * A table is made once a theme
   * @type {{theme: Theme, signed: boolean, look: import("./look.js").AttentionLook} | null}
   */
  let kept = null;
  return (trace, grid, theme) => {
    if (kept?.theme !== theme || kept.signed !== isSigned(trace))
      kept = { theme, signed: isSigned(trace), look: attentionLook(trace, theme) };
    const [across, down] = cellsOf(grid);
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const picture = new ImageData(attentionPixels(trace, grid, kept.look), across, down);
    canvas.getContext("2d")?.putImageData(picture, 0, 0);
  };
}

/**
 * Puts the canvas exactly under the cells.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number, margin: {l: number, r: number, t: number, b: number}}} frame
 */
export function placePixels(canvas, { width, height, margin }) {
  Object.assign(canvas.style, {
    left: `${margin.l}px`,
    top: `${margin.t}px`,
    width: `${width - margin.l - margin.r}px`,
    height: `${height - margin.t - margin.b}px`,
  });
}

/**
 * Where cells lie, in px of the drawing.
 * @param {import("./grid.js").AttentionGrid} grid
 * @param {{width: number, height: number, margin: {l: number, r: number, t: number, b: number}}} frame
 */
export function cellPlaces(grid, { width, height, margin }) {
  const across = (width - margin.l - margin.r) / grid.columns;
  const down = (height - margin.t - margin.b) / grid.rows;
  return {
    across,
    down,
    x: (/** @type {number} */ column) => margin.l + column * across,
    y: (/** @type {number} */ step) => margin.t + (step - grid.from) * down,
    /** the step whose row is at a place, or the nearest one */
    row: (/** @type {number} */ y) =>
      grid.from + Math.min(Math.max(Math.floor((y - margin.t) / down), 0), grid.rows - 1),
    at(/** @type {number} */ x, /** @type {number} */ y) {
      const column = Math.floor((x - margin.l) / across);
      const row = Math.floor((y - margin.t) / down);
      if (row < 0 || row >= grid.rows || column >= grid.columns) return null;
      return { row: grid.from + row, column: column < 0 ? null : column };
    },
  };
}

/**
 * @param {import("./grid.js").AttentionGrid} grid
 * @param {ReturnType<typeof cellPlaces>} places
 * @param {{step: number | null, memory: number | null, pins: number[], range: Pair | null}} choice
 * @param {Theme} theme
 * @returns {{under: SVGElement[], over: SVGElement[]}} hatch below the cells (and below hover texts), outlines above
 */
export function drawOverlay(grid, places, { step, memory, pins, range }, theme) {
  const over = kept(grid, places, pins, range, theme);
  if (step !== null && step >= grid.from && step < grid.from + grid.rows)
    over.push(...outlines(grid, places, step, memory, theme));
  return { under: notYet(grid, places, theme), over };
}

/**
 * The frame, and what does not exist yet.
 * @param {import("./grid.js").AttentionGrid} grid @param {ReturnType<typeof cellPlaces>} places @param {Theme} theme
 */
function notYet(grid, places, theme) {
  const frame = { fill: "none", stroke: theme.line };
  const [left, right] = [places.x(0), places.x(grid.columns)];
  const [top, bottom] = [places.y(grid.from), places.y(grid.from + grid.rows)];
  const missing = Array.from({ length: grid.rows }, (_, row) => grid.from + row)
    .filter((step) => grid.firstMissing[step] < grid.columns)
    .map((step) => {
      const x = places.x(grid.firstMissing[step]).toFixed(1);
      return `M${x} ${places.y(step).toFixed(1)}H${right.toFixed(1)}v${places.down.toFixed(2)}H${x}z`;
    });
  const under = [
    svg("rect", { ...frame, x: left, y: top, width: right - left, height: bottom - top }),
    hatch(theme),
    svg("path", { "data-missing": true, d: missing.join(""), fill: "url(#hatch)" }),
  ];
  if (grid.sources[0] === -1 && grid.columns > 1)
    under.push(svg("line", { ...frame, x1: places.x(1), x2: places.x(1), y1: top, y2: bottom }));
  return under;
}

/**
 * The chosen row, and the chosen cell of it.
 * @param {import("./grid.js").AttentionGrid} grid @param {ReturnType<typeof cellPlaces>} places @param {number} step
 * @param {number | null} memory @param {Theme} theme
 */
function outlines(grid, places, step, memory, theme) {
  const mark = { fill: "none", stroke: theme.text };
  const [left, top] = [places.x(0), places.y(step)];
  const size = { width: places.x(grid.columns) - left, height: places.down + 1 };
  const row = svg("rect", { ...mark, "stroke-opacity": 0.55, "data-cross": "row", x: left, y: top - 0.5, ...size });
  const column = memory === null ? undefined : grid.column.get(memory);
  if (column === undefined) return [row];
  const cell = svg("rect", {
    ...mark,
    "stroke-width": 1.6,
    "data-cross": "cell",
    x: places.x(column) - 1.5,
    y: top - 1.5,
    width: places.across + 3,
    height: places.down + 3,
  });
  return [row, cell];
}

/**
 * Pinned rows and the range of rows.
 * @param {import("./grid.js").AttentionGrid} grid @param {ReturnType<typeof cellPlaces>} places @param {number[]} pins
 * @param {Pair | null} range @param {Theme} theme
 */
function kept(grid, places, pins, range, theme) {
  const right = places.x(grid.columns);
  const [first, last] = [grid.from, grid.from + grid.rows - 1];
  const nodes = pins
    .filter((pin) => pin >= first && pin <= last)
    .map((pin) => {
      const middle = places.y(pin) + places.down / 2;
      return svg("path", {
        "data-cross": "pin",
        fill: theme.accent,
        d: `M${(right + 1).toFixed(1)} ${middle.toFixed(1)}l6 -3.5v7z`,
      });
    });
  if (!range || range[0] > last || range[1] < first) return nodes;
  const [top, bottom] = [places.y(Math.max(range[0], first)), places.y(Math.min(range[1], last) + 1)];
  const shape = { "data-cross": "range", x: places.x(0), y: top, width: right - places.x(0), height: bottom - top };
  return [
    ...nodes,
    svg("rect", { ...shape, fill: theme.accent, "fill-opacity": 0.07, stroke: theme.accent, "stroke-opacity": 0.7 }),
  ];
}

/** Slanted lines for memories that are not written yet. @param {Theme} theme */
function hatch(theme) {
  return svg(
    "defs",
    {},
    svg(
      "pattern",
      { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 5, height: 5, fill: theme.panel }),
      svg("line", { x1: 0, y1: 0, x2: 0, y2: 5, stroke: theme.hatch, "stroke-width": 1.6 }),
    ),
  );
}
