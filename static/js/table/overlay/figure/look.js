// How the curves of an overlay look: colour, dash and mark by their place, so that neighbours differ in all three and
// can be told apart on grey paper. Pure.

/** As css/tokens.css names them: --curve-1 and on. */
export const COLOURS = 7;
const DASHES = /** @type {const} */ (["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"]);
/** The same for an SVG line, in px. */
const LENGTHS = /** @type {Record<string, string>} */ ({
  solid: "",
  dash: "9 5",
  dot: "2 4",
  dashdot: "9 4 2 4",
  longdash: "15 6",
  longdashdot: "15 5 2 5",
});
const MARKS = /** @type {const} */ (["circle", "square", "diamond", "triangle-up", "x"]);

/**
 * @param {number} place from 0
 * @param {readonly string[]} colours of the theme, COLOURS of them
 */
export function lookOf(place, colours) {
  const dash = DASHES[place % DASHES.length];
  return { color: colours[place % COLOURS], dash, lengths: LENGTHS[dash], mark: MARKS[place % MARKS.length] };
}

/** A colour with less of it. @param {string} colour #rrggbb @param {number} share 0 to 1 */
export function faded(colour, share) {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${parts.join(",")},${share})`;
}
