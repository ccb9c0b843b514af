// The curves by name: how each looks, how many of its runs learned, and what it came to; a press takes a line away or
// brings it back.

import { find, html, svg } from "../../draw/layers/dom.js";
import { lookOf } from "./figure/look.js";
import { copiesWords, endWords, learnedWords } from "./words.js";

const SWATCH = { width: 46, height: 14 };

/**
 * @typedef {import("./curves/chart.js").Chart} Chart
 * @typedef {import("./curves/chart.js").Curve} Curve
 */

/**
 * @param {HTMLElement} root @param {Table.Store} store
 * @returns {(chart: Chart, overlay: Table.Overlay, colours: string[]) => void}
 */
export function createLegend(root, store) {
  const place = find(".legend", root);
  const toggle = (/** @type {string} */ key) => {
    const { off } = store.get().overlay;
    const next = off.includes(key) ? off.filter((one) => one !== key) : [...off, key];
    store.dispatch({ type: "overlay", options: { off: next } });
  };
  return (chart, overlay, colours) => {
    const focused = document.activeElement?.closest("[data-curve]")?.getAttribute("data-curve");
    place.replaceChildren(
      ...chart.curves.map((curve) => entryOf(curve, chart, !overlay.off.includes(curve.key), colours, toggle)),
    );
    const again = focused && place.querySelector(`[data-curve="${CSS.escape(focused)}"] button`);
    if (again instanceof HTMLElement) again.focus();
  };
}

/** @param {Curve} curve @param {Chart} chart @param {boolean} on @param {string[]} colours
 * @param {(key: string) => void} toggle */
function entryOf(curve, { metric }, on, colours, toggle) {
  return html(
    "p",
    { "data-curve": curve.key, "data-on": String(on) },
    html(
      "button",
      { type: "button", "aria-pressed": String(on), title: "draw this line, or not", onclick: () => toggle(curve.key) },
      swatch(curve.place, colours),
      html("span", { class: "label" }, curve.label),
    ),
    html(
      "span",
      { class: "quiet" },
      [learnedWords(curve), endWords(curve, metric), copiesWords(curve)].filter(Boolean).join(" · "),
    ),
  );
}

/** @param {number} place @param {string[]} colours */
function swatch(place, colours) {
  const { color, lengths, mark } = lookOf(place, colours);
  const { width, height } = SWATCH;
  const middle = height / 2;
  return svg(
    "svg",
    { ...SWATCH, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svg("line", {
      x1: 0,
      x2: width,
      y1: middle,
      y2: middle,
      stroke: color,
      "stroke-width": 2,
      "stroke-dasharray": lengths,
    }),
    svg("path", { d: shapeOf(mark, width / 2, middle), fill: color, stroke: color }),
  );
}

/** The mark as Plotly draws it, around its middle. @param {string} mark @param {number} x @param {number} y */
function shapeOf(mark, x, y) {
  if (mark === "square") return `M${x - 3},${y - 3}h6v6h-6z`;
  if (mark === "diamond") return `M${x - 4},${y}l4,-4l4,4l-4,4z`;
  if (mark === "triangle-up") return `M${x - 4},${y + 3}l4,-7l4,7z`;
  if (mark === "x") return `M${x - 3},${y - 2}l1,-1l2,2l2,-2l1,1l-2,2l2,2l-1,1l-2,-2l-2,2l-1,-1l2,-2z`;
  return `M${x - 3.5},${y}a3.5,3.5 0 1 0 7,0a3.5,3.5 0 1 0 -7,0z`;
}
