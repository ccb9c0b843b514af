// Panel 1: the sequence strip.

import { stripFigure } from "./figure.js";
import { find, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { STRIP_HEIGHT, drawStrip } from "./layer.js";

/** @returns {import("../story/panel.js").StoryPart} */
export function createStrip() {
  const root = find("[data-testid=sequence-strip]");
  const drawing = find("svg.drawing", root);
  const changed = whenChanged();
  return {
    wait: (freshness) => markPanel(root, { state: freshness }),
    paint({ trace, freshness, axis }) {
      markPanel(root, { update: trace.update, state: freshness });
      if (!changed(trace.inputs, trace.targets, trace.predictions, trace.loss_T, trace.task, axis)) return;
      drawing.setAttribute("height", String(STRIP_HEIGHT));
      drawing.setAttribute("viewBox", `0 0 ${axis.width} ${STRIP_HEIGHT}`);
      drawing.setAttribute(
        "aria-label",
        `A sequence of ${trace.steps} steps: input, target, what the network says, loss`,
      );
      drawing.replaceChildren(...drawStrip(stripFigure(trace, axis.cell), axis));
    },
  };
}
