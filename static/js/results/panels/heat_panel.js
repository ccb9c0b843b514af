// The heatmap: painted when rows, choice, size or theme are others; a cell tells itself where one points or tabs to it.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { sizeOf } from "../../draw/layers/size.js";
import { say } from "../../table/rows/row_layer.js";
import { heatFigure, keyOf } from "../figures/heat.js";
import { lookNow } from "../view/look_layer.js";
import { show } from "../view/svg_layer.js";
import { cellWords } from "../words/cells.js";
import { captions } from "../words/story.js";

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * @typedef {{viewOf: ReturnType<typeof import("../numbers/view.js").remembered>, theme: () => Theme,
 *   tooltip: ReturnType<typeof import("../../draw/layers/tooltip.js").createTooltip>}} Shared
 */

/** @param {Results.Store} store @param {Shared} shared
 * @returns {import("../../draw/painter.js").PanelOf<Results.State>} */
export function createHeat(store, { viewOf, theme, tooltip }) {
  const root = find("[data-testid=results-heat]");
  const place = /** @type {SVGElement} */ (root.querySelector("svg"));
  const changed = whenChanged();
  let chosen = /** @type {string | null} */ (null);
  const view = () => {
    const { results, choice } = store.get();
    return results && viewOf(results, choice);
  };
  const draw = () => {
    const now = view();
    if (now) show(place, heatFigure(now, lookNow(), widthOf(root), { group: store.get().group, chosen }));
  };
  const tell = (/** @type {Element | null} */ cell) => {
    const now = view();
    const found = now?.cells.find(({ at }) => keyOf(at) === cell?.getAttribute("data-cell"));
    if (!now || !cell || !found) return tooltip.hide();
    const { right, top } = cell.getBoundingClientRect();
    tooltip.show(cellWords(found, now), right - 14, top + 6);
  };
  listen(place, tell, tooltip.hide, (key, way) => {
    const now = view();
    const next = now && neighbour(now, key, way);
    if (!next) return false;
    chosen = keyOf(next.at);
    draw();
    /** @type {SVGElement | null} */ (place.querySelector(`[data-cell="${chosen}"]`))?.focus();
    return true;
  });
  return {
    every: 450,
    paint(state) {
      if (!state.results) return;
      const now = viewOf(state.results, state.choice);
      if (!changed(now, widthOf(root), theme())) return;
      root.dataset.state = now.cells.length ? "live" : "empty";
      say(find("h2", root), titleOf(now));
      say(find(".caption", root), captions(now).heat);
      draw();
    },
  };
}

/** @param {EventTarget | null} target */
const cellAt = (target) => (target instanceof Element ? target.closest("[data-cell]") : null);

/**
 * @param {SVGElement} place @param {(cell: Element | null) => void} tell @param {() => void} hide
 * @param {(key: string, way: [number, number] | undefined) => boolean} go whether there is a cell that way
 */
function listen(place, tell, hide, go) {
  place.addEventListener("pointermove", ({ target }) => tell(cellAt(target)));
  place.addEventListener("pointerleave", hide);
  place.addEventListener("focusin", ({ target }) => tell(cellAt(target)));
  place.addEventListener("focusout", hide);
  place.addEventListener("keydown", (event) => {
    if (go(cellAt(event.target)?.getAttribute("data-cell") ?? "", ARROWS[event.key])) event.preventDefault();
  });
}

/** @param {Results.View} view */
export const titleOf = ({ metric, x, y }) =>
  `${metric.name} by ${[x, y].flatMap((axis) => axis?.name ?? []).join(" and ") || "setting"}`;

/** What is inside a card, px. @param {HTMLElement} root */
export const widthOf = (root) => Math.max(sizeOf(find(".picture", root)).width, 240);

/**
 * The next cell in the way of an arrow that has any trial.
 * @param {Results.View} view @param {string} key @param {[number, number] | undefined} way
 */
function neighbour({ cells, x, y }, key, way) {
  const here = cells.find(({ at }) => keyOf(at) === key);
  if (!here || !way) return null;
  const axis = way[0] ? (x ? 0 : -1) : y ? (x ? 1 : 0) : -1;
  const step = way[0] || way[1];
  const ahead = cells.filter(
    ({ at }) =>
      axis >= 0 &&
      (at[axis] - here.at[axis]) * step > 0 &&
      at.every((place, other) => other === axis || place === here.at[other]),
  );
  return ahead.sort((a, b) => (a.at[axis] - b.at[axis]) * step)[0] ?? null;
}
