// The image of task pixels as a picture again, beside the numbers of the chosen step. A click chooses the step that
// reads a pixel.

import { find, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { chosenStep } from "../../state/selectors.js";
import { story } from "../../state/shown.js";
import { imageFigure, isImage, stepAt } from "./figure.js";
import { fillCredit, fillImage, outlines } from "./layer.js";
import { answerWords, creditWords, readWords } from "./words.js";

/**
 * @param {Store} store
 * @param {() => Theme} theme
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createImage(store, theme) {
  const root = find("[data-testid=image]");
  const pictures = ["read", "credit"].map((name) => pictureIn(find(`[data-picture-of=${name}]`, root)));
  const changed = whenChanged();
  /** @type {import("./figure.js").ImageFigure | null} */
  let shown = null;
  for (const { over } of pictures) {
    over.addEventListener("click", (event) => {
      const step = shown && stepUnder(over, shown, event);
      if (step !== null) store.dispatch({ type: "view/step", step });
    });
  }
  return {
    every: 120,
    paint(state) {
      const { trace, state: freshness } = story(state);
      root.hidden = !trace || !isImage(trace);
      if (!trace || root.hidden) return;
      markPanel(root, { update: trace.update, state: freshness });
      const step = chosenStep(state, trace) ?? trace.steps - 1;
      const { dark } = theme();
      if (!changed(trace, step, dark)) return;
      const figure = imageFigure(trace, step);
      shown = figure;
      pictures.forEach(({ canvas, over, caption }, place) => {
        (place === 0 ? fillImage : fillCredit)(canvas, figure, dark);
        over.setAttribute("viewBox", `0 0 ${figure.columns} ${figure.rows}`);
        over.replaceChildren(...outlines(figure));
        const words = place === 0 ? readWords(figure, step) : creditWords(trace);
        caption.textContent = words;
        over.setAttribute("aria-label", words);
      });
      find(".answer", root).textContent = answerWords(trace);
    },
  };
}

/** @param {HTMLElement} root */
const pictureIn = (root) => ({
  canvas: /** @type {HTMLCanvasElement} */ (find("canvas", root)),
  over: /** @type {SVGSVGElement} */ (/** @type {unknown} */ (find("svg", root))),
  caption: find("figcaption", root),
});

/**
 * @param {SVGSVGElement} over @param {import("./figure.js").ImageFigure} figure @param {MouseEvent} event
 */
function stepUnder(over, figure, event) {
  const box = over.getBoundingClientRect();
  const within = (/** @type {number} */ share, /** @type {number} */ count) =>
    Math.min(Math.max(Math.floor(share * count), 0), count - 1);
  const row = within((event.clientY - box.top) / box.height, figure.rows);
  return stepAt(figure, row, within((event.clientX - box.left) / box.width, figure.columns));
}
