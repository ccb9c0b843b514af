// Parallel coordinates: painted when something is other; the nearest line stands out, tells its trial, leads to it.

import { find, svg, whenChanged } from "../../draw/layers/dom.js";
import { onPointer } from "../../draw/layers/pointer.js";
import { say } from "../../table/rows/row_layer.js";
import { linesFigure, pathOf, strandAt } from "../figures/lines.js";
import { lookNow } from "../view/look_layer.js";
import { show } from "../view/svg_layer.js";
import { trialWords } from "../words/cells.js";
import { runLink } from "../words/links.js";
import { captions } from "../words/story.js";
import { widthOf } from "./heat_panel.js";

const NEAR_PX = 10;

/** @param {import("./heat_panel.js").Shared} shared
 * @returns {import("../../draw/painter.js").PanelOf<Results.State>} */
export function createLines({ viewOf, theme, tooltip }) {
  const root = find("[data-testid=results-lines]");
  const place = /** @type {SVGElement} */ (root.querySelector("svg"));
  // In a picture of its own, so that thousands of lines are not painted anew for one that stands out.
  const mark = svg("path", { class: "pointed", fill: "none", d: "" });
  const over = svg("svg", { class: "over", "aria-hidden": "true" }, mark);
  const frame = find(".picture", root);
  frame.append(over);
  const changed = whenChanged();
  let drawn = /** @type {{view: Results.View, figure: import("../figures/lines.js").LinesFigure} | null} */ (null);
  const strand = (/** @type {number} */ x, /** @type {number} */ y) => drawn && strandAt(drawn.figure, x, y, NEAR_PX);
  const unmark = () => {
    mark.setAttribute("d", "");
    frame.style.cursor = "";
    tooltip.hide();
  };
  const point = (/** @type {number} */ x, /** @type {number} */ y) => {
    const found = strand(x, y);
    if (!drawn || !found) return unmark();
    mark.setAttribute("d", pathOf(found.places, drawn.figure.uprights));
    frame.style.cursor = "pointer";
    const box = frame.getBoundingClientRect();
    return tooltip.show(trialWords(found.row, drawn.view), box.left + x, box.top + y);
  };
  listen(frame, point, unmark, strand);
  return {
    every: 450,
    paint({ results, choice }) {
      if (!results) return;
      const view = viewOf(results, choice);
      if (drawn) drawn.view = view;
      if (!changed(view.axes, view.rows, view.metric, widthOf(root), theme())) return; // all axes, not the two shown
      const figure = linesFigure(view, lookNow(), widthOf(root));
      drawn = { view, figure };
      root.dataset.state = view.rows.length ? "live" : "empty";
      say(find(".caption", root), captions(view).lines);
      show(place, figure);
      for (const size of ["width", "height", "viewBox"]) over.setAttribute(size, place.getAttribute(size) ?? "");
    },
  };
}

/**
 * @param {HTMLElement} frame @param {(x: number, y: number) => void} move @param {() => void} leave
 * @param {(x: number, y: number) => import("../figures/lines.js").Strand | null} strand
 */
function listen(frame, move, leave, strand) {
  onPointer(frame, {
    ...{ move, leave },
    click(x, y) {
      const found = strand(x, y);
      if (found) location.assign(runLink(found.row.run));
    },
  });
}
