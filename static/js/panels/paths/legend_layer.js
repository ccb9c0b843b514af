// The legend of the paths panel, as small pictures in its head and as a row of the exported picture.

import { html, svg } from "../../draw/layers/dom.js";
import { term } from "../../draw/layers/term.js";

const MARK_PX = 26;
const GAP_PX = 14;
const LETTER_PX = 5.6;

/** @typedef {import("./legend.js").LegendEntry} LegendEntry */

/**
 * @param {LegendEntry[]} entries
 * @param {Theme} theme
 * @returns {HTMLElement[]}
 */
export function legendItems(entries, theme) {
  return entries.map((entry) =>
    html(
      "span",
      { class: "key", title: entry.term ? null : entry.title, "data-legend": entry.text },
      svg("svg", { width: MARK_PX, height: 14, "aria-hidden": "true" }, ...mark(entry, theme)),
      entry.term ? term(entry.term, entry.text) : entry.text,
    ),
  );
}

/**
 * @param {LegendEntry[]} entries
 * @param {Theme} theme
 * @param {number} x px, left end
 * @param {number} y px, of the letters' base
 * @returns {SVGElement[]}
 */
export function legendRow(entries, theme, x, y) {
  let at = x;
  return entries.map((entry) => {
    const group = svg(
      "g",
      { transform: `translate(${at} ${y - 11})` },
      ...mark(entry, theme),
      svg("text", { x: MARK_PX + 4, y: 11, "font-size": 11, fill: theme.muted }, entry.text),
    );
    at += MARK_PX + 4 + entry.text.length * LETTER_PX + GAP_PX;
    return group;
  });
}

/** Within 26 × 14 px. @param {LegendEntry} entry @param {Theme} theme @returns {SVGElement[]} */
function mark({ mark: kind, dash }, theme) {
  if (kind === "ring")
    return [svg("circle", { cx: 18, cy: 7, r: 5, fill: "none", stroke: theme.source, "stroke-width": 2.5 })];
  if (kind === "scissors") return [svg("g", { transform: "translate(18 8)" }, ...blades(theme))];
  const line = (/** @type {string} */ stroke, /** @type {number} */ width, /** @type {string} */ dashes) =>
    svg("path", {
      d: "M2 7h22",
      fill: "none",
      stroke,
      "stroke-width": width,
      "stroke-dasharray": dashes || null,
      "stroke-linecap": kind === "ghost" ? "butt" : "round",
    });
  if (kind === "ghost") return [line(theme.muted, 6, "5 4"), line(theme.panel, 4, "")];
  return [line(theme.sab, 2.5, dash)];
}

/** A pair of scissors around the origin. @param {Theme} theme */
export function blades(theme) {
  return [
    svg("path", {
      d: "M-2.2 2L2.4 -6M2.2 2L-2.4 -6",
      stroke: theme.muted,
      "stroke-width": 1.2,
      fill: "none",
      "stroke-linecap": "round",
    }),
    svg("circle", { cx: -2.8, cy: 4, r: 1.9, fill: "none", stroke: theme.muted, "stroke-width": 1.2 }),
    svg("circle", { cx: 2.8, cy: 4, r: 1.9, fill: "none", stroke: theme.muted, "stroke-width": 1.2 }),
  ];
}
