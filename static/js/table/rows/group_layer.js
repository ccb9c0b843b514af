// The head of a group of rows: its name, how many runs it has and how many of them learned, and a box for all of them.

import { find, html } from "../../draw/layers/dom.js";
import { headWords, resultsLink } from "../lines/grouping.js";
import { say } from "./row_layer.js";

/** @typedef {import("../lines/grouping.js").HeadLine} HeadLine */

/** @param {string} key of the group @param {number} columns @returns {HTMLTableRowElement} */
export function createGroup(key, columns) {
  return html(
    "tr",
    { class: "head", role: "row", "data-group": key },
    html(
      "td",
      { role: "cell", "data-cell": "choose" },
      html("label", { class: "hit" }, html("input", { type: "checkbox", "data-part": "choose-group" })),
    ),
    html(
      "td",
      { role: "cell", colspan: columns - 1 },
      html(
        "button",
        { type: "button", class: "fold", "data-part": "fold" },
        html("i", { "aria-hidden": "true" }),
        html("strong"),
        html("span", { class: "quiet" }),
      ),
      html("a", { "data-part": "results", hidden: true }, "Results"),
    ),
  );
}

/**
 * @param {HTMLTableRowElement} row @param {HeadLine} line
 * @param {{chosen: number, complete: boolean, place: number}} more how many of its runs are chosen, whether all of the
 *   list are here, its place from 1
 */
export function fillGroup(row, line, { chosen, complete, place }) {
  row.setAttribute("aria-rowindex", String(place + 1));
  const fold = find("button", row);
  fold.setAttribute("aria-expanded", String(!line.folded));
  say(find("i", fold), line.folded ? "▸" : "▾");
  say(find("strong", fold), line.label);
  say(find("span", fold), headWords(line, complete));
  const results = /** @type {HTMLAnchorElement} */ (find("a", row));
  results.hidden = line.group === null;
  if (line.group !== null) results.href = resultsLink(line.group);
  const box = /** @type {HTMLInputElement} */ (find("input", row));
  box.checked = chosen > 0 && chosen === line.runs.length;
  box.indeterminate = chosen > 0 && chosen < line.runs.length;
  box.setAttribute("aria-label", `Choose all of ${line.label}`);
}
