// The head of the table: a press on a column sorts by it, another turns the order round.

import { find, html, whenChanged } from "../../draw/layers/dom.js";
import { isComplete } from "../state/list.js";
import { COLUMNS } from "../lines/cells.js";
import { say } from "../rows/row_layer.js";

/**
 * @typedef {{sort: (key: string) => void, all: (on: boolean) => void}} Heads
 */

/** @param {HTMLElement} root @param {Heads} heads @returns {import("../../draw/painter.js").PanelOf<Table.State>} */
export function createHead(root, { sort, all }) {
  const row = find("thead tr", root);
  const box = html("input", { type: "checkbox", "aria-label": "Choose all runs of this list" });
  box.addEventListener("change", () => all(box.checked));
  row.append(
    html("th", { role: "columnheader", "data-column": "choose" }, html("label", { class: "hit" }, box)),
    html(
      "th",
      { role: "columnheader", "data-column": "star" },
      html(
        "button",
        { type: "button", title: "sort by starred", "aria-label": "Starred", onclick: () => sort("starred") },
        "★",
      ),
    ),
    ...COLUMNS.map(({ name, title, below, sort: key, about, number }) =>
      html(
        "th",
        { role: "columnheader", "data-column": name, class: number ? "number" : null, title: about },
        key
          ? html("button", { type: "button", onclick: () => sort(key) }, title, html("i", { "aria-hidden": "true" }))
          : title,
        below ? html("small", {}, below) : null,
      ),
    ),
  );
  const changed = whenChanged();
  return {
    every: 250,
    paint({ listing, chosen, choosingAll }) {
      if (!changed(listing.sort, listing.order, chosen, choosingAll, listing.total)) return;
      const some = listing.order.some((id) => chosen.has(id));
      const every = some && isComplete(listing) && listing.order.every((id) => chosen.has(id));
      box.checked = every || choosingAll;
      box.indeterminate = some && !every && !choosingAll;
      paintOrder(row, listing.sort);
    },
  };
}

/** @param {HTMLElement} row @param {string} order */
function paintOrder(row, order) {
  const [way, key] = order.startsWith("-") ? ["descending", order.slice(1)] : ["ascending", order];
  const keys = [null, "starred", ...COLUMNS.map(({ sort }) => sort)];
  [...row.children].forEach((head, place) => {
    const mine = keys[place] === key;
    if (keys[place]) head.setAttribute("aria-sort", mine ? way : "none");
    const arrow = head.querySelector("i");
    if (arrow) say(arrow, mine ? (way === "ascending" ? " ↑" : " ↓") : "");
  });
}

/** The order after a press on a column: rising, or turned round where it is sorted by already. What is large, new or
 * starred is wanted first. @param {string} now @param {string} key */
export function nextOrder(now, key) {
  const first = ["created", "started", "best", "last", "rate", "starred", "update"].includes(key) ? `-${key}` : key;
  if (now === first) return first.startsWith("-") ? key : `-${key}`;
  return first;
}
