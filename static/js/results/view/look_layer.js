// The colours of the pictures, read from css/tokens.css: in the theme in force, or in the light one for files.

import { COLOURS } from "../../table/overlay/figure/look.js";

const NAMES = /** @type {const} */ (["text", "muted", "line", "edge", "panel", "warn", "accent"]);

/**
 * By theme: to ask for a colour while the page is written to would style it at once.
 * @type {Map<string, Results.Look>}
 */
const known = new Map();

/** @returns {Results.Look} */
export function lookNow() {
  const theme = `${document.documentElement.dataset.theme} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  const look = known.get(theme) ?? read();
  known.set(theme, look);
  return look;
}

/** @returns {Results.Look} */
function read() {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const colours = /** @type {Record<typeof NAMES[number], string>} */ (
    Object.fromEntries(NAMES.map((name) => [name, colour(name)]))
  );
  return {
    ...colours,
    curves: Array.from({ length: COLOURS }, (_, place) => colour(`curve-${place + 1}`)),
    dark: style.getPropertyValue("color-scheme").trim() === "dark",
  };
}

/** Paper is white, whatever the page looks like: nothing is painted in between. */
export function paperLook() {
  const { dataset } = document.documentElement;
  const before = dataset.theme;
  dataset.theme = "light";
  const found = lookNow();
  dataset.theme = before;
  return found;
}
