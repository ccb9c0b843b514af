// Files that are let go over a page. Each page has the words that say so (#drop).

import { find } from "../../draw/layers/dom.js";

/**
 * Files may be let go anywhere: else the browser would leave the page for what was dropped beside the right place.
 * @param {(files: File[]) => void} take
 */
export function listenToDrops(take) {
  const here = find("#drop");
  /** @param {DragEvent} event */
  const carries = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    here.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) here.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    here.hidden = true;
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
