// What presses, keys and the pointer do in the rows.

import { createTooltip } from "../../draw/layers/tooltip.js";
import { scrollTo } from "../lines/window.js";

/**
 * @typedef {ReturnType<typeof import("./rows_panel.js").createRows>} RowsPart
 * @typedef {{store: Table.Store, rows: RowsPart, star: (run: string) => void, repaint: () => void}} Table_ what the
 *   gestures reach
 */

/** @param {Table_} table */
export function listenToRows(table) {
  const { frame } = table.rows;
  let last = /** @type {string | null} */ (null);
  frame.addEventListener("scroll", table.repaint, { passive: true });
  frame.addEventListener("click", (event) => {
    const part = partOf(event.target);
    if (part?.name === "choose") {
      chooseTo(table, part, event.shiftKey ? last : null);
      last = part.run;
    } else if (part) press(table, part);
  });
  frame.addEventListener("dblclick", (event) => {
    const cell = event.target instanceof Element ? event.target.closest("[data-cell=name]") : null;
    const run = cell?.closest("tr")?.dataset.run;
    if (run && !partOf(event.target)) table.store.dispatch({ type: "edit", run });
  });
  frame.addEventListener("keydown", (event) => onKey(table, event));
  listenToTold(frame);
}

/** @typedef {{name: string, run: string, group: string | undefined, element: HTMLElement}} Part of a row */

/** @param {EventTarget | null} target @returns {Part | null} */
function partOf(target) {
  const element = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-part]")) : null;
  const row = element?.closest("tr");
  if (!element || !row) return null;
  return { name: element.dataset.part ?? "", run: row.dataset.run ?? "", group: row.dataset.group, element };
}

/** @param {Table_} table @param {Part} part */
function press({ store, rows, star }, { name, run, group, element }) {
  if (name === "star") star(run);
  if (name === "edit" || name === "note")
    store.dispatch({ type: "edit", run: store.get().editing === run ? null : run });
  const head = rows.lines().find((line) => line.kind === "head" && line.key === group);
  if (head?.kind !== "head") return;
  if (name === "fold") store.dispatch({ type: "fold", key: head.key, folded: !head.folded });
  if (name !== "choose-group") return;
  const on = /** @type {HTMLInputElement} */ (element).checked;
  const whole = on && store.get().by === "group" && head.key !== "" && store.get().chosen.size === 0;
  if (whole) store.dispatch({ type: "choose/group", group: head.key });
  else store.dispatch({ type: "choose", runs: head.runs, on });
}

/** One run, or with Shift all from the one chosen before. @param {Table_} table @param {Part} part
 * @param {string | null} since */
function chooseTo({ store, rows }, { run, element }, since) {
  const on = /** @type {HTMLInputElement} */ (element).checked;
  const ids = rows.lines().flatMap((line) => (line.kind === "run" ? [line.id] : []));
  const [from, to] = [ids.indexOf(since ?? run), ids.indexOf(run)].sort((a, b) => a - b);
  store.dispatch({ type: "choose", runs: from < 0 ? [run] : ids.slice(from, to + 1), on });
}

/** Up and down go to the same control of the next row, F2 edits. @param {Table_} table @param {KeyboardEvent} event */
function onKey(table, event) {
  const part = partOf(event.target);
  if (!part || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "F2" && part.run) {
    event.preventDefault();
    table.store.dispatch({ type: "edit", run: part.run });
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const lines = table.rows.lines();
  const place = lines.findIndex((line) =>
    line.kind === "run" ? line.id === part.run : part.run === "" && line.key === part.group,
  );
  const next = lines[place + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) focusOn(table, next, lines.indexOf(next), part.name);
}

/**
 * @param {Table_} table @param {import("../lines/grouping.js").Line} line @param {number} place
 * @param {string} name of the control that has the focus
 */
function focusOn({ rows, repaint }, line, place, name) {
  const { frame } = rows;
  const head = frame.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  const top = scrollTo(place, rows.sizes(), { top: frame.scrollTop, height: frame.clientHeight }, head);
  if (top !== null) frame.scrollTop = top;
  repaint();
  requestAnimationFrame(() => {
    const key = line.kind === "run" ? `[data-run="${CSS.escape(line.id)}"]` : `[data-group="${CSS.escape(line.key)}"]`;
    const row = frame.querySelector(key);
    const same = /** @type {HTMLElement | null} */ (row?.querySelector(`[data-part="${name}"]:not([hidden])`) ?? null);
    const any = /** @type {HTMLElement | null} */ (row?.querySelector("[data-part]") ?? null);
    (same ?? any)?.focus();
  });
}

/** @param {HTMLElement} element */
const isCut = ({ scrollHeight, clientHeight, scrollWidth, clientWidth }) =>
  scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1;

/** What a part has more room for in a box of its own (a note, tags, a name that is cut), while it is pointed at or has
 * the focus. @param {HTMLElement} frame */
function listenToTold(frame) {
  const tooltip = createTooltip();
  const show = (/** @type {Event} */ event) => {
    const element = partOf(event.target)?.element;
    const told = element?.dataset.tell;
    if (!element || !told || (element.dataset.part === "name" && !isCut(element))) return;
    const { left, top } = element.getBoundingClientRect();
    tooltip.show(told.split("\n"), left, top);
  };
  const hide = (/** @type {Event} */ event) => partOf(event.target)?.element.dataset.tell && tooltip.hide();
  frame.addEventListener("pointerover", show);
  frame.addEventListener("focusin", show);
  frame.addEventListener("pointerout", hide);
  frame.addEventListener("focusout", hide);
  frame.addEventListener("scroll", tooltip.hide, { passive: true });
}
