// Panel 2: backtracking paths. Own SVG, so that it does not wait for the drawing library.

import { pathFigure } from "./figure.js";
import { hitRate, pathsLegend } from "./legend.js";
import { keepingFocus } from "./keys_layer.js";
import { PRINT_PX, drawPaths } from "./layer.js";
import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { legendItems } from "./legend_layer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { grouped, readable } from "../../draw/numbers.js";
import { batchRate } from "../../state/selectors/hits.js";
import { chosenArc } from "../../state/selectors/knockouts.js";
import { walkView } from "../../state/selectors/walk.js";

/** A finger has no Delete. */
const COARSE = matchMedia("(pointer: coarse)");

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @param {ReturnType<typeof import("../../draw/layers/tooltip.js").createTooltip>} tooltip
 * @param {() => void} onFirstPicture
 * @returns {import("../story/panel.js").StoryPart}
 */
export function createPaths(store, theme, tooltip, onFirstPicture) {
  let first = true;
  const root = find("[data-testid=paths]");
  const drawing = find("svg.drawing", root);
  const hidden = find("#paths-hidden", root);
  const share = /** @type {HTMLInputElement} */ (find("input[name=share]", root));
  const more = find("#show-more", root);
  const legend = find("#paths-legend", root);
  const changed = whenChanged();
  const legendChanged = whenChanged();
  drawing.dataset.printPx = String(PRINT_PX);
  more.addEventListener("click", () => store.dispatch({ type: "view/share", share: 1 }));
  share.addEventListener("input", () => {
    find("#share-value", root).textContent = `${share.value} %`;
  });
  share.addEventListener("change", () => store.dispatch({ type: "view/share", share: Number(share.value) / 100 }));

  const handlers = {
    enter(/** @type {import("./figure.js").Arc} */ arc, /** @type {Element} */ element) {
      const box = element.getBoundingClientRect();
      store.dispatch({ type: "view/hover", memory: arc.source });
      const hop = arc.chosen ? "" : "threshold memory: weight 0, yet its score is subtracted";
      tooltip.show(
        [
          `Step ${arc.reader} reads the microstate of step ${arc.source}`,
          `weight ${readable(arc.weight, 6)}, credit ${readable(arc.credit, 6)}, hop ${arc.hop}`,
          hop,
          COARSE.matches ? "tap it to choose it" : "click or Enter chooses it, Delete knocks it out",
        ].filter(Boolean),
        box.left + box.width / 2,
        box.top + 24,
      );
    },
    leave() {
      tooltip.hide();
      store.dispatch({ type: "view/hover" });
    },
    choose: (/** @type {import("./figure.js").Arc} */ arc) =>
      store.dispatch({ type: "arc/choose", arc: [arc.reader, arc.source] }),
    knock(/** @type {Pair} */ arc) {
      tooltip.hide();
      store.dispatch({ type: "arc/knock", arc });
    },
    restore: (/** @type {Pair} */ arc) => store.dispatch({ type: "arc/restore", arc }),
  };

  return {
    wait(freshness, state) {
      markPanel(root, { state: freshness, note: waitingNote(freshness, state) });
    },
    paint({ trace, freshness, axis, state }) {
      const { height } = sizeOf(drawing);
      markPanel(root, { update: trace.update, state: freshness, note: note(trace, freshness, state) });
      const batch = batchRate(state);
      if (!changed(trace, axis, height, theme(), state.choice.memory, state.knockouts.chosen, state.walk, batch?.text))
        return;
      hidden.textContent = trace.paths_hidden
        ? `${trace.paths_hidden} ${trace.paths_hidden === 1 ? "path" : "paths"} hidden`
        : "all paths shown";
      more.hidden = trace.paths_hidden === 0;
      if (document.activeElement !== share) share.value = String(Math.round(state.share * 100));
      find("#share-value", root).textContent = `${share.value} %`;
      const figure = pathFigure(trace, axis, height, walkView(state.walk));
      drawing.setAttribute("viewBox", `0 0 ${axis.width} ${height}`);
      drawing.setAttribute("aria-label", `${figure.skips.length} skip edges, ${figure.cuts.length} cuts`);
      tooltip.hide(); // it spoke of an arc that is being replaced
      const found = chosenArc(state);
      const chosen = { memory: state.choice.memory, arc: found && /** @type {Pair} */ ([found.reader, found.source]) };
      keepingFocus(drawing, () => drawing.replaceChildren(...drawPaths(figure, axis, theme(), chosen, handlers)));
      const entries = pathsLegend(figure);
      if (legendChanged(JSON.stringify(entries), theme(), trace.hit_rate, trace.example, batch?.text))
        legend.replaceChildren(...legendItems(entries, theme()), ...rates(trace, batch));
      if (first) onFirstPicture();
      first = false;
    },
  };
}

/** Beside the ring: how often readers read where they should, in this example and in the whole batch. @param {Trace} trace @param {ReturnType<typeof batchRate>} batch */
function rates(trace, batch) {
  const one = hitRate(trace);
  const span = (/** @type {string} */ id, /** @type {ReturnType<typeof batchRate>} */ found) =>
    found && html("span", { id, class: "key", title: found.title, "data-hit-rate": found.rate }, found.text);
  return [span("hit-rate", one), one && span("batch-hit-rate", batch)].filter((part) => part !== null);
}

/** @param {Trace} trace @param {PanelState} freshness @param {State} state */
function note(trace, freshness, state) {
  if (freshness === "error") return state.probe.problem?.detail ?? "this picture could not be computed";
  if (state.walk && state.follow && state.live && state.live.update > trace.update)
    return `held at update ${grouped(trace.update)} meanwhile; × goes back to the newest`;
  if (freshness === "stale" && state.probe.key) return "";
  if (state.target?.kind === "preset" && trace.update === 0)
    return state.snapshots.length > 1 ? "Not trained yet." : "Not trained yet: press Train and watch it learn.";
  if (trace.parameters.k_top === 0) return "k_top = 0: nothing is read, so nothing is skipped.";
  if (trace.edges.every((edge) => edge.kind === "local")) return "No skip edge carries credit here.";
  return "";
}

/** @param {PanelState} freshness @param {State} state */
function waitingNote(freshness, state) {
  if (freshness === "error") return state.probe.problem?.detail ?? null;
  if (freshness !== "empty") return "computing the first picture …";
  return state.target?.kind === "run" ? "No snapshot yet: the run waits for its worker." : "";
}
