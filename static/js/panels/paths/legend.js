// What the marks of the paths panel mean: only those that are in the picture. Pure; how they are drawn:
// panels/paths/legend_layer.js.

import { hopDash } from "../../draw/figures/methods.js";
import { THRESHOLD_DASH } from "../../draw/look.js";
import { sequenceName } from "../../wire/trace.js";

const THRESHOLD = "threshold memory";

/**
 * @typedef {{mark: "line" | "scissors" | "ring" | "ghost", text: string, dash: string, title: string,
 *   term?: string}} LegendEntry `term` is what the glossary calls it, which then says more than a
 *   title
 */

/**
 * @param {import("./figure.js").PathFigure} figure
 * @returns {LegendEntry[]}
 */
export function pathsLegend(figure) {
  const { skips, cuts, rings, ghosts } = figure;
  const chosen = skips.filter((arc) => arc.chosen);
  const line = (/** @type {string} */ text, /** @type {string} */ dash, /** @type {string} */ title) => ({
    mark: /** @type {const} */ ("line"),
    text,
    dash,
    title,
  });
  return [
    skips.length > 0 && line("width is credit", "", "skip edge: the reader read this memory; first hop from the loss"),
    chosen.some((arc) => arc.hop === 2) && line("2nd hop", hopDash(2), "credit hopped once before"),
    chosen.some((arc) => arc.hop > 2) && line("3rd and later", hopDash(3), "credit hopped twice or more before"),
    skips.some((arc) => !arc.chosen) && { ...line(THRESHOLD, THRESHOLD_DASH, ""), term: THRESHOLD },
    cuts.length > 0 && { mark: /** @type {const} */ ("scissors"), text: "cut", term: "cut", dash: "", title: "" },
    rings.length > 0 && {
      mark: /** @type {const} */ ("ring"),
      text: "true source",
      term: "true source",
      dash: "",
      title: "",
    },
    ghosts.length > 0 && {
      mark: /** @type {const} */ ("ghost"),
      text: "knocked out",
      dash: "",
      title: "no ink: this reading was taken away; click it to put it back",
    },
  ].filter((entry) => entry !== false);
}

/**
 * Share of the readers with a known true source that hit it, in the example shown.
 * @param {Trace} trace
 * @returns {{rate: number, text: string, title: string} | null} null where the task knows no true source
 */
export function hitRate(trace) {
  const hits = Object.values(trace.hits).filter((hit) => hit !== null);
  if (trace.hit_rate === null || hits.length === 0) return null;
  return {
    rate: trace.hit_rate,
    text: `hit rate ${percent(trace.hit_rate)}, ${sequenceName(trace)}`,
    title:
      `${hits.filter(Boolean).length} of ${hits.length} readers of this one example. A hit: the memory with the ` +
      "largest weight (the empty one aside) is the first microstate written at or after the true source",
  };
}

/** @param {number} share 0 to 1 */
const percent = (share) => `${Number((share * 100).toPrecision(3))} %`;
