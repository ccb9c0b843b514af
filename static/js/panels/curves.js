// Panel 6: loss and task metric over updates, with a mark where a knob was turned.

import { curvesFigure, knobMarks } from "../figures/curves.js";
import { find, markPanel, whenChanged } from "../layers/dom.js";
import { sizeOf } from "../layers/size.js";
import { grouped, readable } from "../numbers.js";
import { draw, plotlyReady } from "../plotly.js";
import { baseTrace } from "../selectors.js";

const LIVE_PAINT_MS = 450;

/**
 * @param {() => Theme} theme
 * @returns {import("../painter.js").Panel}
 */
export function createCurves(theme) {
  const root = find("[data-testid=curves]");
  const plot = find(".plot", root);
  const changed = whenChanged();
  return {
    every: LIVE_PAINT_MS,
    paint(state) {
      const { metrics, run } = state;
      const rows = metrics.update.length;
      const last = rows ? metrics.update[rows - 1] : null;
      plot.hidden = rows === 0;
      const loading = rows > 0 && !plotlyReady();
      markPanel(root, {
        update: last ?? run?.update ?? null,
        state: rows ? (loading ? "loading" : state.link.status === "lost" ? "stale" : "live") : "empty",
        note: rows ? (state.gap ?? "") : emptyNote(state),
      });
      if (!rows || loading) return;
      const { width, height } = sizeOf(plot);
      const shown = state.follow ? null : (baseTrace(state)?.update ?? null);
      if (!changed(metrics, state.marks, shown, width, height, theme())) return;
      draw(plot, curvesFigure(metrics, knobMarks(state.marks, startKnobs(run)), theme(), { width, height }, shown));
    },
  };
}

/** @param {RunView | null} run */
const startKnobs = (run) => ({ ...run?.spec.model, ...run?.spec.training });

/** @param {State} state */
function emptyNote({ target, presets, run }) {
  if (run) return "No update yet.";
  const preset = presets?.find((one) => one.name === target?.id);
  if (!preset?.pretrained) return "Curves appear when a run trains. Press Train.";
  const accuracy = preset.metrics?.accuracy;
  const figures = [
    preset.update ? `${grouped(preset.update)} updates` : "",
    typeof accuracy === "number" ? `accuracy ${readable(accuracy, 4)}` : "",
  ].filter(Boolean).join(", ");
  return `This network was trained before${figures ? ` (${figures})` : ""}. Press Train to watch one learn.`;
}
