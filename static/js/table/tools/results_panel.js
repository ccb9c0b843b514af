// The way to the results of a group, while the runs of one group are listed or chosen.

import { find } from "../../draw/layers/dom.js";
import { listedGroup, resultsLink } from "../lines/grouping.js";

/** @param {HTMLElement} root @returns {import("../../draw/painter.js").PanelOf<Table.State>} */
export function createResultsLink(root) {
  const link = /** @type {HTMLAnchorElement} */ (find("#group-results", root));
  return {
    every: 250,
    paint(state) {
      const group = listedGroup(state);
      link.hidden = group === null;
      if (group !== null) link.setAttribute("href", resultsLink(group));
    },
  };
}
