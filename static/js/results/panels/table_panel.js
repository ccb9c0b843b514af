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
      if (!changed(view.axes, view.rows, view.metric, choice.sort)) return; // the two shown axes are nothing to it
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
 * Rows that are there are written over, since to lay new ones out costs a frame; not where the focus is in one, which
 * would be in another trial then.
 * @param {HTMLElement} body @param {Results.Row[]} rows @param {import("../numbers/table.js").Column[]} columns
 * @param {number} top px that are scrolled past
 */
function fillBody(body, rows, columns, top) {
  const sizes = { count: rows.length, row: ROW_PX, open: null, editor: 0 };
  const { from, to, before, after } = spanOf(sizes, { top, height: VIEW_PX });
  const keys = columns.map(({ key }) => key).join();
  const kept = body.dataset.keys === keys && body.children.length === to - from + 2;
  if (!kept || body.contains(document.activeElement)) {
    body.dataset.keys = keys;
    const shown = Array.from({ length: to - from }, () => emptyRow(columns));
    body.replaceChildren(space(columns), ...shown, space(columns));
  }
  rows.slice(from, to).forEach((row, place) => write(body.children[place + 1], row, columns, from + place));
  for (const [element, px] of /** @type {const} */ ([
    [body.firstElementChild, before],
    [body.lastElementChild, after],
  ]))
    /** @type {HTMLElement} */ (element?.firstElementChild).style.height = `${px}px`;
}

/** @param {import("../numbers/table.js").Column[]} columns */
const space = ({ length }) => html("tr", { class: "space", "aria-hidden": "true" }, html("td", { colspan: length }));

/** @param {import("../numbers/table.js").Column[]} columns */
const emptyRow = (columns) =>
  html(
    "tr",
    { role: "row" },
    ...columns.map(({ key, number }) =>
      html("td", { role: "cell", "data-cell": key, class: number ? "number" : null }, key === "name" && html("a")),
    ),
  );

/** @param {Element} element @param {Results.Row} row @param {import("../numbers/table.js").Column[]} columns
 * @param {number} place from 0 */
function write(element, row, columns, place) {
  element.setAttribute("data-run", row.run);
  element.setAttribute("aria-rowindex", String(place + 2));
  element.toggleAttribute("data-trouble", isTrouble(row));
  columns.forEach(({ key, text }, index) => {
    const cell = /** @type {HTMLElement} */ (element.children[index]);
    const words = text(row);
    const link = cell.querySelector("a");
    if (link) link.href = runLink(row.run);
    say(link ?? cell, words);
    const title = key === "updates" && row.reason ? row.reason : words;
    if (cell.title !== title) cell.title = title;
  });
}
