// Pictures as trees of SVG nodes: the page draws them, and files are written from the same. Pure.

import { escaped } from "../../draw/figures/escaped.js";

/**
 * @typedef {{tag: string, at: Record<string, string | number>, in: (Node | string)[]}} Node
 * @typedef {{node: Node, width: number, height: number}} Figure sizes in px
 */

/**
 * @param {string} tag @param {Record<string, string | number | null>} attributes null is left out
 * @param {...(Node | string | null)} children @returns {Node}
 */
export function node(tag, attributes, ...children) {
  const at = /** @type {Record<string, string | number>} */ ({});
  for (const [name, value] of Object.entries(attributes)) if (value !== null) at[name] = value;
  return { tag, at, in: /** @type {(Node | string)[]} */ (children.filter((child) => child !== null)) };
}

/**
 * @param {number} x @param {number} y @param {string} words
 * @param {Record<string, string | number | null>} [more]
 */
export const text = (x, y, words, more = {}) => node("text", { x: round(x), y: round(y), ...more }, words);

/** Places in tenths of a px: no eye sees less, and files stay short. @param {number} px */
export const round = (px) => Math.round(px * 10) / 10;

/** A tree as the text of an SVG file. @param {Node} tree @returns {string} */
export function toText({ tag, at, in: children }) {
  const attributes = Object.entries(at).map(([name, value]) => ` ${name}="${quoted(String(value))}"`);
  const inside = children.map((child) => (typeof child === "string" ? escaped(child) : toText(child)));
  return `<${tag}${attributes.join("")}>${inside.join("")}</${tag}>`;
}

/** @param {string} words */
const quoted = (words) => escaped(words).replaceAll('"', "&quot;");

/** A rough width of words, px, where nobody can measure them. @param {string} words @param {number} [size] px */
export const widthOf = (words, size = 12) => words.length * size * 0.56;

/** What has no room ends with dots. @param {string} words @param {number} px @param {number} [size] px */
export function fitting(words, px, size = 12) {
  const letters = Math.max(Math.floor(px / (size * 0.56)), 2);
  return words.length <= letters ? words : `${words.slice(0, letters - 1)}…`;
}
