// What a printed page says about itself, in the words of a file's caption: network, update, example, seed, knobs.
// Only paper shows it (css/print.css); theme.js paints all panels before the page is printed.

import { captionLine, specOf, traceCaption } from "../exports/caption.js";
import { find, whenChanged } from "../draw/layers/dom.js";
import { story } from "../state/shown.js";
import { nameOf } from "../state/selectors/comparison.js";

/** @returns {import("../draw/painter.js").Panel} */
export function createPaper() {
  const line = find("#paper-line");
  const changed = whenChanged();
  return {
    every: 1000,
    paint(state) {
      const { trace } = story(state);
      const { target } = state;
      if (!trace || !target || !changed(trace, target, state.run?.spec)) return;
      const caption = traceCaption("paths", trace, specOf(state));
      line.textContent = captionLine(state, { ...caption, name: nameOf(state, target) });
    },
  };
}
