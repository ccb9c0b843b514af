// What the chosen runs differ in, as a small table: a column for each of a few runs, or how often each value stands
// among many.

import { find, html } from "../../draw/layers/dom.js";
import { distinctNames } from "../../state/selectors/runs.js";
import { differences } from "./curves/differs.js";

/** More runs than that have no column of their own. */
const MOST_COLUMNS = 6;

/** @param {HTMLElement} root @returns {(runs: RunView[]) => void} */
export function createDiffers(root) {
  const place = find(".differs", root);
  return (runs) => {
    const found = differences(runs);
    place.replaceChildren(
      found.length ? tableOf(runs, found) : html("p", { class: "quiet" }, "These runs have the same settings."),
    );
  };
}

/** @param {RunView[]} runs @param {import("./curves/differs.js").Difference[]} found */
function tableOf(runs, found) {
  const few = runs.length <= MOST_COLUMNS;
  const names = distinctNames([...runs].sort((a, b) => (a.created < b.created ? 1 : -1)));
  const heads = few ? runs.map(({ id }) => names.get(id) ?? id) : ["values, and how many runs have each"];
  const cells = (/** @type {string[]} */ values) => (few ? values : [tallied(values)]);
  return html(
    "table",
    { "data-testid": "differs" },
    html("caption", {}, "What differs; all else is the same"),
    html(
      "thead",
      {},
      html("tr", {}, html("th", {}, "setting"), ...heads.map((name) => html("th", { title: name }, name))),
    ),
    html(
      "tbody",
      {},
      ...found.map(({ path, label, values }) =>
        html(
          "tr",
          { "data-field": path },
          html("th", { scope: "row" }, label),
          ...cells(values).map((value) => html("td", {}, value)),
        ),
      ),
    ),
  );
}

/** @param {string[]} values */
function tallied(values) {
  const counts = /** @type {Map<string, number>} */ (new Map());
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${value} (${count})`).join(", ");
}
