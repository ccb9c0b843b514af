// The table of trials: only the rows in view are in the page; a press on a head sorts.

import { find, html, whenChanged } from "../../draw/layers/dom.js";
import { grouped } from "../../draw/numbers.js";
import { say } from "../../table/rows/row_layer.js";
import { columnsOf, nextSort, sortedRows, usualSort } from "../numbers/table.js";
import { spanOf } from "../../table/lines/window.js";
import { isTrouble } from "../numbers/trials.js";
import { runLink } from "../words/links.js";

/** As css/results.css has it, px. */
const ROW_PX = 28;
const VIEW_PX = 420;

/**
 * @param {Results.Store} store @param {ReturnType<typeof import("../numbers/view.js").remembered>} viewOf
 * @returns {import("../../draw/painter.js").PanelOf<Results.State>}
 */
export function createTable(store, viewOf) {
  const root = find("[data-testid=results-table]");
  const frame = find(".rows", root);
  const [head, body] = [find("thead tr", root), find("tbody", root)];
  const changed = whenChanged();
  let [rows, columns] = [/** @type {Results.Row[]} */ ([]), /** @type {import("../numbers/table.js").Column[]} */ ([])];
  let top = 0; // px that are scrolled past; to ask for it while the page is written to would lay the page out at once
  const fill = () => fillBody(body, rows, columns, top);
  frame.addEventListener("scroll", () => ((top = frame.scrollTop), fill()), { passive: true });
  head.addEventListener("click", ({ target }) => {
    const key = target instanceof Element ? target.closest("button")?.dataset.sort : undefined;
    const { results, choice } = store.get();
    if (!key || !results) return;
    const { metrics, metric } = viewOf(results, choice);
    store.dispatch({ type: "choose", choice: { sort: nextSort(choice.sort ?? usualSort(metric), key, metrics) } });
  });
  return {
    every: 450,
    paint({ results, choice }) {
      if (!results) return;
      const view = viewOf(results, choice);
      if (!changed(view, choice.sort)) return;
      const sort = choice.sort ?? usualSort(view.metric);
      columns = columnsOf(view);
      rows = sortedRows(view.rows, columns, sort);
      paintHead(head, columns, sort);
      find("table", root).setAttribute("aria-rowcount", String(rows.length + 1));
      say(find(".panel-note", root), `${grouped(rows.length)} ${rows.length === 1 ? "trial" : "trials"}`);
      root.dataset.state = rows.length ? "live" : "empty";
      fill();
    },
  };
}

/** @param {HTMLElement} head @param {import("../numbers/table.js").Column[]} columns @param {string} sort */
function paintHead(head, columns, sort) {
  const keys = columns.map(({ key }) => key).join();
  if (head.dataset.keys !== keys) {
    head.dataset.keys = keys;
    head.replaceChildren(
      ...columns.map(({ key, title, about, number }) =>
        html(
          "th",
          { role: "columnheader", class: number ? "number" : null, title: about },
          html("button", { type: "button", "data-sort": key }, title, html("i", { "aria-hidden": "true" })),
        ),
      ),
    );
  }
  const [way, key] = sort.startsWith("-") ? ["descending", sort.slice(1)] : ["ascending", sort];
  columns.forEach((column, place) => {
    const mine = column.key === key;
    head.children[place].setAttribute("aria-sort", mine ? way : "none");
    say(find("i", head.children[place]), mine ? (way === "ascending" ? " ↑" : " ↓") : "");
  });
}

/**
 * @param {HTMLElement} body @param {Results.Row[]} rows @param {import("../numbers/table.js").Column[]} columns
 * @param {number} top px that are scrolled past
 */
function fillBody(body, rows, columns, top) {
  const sizes = { count: rows.length, row: ROW_PX, open: null, editor: 0 };
  const { from, to, before, after } = spanOf(sizes, { top, height: VIEW_PX });
  const space = (/** @type {number} */ px) =>
    html(
      "tr",
      { class: "space", "aria-hidden": "true" },
      html("td", { style: `height:${px}px`, colspan: columns.length }),
    );
  body.replaceChildren(
    space(before),
    ...rows.slice(from, to).map((row, place) => rowOf(row, columns, from + place)),
    space(after),
  );
}

/** @param {Results.Row} row @param {import("../numbers/table.js").Column[]} columns @param {number} place from 0 */
function rowOf(row, columns, place) {
  return html(
    "tr",
    { role: "row", "data-run": row.run, "data-trouble": isTrouble(row), "aria-rowindex": place + 2 },
    ...columns.map(({ key, text, number }) => {
      const words = text(row);
      const link = key === "name" && html("a", { href: runLink(row.run) }, words);
      const title = key === "updates" && row.reason ? row.reason : words;
      return html("td", { role: "cell", "data-cell": key, class: number ? "number" : null, title }, link || words);
    }),
  );
}
