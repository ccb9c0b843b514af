// The colours of the curves, read from css/tokens.css, in the theme in force or in the light one for files.

import { COLOURS } from "./look.js";

/** @typedef {Pick<Theme, "text" | "muted" | "line" | "panel"> & {curves: string[]}} Palette */

/** @returns {Palette} */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("text"),
    muted: colour("muted"),
    line: colour("line"),
    panel: colour("panel"),
    curves: Array.from({ length: COLOURS }, (_, place) => colour(`curve-${place + 1}`)),
  };
}

/** Paper is white, whatever the page looks like: nothing is painted in between. */
export function paperPalette() {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = "light";
  const found = palette();
  dataset.theme = before;
  return found;
}
