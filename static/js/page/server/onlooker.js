// Who came in by a link of viewers looks and probes: what only controllers may do is grey, and says why. The server
// refuses it all the same (app/access/rights.py); a line of the template says so in words.

import { grey } from "../recording/panel.js";

const WHY = "you came in to look: this needs a link of controllers";
const STEERS = [
  "#train, #pause, #step, #stop, #reset, #reseed, #duplicate, #open-finite",
  "#compare-methods, #branch, #open-bundle, [data-testid=runs] li .icon",
  "#own-run :is(input, select, button)",
  ":is([data-knob=learning_rate], [data-knob=clip_norm]) :is(input, button)",
  "[data-do=star], [data-do=delete], [data-part=star], [data-part=edit]",
].join(", ");

/** Whether this page was made for one. */
export const looksOnly = () => document.documentElement.dataset.role === "viewer";

/** Greys anew what other panels have woken. @returns {import("../../draw/painter.js").PanelOf<unknown>} */
export function createOnlooker() {
  const greyAll = () => grey({ [STEERS]: WHY });
  document.addEventListener("toggle", () => setTimeout(greyAll), { capture: true });
  return { every: 0, together: true, paint: greyAll };
}
