// Panel 6: what became of the run; loss and task metric over updates, with a mark where a knob was turned.

import { curvesFigure, curvesMargin } from "./figure.js";
import { knobMarks } from "./marks.js";
import { levels } from "./chance.js";
import { lastUpdate, mainMetric } from "./points.js";
import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { onPointer } from "../../draw/layers/pointer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { nearest } from "../../state/nearest.js";
import { grouped } from "../../draw/numbers.js";
import { draw, plotlyReady } from "../../draw/plotly.js";
import { createEarlier } from "./earlier_panel.js";
import { createVerdict } from "./verdict_panel.js";
import { baselineCurves } from "../../state/selectors/comparison.js";
import { emptyNote, note, skippedNotice, unseenOf } from "./words.js";
import { presetInView, scrubbed } from "../../state/selectors/history.js";

const LIVE_PAINT_MS = 450;
const LISTED = 3;

/** Lower than that there is no room for two axes: it has not been laid out yet. */
const LEAST_PX = 100;

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @param {ReturnType<typeof import("../../drivers/commands.js").createCommands>} commands
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createCurves(store, theme, commands) {
  const parts = curvesParts();
  const { root, plot, skipped } = parts;
  const paintEarlier = createEarlier(store, commands, root);
  const paintVerdict = createVerdict(root);
  onPointer(plot, { click: (x) => chooseUpdate(store, x, sizeOf(plot).width) });
  return {
    every: LIVE_PAINT_MS,
    paint(state) {
      const { metrics, run } = state;
      const rows = metrics.update.length;
      const loading = rows > 0 && !plotlyReady();
      plot.hidden = rows === 0;
      markPanel(root, {
        update: scrubbed(state) ?? (rows ? metrics.update[rows - 1] : null) ?? run?.update ?? null,
        state: rows ? (loading ? "loading" : state.link.status === "lost" ? "stale" : "live") : "empty",
        note: rows ? note(state) : emptyNote(state),
      });
      paintEarlier(state);
      paintVerdict(state);
      const words = skippedNotice(state);
      skipped.hidden = !words;
      if (skipped.textContent !== words) skipped.textContent = words;
      const marks = knobMarks(state.marks, startKnobs(run));
      if (parts.marksChanged(state.marks, state.snapshots.length > 1))
        parts.list.replaceChildren(...listed(marks, store));
      if (rows && !loading) paintPlot(parts, state, marks, theme());
    },
  };
}

function curvesParts() {
  const root = find("[data-testid=curves]");
  return {
    root,
    plot: find(".plot", root),
    list: find(".marks", root),
    skipped: find(".skipped-note", root),
    changed: whenChanged(),
    marksChanged: whenChanged(),
  };
}

/**
 * The stored update nearest to where a person pressed.
 * @param {Store} store @param {number} x px @param {number} width px
 */
function chooseUpdate(store, x, width) {
  const state = store.get();
  const { metrics, snapshots } = state;
  const baseline = baselineCurves(state);
  const { l: left, r: right } = curvesMargin(baseline !== null, levels(chanceOf(state), mainMetric(metrics)));
  const share = (x - left) / (width - left - right);
  const update = nearest(snapshots, share * lastUpdate(metrics, baseline?.metrics));
  if (update !== null && share >= 0 && share <= 1) store.dispatch({ type: "view/update", update });
}

/**
 * @param {ReturnType<typeof curvesParts>} parts @param {State} state @param {{update: number, text: string}[]} marks
 * @param {Theme} theme
 */
function paintPlot({ plot, changed }, state, marks, theme) {
  const { width, height } = sizeOf(plot);
  if (height < LEAST_PX) return;
  const shown = scrubbed(state);
  const baseline = baselineCurves(state);
  const { metrics, looks } = state;
  const chance = chanceOf(state);
  const beside = [looks, JSON.stringify(chance), baseline?.metrics, baseline?.name];
  if (!changed(metrics, state.marks, shown, width, height, theme, ...beside)) return;
  const unseen = unseenOf((state.run ?? presetInView(state))?.spec.task.name);
  draw(plot, curvesFigure(metrics, marks, theme, { width, height }, shown, { looks, chance, baseline, unseen }));
}

/** What guessing gives in the task in view. @param {State} state */
const chanceOf = (state) => state.run?.chance ?? presetInView(state)?.chance ?? null;

/**
 * The newest changes in words; each leads to its update.
 * @param {{update: number, text: string}[]} marks @param {Store} store
 */
function listed(marks, store) {
  const newest = marks.slice(-LISTED).reverse();
  const go = (/** @type {number} */ wanted) => {
    const update = nearest(store.get().snapshots, wanted);
    if (update !== null) store.dispatch({ type: "view/update", update });
  };
  const rows = newest.map(({ update, text }) =>
    html(
      "li",
      { "data-mark": update },
      html(
        "button",
        { type: "button", class: "link", title: "show this update in all panels", onclick: () => go(update) },
        `update ${grouped(update)}`,
      ),
      ` ${text}`,
    ),
  );
  const more = marks.length - newest.length;
  return more > 0 ? [...rows, html("li", {}, `and ${more} earlier`)] : rows;
}

/** @param {RunView | null} run */
const startKnobs = (run) => ({ ...run?.spec.model, ...run?.spec.training });
