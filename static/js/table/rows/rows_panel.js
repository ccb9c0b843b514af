// The rows of the table that are in view, and no others; each is the same element for as long as it is there, so that a
// change of one run touches one row and no press is lost.

import { find, html, whenChanged } from "../../draw/layers/dom.js";
import { sizeOf } from "../../draw/layers/size.js";
import { distinctNames } from "../../state/selectors/runs.js";
import { isComplete } from "../state/list.js";
import { COLUMNS } from "../lines/cells.js";
import { createEditor } from "./editor_layer.js";
import { createGroup, fillGroup } from "./group_layer.js";
import { linesOf } from "../lines/grouping.js";
import { createRow, fillRow } from "./row_layer.js";
import { spanOf } from "../lines/window.js";

const WIDTH = COLUMNS.length + 2;

/**
 * @typedef {import("../lines/grouping.js").Line} Line
 * @typedef {{save: (run: RunView, patch: Partial<Wire.RunPatch>) => Promise<Problem | null>,
 *   leave: (run: string) => void}} Edits
 * @typedef {{id: string, row: HTMLTableRowElement, focus: () => void, asked: boolean}} Editor
 */

/** @param {HTMLElement} root @param {Table.Store} store @param {Edits} edits */
export function createRows(root, store, edits) {
  const body = new Rows(root, store, edits);
  return {
    /** @type {import("../../draw/painter.js").PanelOf<Table.State>} */
    panel: { every: 250, paint: (state) => body.paint(state) },
    /** What stands in the table, and how high its rows are. */
    lines: () => body.lines,
    sizes: () => body.sizes,
    frame: body.frame,
    /** A name that no other listed run has. @param {string} id */
    nameOf: (id) => body.names.get(id) ?? id,
  };
}

class Rows {
  /** @type {Line[]} */
  lines = [];
  /** @type {import("../lines/window.js").Sizes} */
  sizes = { count: 0, row: 46, open: null, editor: 0 };
  /** @type {Map<string, string>} */
  names = new Map();
  /** @type {Map<string, HTMLTableRowElement>} */
  #shown = new Map();
  /** @type {WeakMap<Element, unknown[]>} what a row was filled with */
  #filled = new WeakMap();
  /** @type {Editor | null} */
  #editor = null;
  #linesChanged = whenChanged();
  #namesChanged = whenChanged();
  #listChanged = whenChanged();

  /** @param {HTMLElement} root @param {Table.Store} store @param {Edits} edits */
  constructor(root, store, edits) {
    this.root = root;
    this.store = store;
    this.edits = edits;
    this.frame = find(".frame", root);
    this.table = find("table", root);
    this.body = find("tbody", root);
    this.above = space();
    this.below = space();
  }

  /** @param {Table.State} state */
  paint(state) {
    const { runs, listing, by, folded, removing } = state;
    if (this.#namesChanged(runs)) this.names = distinctNames(newestFirst(runs));
    if (this.#linesChanged(listing.order, by, folded, removing, by === "none" ? null : runs))
      this.lines = linesOf(state);
    // Another list is read from its beginning.
    if (this.#listChanged(listing.filter, listing.sort, by)) this.frame.scrollTop = 0;
    this.#openEditor(state);
    const span = this.#measure(state);
    this.table.setAttribute("aria-rowcount", String(this.sizes.count + 1));
    const lines = this.lines.slice(span.from, span.to);
    const rows = lines.flatMap((line, place) => this.#rowsOf(line, span.from + place, state));
    this.above.style.setProperty("--space", `${span.before}px`);
    this.below.style.setProperty("--space", `${span.after + (span.to - span.from - lines.length) * this.sizes.row}px`);
    this.#place([this.above, ...rows, this.below]);
    if (this.#editor?.asked) {
      this.#editor.asked = false;
      this.#editor.focus();
    }
    const seen = span.to + removing.size;
    if (by === "none" && seen > listing.order.length && !isComplete(listing))
      this.store.dispatch({ type: "list/seen", rows: seen });
  }

  /** @param {Table.State} state */
  #measure({ listing, by }) {
    const style = getComputedStyle(this.frame);
    const px = (/** @type {string} */ name) => Number.parseFloat(style.getPropertyValue(name));
    const more = by === "none" ? (listing.total ?? 0) - listing.order.length : 0;
    const open = this.lines.findIndex((line) => line.kind === "run" && line.id === this.#editor?.id);
    this.sizes = {
      count: this.lines.length + Math.max(more, 0),
      row: px("--row"),
      open: open < 0 ? null : open,
      editor: px("--editor"),
    };
    return spanOf(this.sizes, { top: this.frame.scrollTop, height: sizeOf(this.frame).height });
  }

  /** @param {Line} line @param {number} place @param {Table.State} state @returns {HTMLTableRowElement[]} */
  #rowsOf(line, place, state) {
    const key = line.kind === "run" ? line.id : `head ${line.key}`;
    const row = this.#shown.get(key) ?? (line.kind === "run" ? createRow(line.id) : createGroup(line.key, WIDTH));
    this.#shown.set(key, row);
    if (line.kind === "head") {
      const chosen = line.runs.filter((id) => state.chosen.has(id)).length;
      const complete = isComplete(state.listing);
      if (this.#isNew(row, [line, chosen, complete, place]))
        fillGroup(row, line, { chosen, complete, place: place + 1 });
      return [row];
    }
    const run = state.runs.get(line.id);
    const name = this.names.get(line.id) ?? line.id;
    const [chosen, editing] = [state.chosen.has(line.id), this.#editor?.id === line.id];
    if (run && this.#isNew(row, [run, name, chosen, editing, place]))
      fillRow(row, run, { name, chosen, editing, place: place + 1 });
    return editing && this.#editor ? [row, this.#editor.row] : [row];
  }

  /** @param {Element} row @param {unknown[]} values */
  #isNew(row, values) {
    const before = this.#filled.get(row);
    this.#filled.set(row, values);
    return !before || values.some((value, place) => value !== before[place]);
  }

  /** @param {Table.State} state */
  #openEditor({ editing, runs }) {
    if (editing === (this.#editor?.id ?? null)) return;
    const run = editing === null ? null : runs.get(editing);
    this.#editor = run
      ? {
          id: run.id,
          asked: true,
          ...createEditor(run, this.names.get(run.id) ?? run.id, WIDTH, {
            save: (patch) => this.edits.save(run, patch),
            leave: () => this.edits.leave(run.id),
          }),
        }
      : null;
  }

  /** One that stands at its place is never taken out of the page. @param {HTMLElement[]} rows */
  #place(rows) {
    const wanted = new Set(/** @type {Element[]} */ (rows));
    for (const child of [...this.body.children]) if (!wanted.has(child)) child.remove();
    rows.forEach((row, place) => {
      const there = this.body.children[place] ?? null;
      if (there !== row) this.body.insertBefore(row, there);
    });
    for (const [key, row] of this.#shown) if (!wanted.has(row)) this.#shown.delete(key);
  }
}

const space = () =>
  html("tr", { class: "space", "aria-hidden": "true" }, html("td", { colspan: WIDTH, role: "presentation" }));

/** @param {ReadonlyMap<string, RunView>} runs */
const newestFirst = (runs) => [...runs.values()].sort((a, b) => (a.created < b.created ? 1 : -1));
