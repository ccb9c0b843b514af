// The comparison of the chosen runs: what differs, their curves, and the sentences that hold of them.

import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { sizeOf } from "../../draw/layers/size.js";
import { draw, loadPlotly, plotlyReady } from "../../draw/plotly.js";
import { save } from "../../controls/save.js";
import { say } from "../rows/row_layer.js";
import { chartOf, chosenRuns } from "./curves/chart.js";
import { createDiffers } from "./differs_panel.js";
import { factsOf } from "./facts.js";
import { overlayFile } from "./figure/files_layer.js";
import { overlayFigure } from "./figure/figure.js";
import { palette } from "./figure/palette_layer.js";
import { createLegend } from "./legend_panel.js";
import { createOptions } from "./options_panel.js";
import { captionOf } from "./words.js";
import { at } from "../../wire/link/root.js";

/** Lower than that it has not been laid out yet. */
const LEAST_PX = 100;

/**
 * @param {Table.Store} store @param {() => Theme} theme @param {() => void} repaint
 * @returns {import("../../draw/painter.js").PanelOf<Table.State>}
 */
export function createCompare(store, theme, repaint) {
  const parts = partsOf(store, theme, repaint);
  return {
    every: 450,
    paint(state) {
      const runs = chosenRuns(state);
      const some = runs.length > 1;
      parts.invite.hidden = some;
      parts.compared.hidden = !some;
      if (!some) return markPanel(parts.root, { state: "empty", note: runs.length ? "One run is chosen." : "" });
      loadOnce(parts);
      if (parts.runsChanged(...runs)) parts.differs(runs);
      if (parts.chartChanged(state.overlay, state.curves, ...runs)) {
        parts.chart = chartOf(state);
        paintWords(parts, state);
      }
      const { chart } = parts;
      if (chart) paintPlot(parts, chart, state, theme());
      return undefined;
    },
  };
}

/** @param {Table.Store} store @param {() => Theme} theme @param {() => void} repaint */
function partsOf(store, theme, repaint) {
  const root = find("[data-testid=compare]");
  const parts = {
    root,
    invite: find(".invite", root),
    compared: find(".compared", root),
    plot: find(".plot", root),
    caption: find(".caption", root),
    problem: find("#overlay-problem", root),
    differs: createDiffers(root),
    legend: createLegend(root, store),
    options: createOptions(root, store),
    runsChanged: whenChanged(),
    chartChanged: whenChanged(),
    drawnChanged: whenChanged(),
    legendChanged: whenChanged(),
    chart: /** @type {import("./curves/chart.js").Chart | null} */ (null),
    said: /** @type {string[]} */ ([]),
    loading: false,
    repaint,
  };
  find(".files", root).addEventListener("click", (event) => saveAs(parts, store, theme, event.target));
  parts.caption.addEventListener("click", (event) => {
    if (event.target instanceof HTMLButtonElement) store.dispatch({ type: "overlay", options: { all: true } });
  });
  return parts;
}

/** @typedef {ReturnType<typeof partsOf>} Parts */

/** The drawing library is large: it comes with the first comparison. @param {Parts} parts */
async function loadOnce(parts) {
  if (parts.loading) return;
  parts.loading = true;
  try {
    await loadPlotly(document.body.dataset.plotly ?? at("/static/vendor/plotly.min.js"));
    parts.repaint();
  } catch (error) {
    tell(parts, error);
  }
}

/** @param {Parts} parts @param {unknown} error */
function tell({ problem }, error) {
  problem.hidden = false;
  say(problem, error instanceof Error ? error.message : String(error));
}

/** @param {Parts} parts @param {Table.State} state */
function paintWords(parts, state) {
  const { chart } = parts;
  if (!chart) return;
  parts.options(chart, state.overlay);
  const facts = factsOf(chart, state);
  const said = captionOf(facts);
  if (said.join() !== parts.said.join())
    parts.caption.replaceChildren(
      ...said.map((sentence) => html("span", {}, `${sentence} `)),
      ...(facts.beyond ? [html("button", { type: "button", class: "link" }, "Draw the others too")] : []),
    );
  parts.said = said;
}

/**
 * @param {Parts} parts @param {import("./curves/chart.js").Chart} chart @param {Table.State} state @param {Theme} theme
 */
function paintPlot(parts, chart, { overlay }, theme) {
  const { width, height } = sizeOf(parts.plot);
  const look = palette();
  if (parts.legendChanged(chart, overlay.off, theme)) parts.legend(chart, overlay, look.curves);
  markPanel(parts.root, { state: plotlyReady() ? "live" : "loading", note: "" });
  if (!plotlyReady() || height < LEAST_PX) return;
  if (!parts.drawnChanged(chart, overlay, width, height, theme)) return;
  draw(parts.plot, overlayFigure(chart, overlay, look, { width, height }));
}

/** @param {Parts} parts @param {Table.Store} store @param {() => Theme} theme @param {EventTarget | null} target */
async function saveAs(parts, store, theme, target) {
  const format = target instanceof HTMLElement ? target.dataset.file : undefined;
  const { chart } = parts;
  if ((format !== "png" && format !== "svg" && format !== "csv" && format !== "pdf") || !chart) return;
  parts.problem.hidden = true;
  try {
    save(await overlayFile(format, chart, store.get().overlay, parts.said, theme()), `sab-comparison.${format}`);
  } catch (error) {
    tell(parts, error);
  }
}
