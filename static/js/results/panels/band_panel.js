// A metric against one setting: painted when something is other; the nearest dot tells its trial, and leads to it.

import { find, whenChanged } from "../../draw/layers/dom.js";
import { onPointer } from "../../draw/layers/pointer.js";
import { say } from "../../table/rows/row_layer.js";
import { bandFigure } from "../figures/band.js";
import { lookNow } from "../view/look_layer.js";
import { show } from "../view/svg_layer.js";
import { trialWords } from "../words/cells.js";
import { runLink } from "../words/links.js";
import { captions } from "../words/story.js";
import { widthOf } from "./heat_panel.js";

const NEAR_PX = 9;

/** @param {import("./heat_panel.js").Shared} shared
 * @returns {import("../../draw/painter.js").PanelOf<Results.State>} */
export function createBand({ viewOf, theme, tooltip }) {
  const root = find("[data-testid=results-band]");
  const place = /** @type {SVGElement} */ (root.querySelector("svg"));
  const frame = find(".picture", root);
  const changed = whenChanged();
  let drawn = /** @type {{view: Results.View, figure: import("../figures/band.js").BandFigure} | null} */ (null);
  const dotAt = (/** @type {number} */ x, /** @type {number} */ y) =>
    drawn?.figure.dots.find((dot) => Math.hypot(dot.x - x, dot.y - y) < NEAR_PX) ?? null;
  onPointer(frame, {
    move(x, y) {
      const dot = dotAt(x, y);
      frame.style.cursor = dot ? "pointer" : "";
      if (!drawn || !dot) return tooltip.hide();
      const box = frame.getBoundingClientRect();
      return tooltip.show(trialWords(dot.row, drawn.view), box.left + dot.x, box.top + dot.y);
    },
    leave: tooltip.hide,
    click(x, y) {
      const dot = dotAt(x, y);
      if (dot) location.assign(runLink(dot.row.run));
    },
  });
  return {
    every: 450,
    paint({ results, choice }) {
      if (!results) return;
      const view = viewOf(results, choice);
      if (!changed(view, widthOf(root), theme())) return;
      const figure = bandFigure(view, lookNow(), widthOf(root));
      drawn = { view, figure };
      root.dataset.state = figure.dots.length ? "live" : "empty";
      say(find("h2", root), bandTitle(view));
      say(find(".caption", root), captions(view).band);
      show(place, figure);
    },
  };
}

/** @param {Results.View} view */
export const bandTitle = ({ metric, x }) => (x ? `${metric.name} against ${x.name}` : metric.name);
