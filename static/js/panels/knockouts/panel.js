// The line below the head of the paths: the chosen arc and the button that knocks it out; below it, what knock-outs
// changed. Delete and Backspace do the same from anywhere but a field; Ctrl+Z is in undo.js.

import { find, html, whenChanged } from "../../draw/layers/dom.js";
import { readable } from "../../draw/numbers.js";
import { chosenArc, comparison } from "../../state/selectors/knockouts.js";

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createKnockouts(store) {
  const chip = find("#chosen-arc");
  const banner = find("#knocked-out");
  const chipChanged = whenChanged();
  const bannerChanged = whenChanged();
  document.addEventListener("keydown", (event) => onKey(store, event));
  return {
    every: 100,
    together: true,
    paint(state) {
      const arc = chosenArc(state);
      if (chipChanged(arc && JSON.stringify(arc))) chip.replaceChildren(...chipParts(arc, store));
      const found = comparison(state);
      if (!bannerChanged(found && JSON.stringify(found))) return;
      banner.hidden = found === null;
      banner.replaceChildren(...(found ? bannerParts(found, store) : []));
    },
  };
}

/** @param {ReturnType<typeof chosenArc>} arc @param {Store} store @returns {(Node | string)[]} */
function chipParts(arc, store) {
  if (!arc) return [];
  const pair = /** @type {Pair} */ ([arc.reader, arc.source]);
  const act = (/** @type {"arc/restore" | "arc/knock"} */ type, /** @type {string} */ label) =>
    html("button", { type: "button", class: "small", onclick: () => store.dispatch({ type, arc: pair }) }, label);
  return [
    html(
      "span",
      {},
      html("b", {}, `${arc.reader} → ${arc.source}`),
      arc.out ? " is knocked out" : ` weight ${readable(arc.weight, 3)}, credit ${readable(arc.credit, 3)}`,
    ),
    arc.out ? act("arc/restore", "Restore") : act("arc/knock", "Knock out"),
    html(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": `release arc ${arc.reader} → ${arc.source}`,
        onclick: () => store.dispatch({ type: "view/memory", memory: arc.source }),
      },
      "×",
    ),
  ];
}

/**
 * @param {import("../../state/selectors/knockouts.js").Comparison} found @param {Store} store
 * @returns {(Node | string)[]}
 */
function bannerParts({ arcs, changes, why, caution }, store) {
  const names = arcs.map(([reader, source]) => `${reader} → ${source}`).join(", ");
  const button = (/** @type {string} */ label, /** @type {"arc/undo" | "arc/clear"} */ type) =>
    html("button", { type: "button", class: "small", onclick: () => store.dispatch({ type }) }, label);
  const parts = [
    html("strong", {}, `Knocked out ${names}`),
    ...changes.map(({ name, before, after }) =>
      html(
        "span",
        { class: "change", "data-change": name },
        `${name} `,
        before === after ? html("b", {}, `${after}, unchanged`) : html("span", {}, before, " → ", html("b", {}, after)),
      ),
    ),
    html(
      "span",
      { class: "push row" },
      button("Undo", "arc/undo"),
      arcs.length > 1 && button("Restore all", "arc/clear"),
    ),
  ];
  if (why) parts.splice(-1, 0, html("span", { class: "quiet", "data-why": true }, why));
  if (caution) parts.splice(-1, 0, html("span", { class: "quiet" }, caution));
  return parts;
}

/** @param {Store} store @param {KeyboardEvent} event */
function onKey(store, event) {
  const place = /** @type {Element | null} */ (event.target);
  if (event.defaultPrevented || event.altKey || place?.closest("input, select, textarea, dialog")) return;
  const arc = chosenArc(store.get());
  if ((event.key === "Delete" || event.key === "Backspace") && arc && !arc.out) {
    event.preventDefault();
    store.dispatch({ type: "arc/knock", arc: [arc.reader, arc.source] });
  }
}
