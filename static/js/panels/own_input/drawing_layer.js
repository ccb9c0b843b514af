// A field to draw an image in, pixel by pixel: with the pointer, or with arrow keys and space. It keeps the drawing as
// text (state/selectors/own/data.js), so that it travels in a link like any other input of one's own.

import { find } from "../../draw/layers/dom.js";
import { blank, levelsOf, painted } from "../../state/selectors/own/data.js";
import { fill } from "../image/layer.js";

/** What one touch leaves beside its own pixel, so that a stroke is as soft as that of a pen. */
const BESIDE = 0.4;
const MOVES = new Map([
  ["ArrowLeft", [0, -1]],
  ["ArrowRight", [0, 1]],
  ["ArrowUp", [-1, 0]],
  ["ArrowDown", [1, 0]],
]);

/**
 * @typedef {{rows: number, columns: number, dark: boolean}} Sheet
 * @param {HTMLElement} root
 * @param {(drawn: string) => void} onDrawn
 */
export function createDrawing(root, onDrawn) {
  const canvas = /** @type {HTMLCanvasElement} */ (find("canvas", root));
  const erase = /** @type {HTMLInputElement} */ (find("input[name=own_erase]", root));
  /** @type {Sheet} */
  let sheet = { rows: 8, columns: 8, dark: false };
  let drawn = blank(64);
  let cursor = { row: 0, column: 0, shown: false };
  const show = () => paint(canvas, sheet, drawn, cursor.shown ? cursor : null);
  const touch = (/** @type {number} */ row, /** @type {number} */ column) => {
    const before = drawn;
    drawn = erase.checked ? rubbed(drawn, sheet, row, column) : inked(drawn, sheet, row, column);
    show();
    if (drawn !== before) onDrawn(drawn);
  };
  onStroke(canvas, (event) => {
    const { row, column } = under(canvas, sheet, event);
    if (event.type === "pointerdown") cursor = { row, column, shown: false };
    touch(row, column);
  });
  canvas.addEventListener("keydown", (event) => {
    const [down, right] = MOVES.get(event.key) ?? [0, 0];
    if (!MOVES.has(event.key) && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    cursor = moved(cursor, sheet, down, right);
    if (event.key === " ") touch(cursor.row, cursor.column);
    else show();
  });
  canvas.addEventListener("blur", () => {
    cursor = { ...cursor, shown: false };
    show();
  });
  return {
    /** @param {Sheet} size @param {string} text */
    set(size, text) {
      sheet = size;
      drawn = text.length === size.rows * size.columns ? text : blank(size.rows * size.columns);
      show();
    },
  };
}

/** Where the pointer is put down or drawn. @param {HTMLElement} canvas @param {(at: PointerEvent) => void} stroke */
function onStroke(canvas, stroke) {
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) stroke(event);
  });
}

/** @param {{row: number, column: number}} from @param {Sheet} sheet @param {number} down @param {number} right */
const moved = ({ row, column }, { rows, columns }, down, right) => ({
  row: Math.min(Math.max(row + down, 0), rows - 1),
  column: Math.min(Math.max(column + right, 0), columns - 1),
  shown: true,
});

/** @param {string} drawn @param {Sheet} sheet @param {number} row @param {number} column */
function inked(drawn, { rows, columns }, row, column) {
  const levels = levelsOf(drawn);
  const leave = (/** @type {number} */ r, /** @type {number} */ c, /** @type {number} */ level) => {
    const pixel = r * columns + c;
    if (r >= 0 && r < rows && c >= 0 && c < columns && levels[pixel] < level) drawn = painted(drawn, pixel, level);
  };
  leave(row, column, 1);
  for (const [down, right] of MOVES.values()) leave(row + down, column + right, BESIDE);
  return drawn;
}

/** @param {string} drawn @param {Sheet} sheet @param {number} row @param {number} column */
const rubbed = (drawn, { columns }, row, column) => painted(drawn, row * columns + column, 0);

/** @param {HTMLCanvasElement} canvas @param {Sheet} sheet @param {PointerEvent} event */
function under(canvas, { rows, columns }, event) {
  const box = canvas.getBoundingClientRect();
  const within = (/** @type {number} */ share, /** @type {number} */ count) =>
    Math.min(Math.max(Math.floor(share * count), 0), count - 1);
  return {
    row: within((event.clientY - box.top) / box.height, rows),
    column: within((event.clientX - box.left) / box.width, columns),
  };
}

/**
 * @param {HTMLCanvasElement} canvas @param {Sheet} sheet @param {string} drawn
 * @param {{row: number, column: number} | null} cursor of the keyboard
 */
function paint(canvas, sheet, drawn, cursor) {
  const levels = levelsOf(drawn);
  fill(canvas, sheet, (pixel) => {
    const grey = Math.round(255 * (sheet.dark ? levels[pixel] : 1 - levels[pixel]));
    const here = cursor && cursor.row * sheet.columns + cursor.column === pixel;
    return here ? [grey / 2 + 100, grey / 2, grey / 2 + 100, 255] : [grey, grey, grey, 255];
  });
}
