// Who came in by a link of viewers looks and probes, and so does everybody where the folder of runs cannot be written:
// what changes runs is grey, and says why. The server refuses it all the same; a line of the template says so in words.

import { keptGrey } from "../recording/panel.js";

const WHY = {
  viewer: "you came in to look: this needs a link of controllers",
  closed: "the folder of runs can only be read",
};
const STEERS = [
  "#train, #pause, #step, #stop, #reset, #reseed, #duplicate, #open-finite",
  "#compare-methods, #branch, #open-bundle, [data-testid=runs] li .icon",
  "#own-run :is(input, select, button)",
  ":is([data-knob=learning_rate], [data-knob=clip_norm]) :is(input, button)",
  "[data-do=star], [data-do=delete], [data-part=star], [data-part=edit]",
].join(", ");

/** Why this page is only to look at, null where it is not. @returns {keyof typeof WHY | null} */
function why() {
  const { role, closed } = document.documentElement.dataset;
  return role === "viewer" ? "viewer" : closed === undefined ? null : "closed";
}

export const looksOnly = () => why() !== null;

/** Greys anew what other panels have woken. @returns {import("../../draw/painter.js").PanelOf<unknown>} */
export function createOnlooker() {
  const told = WHY[why() ?? "viewer"];
  return { every: 0, together: true, paint: keptGrey({ [STEERS]: told }) };
}
