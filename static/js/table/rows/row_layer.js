// One row of the table: its elements, made once, and what they say of a run. Text goes in as text alone.

import { find, html } from "../../draw/layers/dom.js";
import { verdictKind } from "../../state/selectors/runs.js";
import { cellsOf, COLUMNS } from "../lines/cells.js";
import { at } from "../../wire/link/root.js";

/** Tags that have a line each. */
const MOST_TAGS = 2;

/** @typedef {{kind: "run", id: string}} RunLine */

/** @param {string} id of a run @returns {HTMLTableRowElement} */
export function createRow(id) {
  const cells = COLUMNS.map(({ name, number }) =>
    html("td", { role: "cell", "data-cell": name, class: number ? "number" : null }, ...partsOf(id, name)),
  );
  return html(
    "tr",
    { role: "row", "data-run": id },
    html(
      "td",
      { role: "cell", "data-cell": "choose" },
      html("label", { class: "hit" }, html("input", { type: "checkbox", "data-part": "choose" })),
    ),
    html(
      "td",
      { role: "cell", "data-cell": "star" },
      html("button", { type: "button", class: "icon star", "data-part": "star", "aria-pressed": "false" }, "☆"),
    ),
    ...cells,
  );
}

/** @param {string} id @param {string} name of the column @returns {Node[]} */
function partsOf(id, name) {
  if (name === "name")
    return [
      html("a", { href: at(`/#run=${encodeURIComponent(id)}`), "data-part": "name" }),
      html("button", { type: "button", class: "icon note-mark", "data-part": "note", hidden: true }, "❝"),
      html("button", { type: "button", class: "icon", "data-part": "edit" }, "✎"),
    ];
  if (name === "verdict")
    return [html("span", { class: "verdict", hidden: true }), html("span", { class: "status-word" })];
  if (name === "created") return [html("span", { class: "start" }), html("small", { class: "imported", hidden: true })];
  if (name === "tags") return [html("span", { class: "tags" })];
  return [];
}

/**
 * @param {HTMLTableRowElement} row @param {RunView} run
 * @param {{name: string, chosen: boolean, editing: boolean, place: number}} more `name` is one that no other has,
 *   `place` counts from 1
 */
export function fillRow(row, run, { name, chosen, editing, place }) {
  row.setAttribute("aria-rowindex", String(place + 1));
  row.setAttribute("aria-selected", String(chosen));
  row.dataset.status = run.status;
  fillControls(row, run, name, chosen, editing);
  for (const [column, { text, title }] of Object.entries(cellsOf(run))) {
    if (column === "verdict" || column === "status" || column === "imported" || column === "created") continue;
    const cell = find(`:scope > [data-cell="${column}"]`, row);
    say(cell, text);
    cell.title = title;
  }
  fillVerdict(row, run);
  fillStart(row, run);
  const tags = find(".tags", row);
  if (tags.dataset.said !== run.tags.join("\n")) {
    tags.dataset.said = run.tags.join("\n");
    tags.replaceChildren(...tagsShown(run.tags));
  }
}

/**
 * @param {HTMLElement} row @param {RunView} run @param {string} name @param {boolean} chosen @param {boolean} editing
 */
function fillControls(row, run, name, chosen, editing) {
  const part = (/** @type {string} */ of) => find(`[data-part="${of}"]`, row);
  const box = /** @type {HTMLInputElement} */ (part("choose"));
  box.checked = chosen;
  box.setAttribute("aria-label", `Choose ${name}`);
  const star = part("star");
  star.setAttribute("aria-pressed", String(run.starred));
  star.setAttribute("aria-label", `Star ${name}`);
  say(star, run.starred ? "★" : "☆");
  say(part("name"), name);
  part("name").dataset.tell = name;
  const note = part("note");
  note.hidden = !run.note;
  note.dataset.tell = `Note\n${run.note}`;
  note.setAttribute("aria-label", `Note on ${name}: ${run.note}`);
  const edit = part("edit");
  edit.setAttribute("aria-label", `Edit name, note and tags of ${name}`);
  edit.setAttribute("aria-expanded", String(editing));
}

/** Tags as far as there is room; a mark tells how many more there are, and which. @param {string[]} tags */
function tagsShown(tags) {
  const shown = tags.slice(0, MOST_TAGS).map((tag) => html("span", { class: "tag", title: tag }, tag));
  const rest = tags.slice(MOST_TAGS);
  if (rest.length === 0) return shown;
  const all = tags.join(", ");
  const words = { "aria-label": `Tags: ${all}`, "data-tell": `Tags\n${tags.join("\n")}` };
  return [
    ...shown,
    html("button", { type: "button", class: "icon", "data-part": "tags", ...words }, `+${rest.length}`),
  ];
}

/** @param {HTMLElement} row @param {RunView} run */
function fillVerdict(row, run) {
  const { verdict, status } = cellsOf(run);
  const place = find(".verdict", row);
  place.hidden = !run.verdict;
  place.dataset.kind = run.verdict ? verdictKind(run.verdict) : "";
  place.title = verdict.title;
  say(place, verdict.text);
  const word = find(".status-word", row);
  word.title = status.title;
  say(word, status.text);
}

/** @param {HTMLElement} row @param {RunView} run */
function fillStart(row, run) {
  const { created, imported } = cellsOf(run);
  const start = find(".start", row);
  start.title = created.title;
  say(start, created.text);
  const mark = find(".imported", row);
  mark.hidden = !run.imported;
  mark.title = imported.title;
  say(mark, imported.text);
}

/** Text that is as it was is not touched. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
