// What guessing gives, as a level across an axis, and where its name stands: where no curve lies. Pure.

const DASH = "1px,3px";
const WORD = "chance";
/** Of the word, px. */
const WIDE = 42;
const HIGH = 13;
/** Between the word and a line, px. */
const AIR = 3;
/** Places that are tried along the level, from the right. */
const PLACES = 24;

/**
 * @typedef {import("./figure.js").Axis} Axis
 * @typedef {import("../curves/mean.js").Mean} Mean
 * @typedef {{wide: number, high: number, last: number}} Room px of the axis, and the last update that it shows
 * @typedef {{x: number, above: boolean}} Place share of the axis at which the word ends, and on which side it stands
 */

/** Where all runs share it. @param {number | null | undefined} level @param {Axis} axis
 * @param {import("./palette_layer.js").Palette} look @returns {PlotShape[]} */
export function levelOf(level, { yref, log }, look) {
  if (typeof level !== "number" || (log && level <= 0)) return [];
  const line = { color: look.muted, dash: DASH, width: 1.5 };
  return [{ type: "line", xref: "paper", x0: 0, x1: 1, yref, y0: level, y1: level, line }];
}

/**
 * @param {number | null | undefined} level @param {Axis} axis @param {import("./palette_layer.js").Palette} look
 * @param {readonly Mean[]} series of all curves of the axis @param {Room} room
 * @returns {PlotAnnotation[]}
 */
export function levelName(level, axis, look, series, room) {
  const [line] = levelOf(level, axis, look);
  if (!line) return [];
  const { x, above } = placeOf(line.y0, axis, series, room);
  return [
    {
      text: WORD,
      x,
      y: axis.log ? Math.log10(line.y0) : line.y0,
      xref: "paper",
      yref: axis.yref,
      xanchor: "right",
      yanchor: above ? "bottom" : "top",
      showarrow: false,
      font: { color: look.muted, size: 10 },
    },
  ];
}

/**
 * The place nearest to the right where the word covers no line; where there is none, that where it covers the least.
 * @param {number} level @param {Axis} axis @param {readonly Mean[]} series @param {Room} room
 * @returns {Place}
 */
export function placeOf(level, { log, range: [low, high] }, series, { wide, high: tall, last }) {
  const unit = (/** @type {number} */ value) => (log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value);
  const up = (/** @type {number} */ value) => ((unit(value) - low) / (high - low)) * tall;
  const along = (/** @type {number} */ update) => (update / last) * wide;
  const lines = series.flatMap(({ x, mean, low: least, high: most }) =>
    [mean, least, most].map((values) => x.map((update, place) => ({ x: along(update), y: up(values[place]) }))),
  );
  const at = up(level);
  let best = { x: 1, above: true, hits: Infinity };
  for (let tried = 0; tried < PLACES; tried += 1) {
    const right = wide - ((wide - WIDE) * tried) / (PLACES - 1);
    for (const above of [true, false]) {
      const foot = above ? at : at - HIGH - AIR;
      if (foot < 0 || foot + HIGH + AIR > tall) continue;
      const box = { left: right - WIDE, right, foot: foot - AIR, top: foot + HIGH + AIR };
      const hits = lines.filter((line) => crosses(line, box)).length;
      if (hits < best.hits) best = { x: right / wide, above, hits };
      if (hits === 0) return best;
    }
  }
  return best;
}

/**
 * Whether a line comes into a box.
 * @param {{x: number, y: number}[]} line @param {{left: number, right: number, foot: number, top: number}} box px
 */
function crosses(line, { left, right, foot, top }) {
  return line.some((to, place) => {
    const from = line[Math.max(place - 1, 0)];
    if (to.x < left || from.x > right) return false;
    const heightAt = (/** @type {number} */ x) =>
      to.x === from.x ? to.y : from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x);
    const ends = [heightAt(Math.max(left, from.x)), heightAt(Math.min(right, to.x))];
    return Math.max(...ends) >= foot && Math.min(...ends) <= top;
  });
}
