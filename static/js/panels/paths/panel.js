// Panel 2: backtracking paths. Own SVG, so that it does not wait for the drawing library.

import { pathFigure, verb } from "./figure.js";
import { hitRate, pathsLegend } from "./legend.js";
import { keepingFocus } from "./keys_layer.js";
import { PRINT_PX, drawPaths } from "./layer.js";
import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { term } from "../../draw/layers/term.js";
import { legendItems } from "./legend_layer.js";
import { sizeOf } from "../../draw/layers/size.js";
import { readable } from "../../draw/numbers.js";
import { batchRate } from "../../state/selectors/hits.js";
import { chosenArc } from "../../state/selectors/knockouts.js";
import { walkView } from "../../state/selectors/walk.js";
import { note, pictureWords, shareWords, waitingNote } from "./words.js";

const HIT_RATE = "hit rate";
/** A finger has no Delete. */
const COARSE = matchMedia("(pointer: coarse)");

/**
 * @typedef {ReturnType<typeof import("../../draw/layers/tooltip.js").createTooltip>} Tooltip
 * @typedef {import("../story/panel.js").StoryView} StoryView
 * @typedef {ReturnType<typeof pathsParts>} Parts
 */

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @param {Tooltip} tooltip
 * @param {() => void} onFirstPicture
 * @returns {import("../story/panel.js").StoryPart}
 */
export function createPaths(store, theme, tooltip, onFirstPicture) {
  let first = true;
  const parts = pathsParts();
  const handlers = arcHandlers(store, tooltip);
  const changed = whenChanged();
  const legendChanged = whenChanged();
  listen(parts, store);
  return {
    wait(freshness, state) {
      markPanel(parts.root, { state: freshness, note: waitingNote(freshness, state) });
    },
    paint(view) {
      const { trace, freshness, axis, state } = view;
      markPanel(parts.root, { update: trace.update, state: freshness, note: note(trace, freshness, state) });
      const { height } = sizeOf(parts.drawing);
      const batch = batchRate(state);
      if (!changed(trace, axis, height, theme(), state.choice.memory, state.knockouts.chosen, state.walk, batch?.text))
        return;
      paintShare(parts, trace, state);
      const figure = pathFigure(trace, axis, height, walkView(state.walk));
      tooltip.hide(); // it spoke of an arc that is being replaced
      paintArcs(parts, figure, view, theme(), handlers);
      const entries = pathsLegend(figure);
      if (legendChanged(JSON.stringify(entries), theme(), trace.hit_rate, trace.example, batch?.text))
        parts.legend.replaceChildren(...legendItems(entries, theme()), ...rates(trace, batch));
      if (first) onFirstPicture();
      first = false;
    },
  };
}

function pathsParts() {
  const root = find("[data-testid=paths]");
  const drawing = find("svg.drawing", root);
  drawing.dataset.printPx = String(PRINT_PX);
  return {
    root,
    drawing,
    hidden: find("#paths-hidden", root),
    share: /** @type {HTMLInputElement} */ (find("input[name=share]", root)),
    shareValue: find("#share-value", root),
    more: find("#show-more", root),
    legend: find("#paths-legend", root),
  };
}

/** @param {Parts} parts @param {Store} store */
function listen({ share, shareValue, more }, store) {
  more.addEventListener("click", () => store.dispatch({ type: "view/share", share: 1 }));
  share.addEventListener("input", () => {
    shareValue.textContent = `${share.value} %`;
  });
  share.addEventListener("change", () => store.dispatch({ type: "view/share", share: Number(share.value) / 100 }));
}

/** What a pointer or a key does to an arc. @param {Store} store @param {Tooltip} tooltip */
function arcHandlers(store, tooltip) {
  return {
    enter(/** @type {import("./figure.js").Arc} */ arc, /** @type {Element} */ element) {
      const box = element.getBoundingClientRect();
      store.dispatch({ type: "view/hover", memory: arc.source });
      tooltip.show(wordsOf(arc), box.left + box.width / 2, box.top + 24);
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
}

/** @param {import("./figure.js").Arc} arc */
function wordsOf(arc) {
  const { reader, source, weight, credit, hop, chosen } = arc;
  return [
    `Step ${reader} ${verb(arc)} the microstate of step ${source}`,
    `weight ${readable(weight, 6)}, credit ${readable(credit, 6)}, hop ${hop}`,
    chosen ? "" : "threshold memory: weight 0, yet its score is subtracted",
    COARSE.matches ? "tap it to choose it" : "click or Enter chooses it, Delete knocks it out",
  ].filter(Boolean);
}

/** @param {Parts} parts @param {Trace} trace @param {State} state */
function paintShare({ hidden, share, shareValue, more }, trace, state) {
  hidden.textContent = shareWords(trace);
  more.hidden = trace.paths_hidden === 0;
  if (document.activeElement !== share) share.value = String(Math.round(state.share * 100));
  shareValue.textContent = `${share.value} %`;
}

/**
 * @param {Parts} parts @param {import("./figure.js").PathFigure} figure @param {StoryView} view
 * @param {Theme} theme @param {ReturnType<typeof arcHandlers>} handlers
 */
function paintArcs({ drawing }, figure, { axis, state }, theme, handlers) {
  drawing.setAttribute("viewBox", `0 0 ${axis.width} ${sizeOf(drawing).height}`);
  drawing.setAttribute("aria-label", pictureWords(figure));
  const found = chosenArc(state);
  const chosen = { memory: state.choice.memory, arc: found && /** @type {Pair} */ ([found.reader, found.source]) };
  keepingFocus(drawing, () => drawing.replaceChildren(...drawPaths(figure, axis, theme, chosen, handlers)));
}

/**
 * Beside the ring: how often readers read where they should, in this example and in the whole batch.
 * @param {Trace} trace @param {ReturnType<typeof batchRate>} batch
 */
function rates(trace, batch) {
  const one = hitRate(trace);
  const span = (/** @type {string} */ id, /** @type {ReturnType<typeof batchRate>} */ found) =>
    found &&
    html("span", { id, class: "key", title: found.title, "data-hit-rate": found.rate }, ...rateParts(found.text));
  return [span("hit-rate", one), one && span("batch-hit-rate", batch)].filter((part) => part !== null);
}

/** Its name is a word of the glossary. @param {string} text @returns {(Node | string)[]} */
const rateParts = (text) => (text.startsWith(HIT_RATE) ? [term(HIT_RATE), text.slice(HIT_RATE.length)] : [text]);
