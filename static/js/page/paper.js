// What a printed page says about itself, in the words of a file's caption: network, update, example, seed, knobs,
// program, and where it can be seen. Only paper shows it (css/print.css); theme.js paints all panels before the page is
// printed.

import { captionLine, specOf, traceCaption } from "../exports/caption.js";
import { find, whenChanged } from "../draw/layers/dom.js";
import { story } from "../state/shown.js";
import { nameOf } from "../state/selectors/comparison.js";
import { printedFrom } from "./words/recorded.js";

/** @returns {import("../draw/painter.js").Panel} */
export function createPaper() {
  const line = find("#paper-line");
  const changed = whenChanged();
  return {
    every: 1000,
    paint(state) {
      const { trace } = story(state);
      const { target } = state;
      const address = location.href;
      if (!trace || !target || !changed(trace, target, state.run?.spec, address)) return;
      const caption = traceCaption("paths", trace, specOf(state));
      const words = captionLine(state, { ...caption, name: nameOf(state, target) });
      const page = { version: document.body.dataset.version ?? "", address };
      line.textContent = `${words} · ${printedFrom(state.recorded, page)}`;
    },
  };
}
