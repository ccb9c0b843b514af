// The bar that offers to undo what was done last, for as long as it can be; Ctrl+Z does the same.

import { find } from "../../draw/layers/dom.js";
import { say } from "../rows/row_layer.js";

/** @param {ReturnType<typeof import("../drivers/changes.js").createChanges>} changes */
export function createUndoBar(changes) {
  const bar = find("#undo-bar");
  find("button", bar).addEventListener("click", () => changes.undo());
  document.addEventListener("keydown", (event) => {
    const place = event.target instanceof Element ? event.target : null;
    const typing = place?.closest("input:not([type=range], [type=checkbox]), select, textarea");
    if (typing || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    if (event.key.toLowerCase() !== "z" || bar.hidden) return;
    event.preventDefault();
    changes.undo();
  });
  return {
    every: 0,
    paint(/** @type {Table.State} */ { changes: done }) {
      const last = done.at(-1);
      bar.hidden = !last;
      say(find("span", bar), last?.words ?? "");
    },
  };
}
