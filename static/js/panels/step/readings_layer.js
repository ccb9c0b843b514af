// The memories that a step reads, a row each: choose one by its name.

import { html } from "../../draw/layers/dom.js";
import { term } from "../../draw/layers/term.js";
import { readable } from "../../draw/numbers.js";
import { stepReadings } from "./selector.js";

/** Readings beyond that are scrolled (css/panels/detail.css). */
const MANY = 9;

/** @param {Trace} trace @param {number} step @param {number | null} memory the chosen one @param {Store} store */
export function readingsTable(trace, step, memory, store) {
  const found = stepReadings(trace, step);
  if (found.length === 0) return html("p", { class: "quiet" }, "No memory is read at this step.");
  const choose = (/** @type {number} */ source) => store.dispatch({ type: "view/memory", memory: source });
  const rows = found.map((reading) => row(reading, memory === reading.source, choose));
  const names = [term("memory"), term("attention weight", "weight"), term("credit")].map((name) =>
    html("th", {}, name),
  );
  const table = html(
    "table",
    { class: "readings" },
    html("thead", {}, html("tr", {}, ...names)),
    html("tbody", {}, ...rows),
  );
  const scrolled = found.length > MANY && {
    tabindex: 0,
    role: "region",
    "aria-label": `all ${found.length} readings of step ${step}`,
  };
  return html("div", { class: "scroller", ...scrolled }, table);
}

/**
 * @param {ReturnType<typeof stepReadings>[number]} reading @param {boolean} chosen
 * @param {(source: number) => void} choose
 */
function row({ source, weight, credit, threshold }, chosen, choose) {
  const name = html(
    "button",
    { type: "button", class: "link", "aria-pressed": String(chosen), onclick: () => choose(source) },
    source === -1 ? "∅ empty" : `step ${source}`,
  );
  return html(
    "tr",
    {},
    html("td", {}, name, threshold && html("small", { class: "threshold" }, term("threshold memory", "threshold"))),
    html(
      "td",
      { class: "bar" },
      html("i", { style: `width:${Math.round(Math.max(weight, 0) * 100)}%` }),
      html("span", {}, threshold ? "0" : readable(weight, 3)),
    ),
    html("td", {}, credit === null ? "–" : readable(credit, 3)),
  );
}
