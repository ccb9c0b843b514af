// The line in the head of the page: whether news reach it.

import { find } from "../../draw/layers/dom.js";
import { say } from "../rows/row_layer.js";

const WORDS = { idle: "", connecting: "connecting …", open: "live", lost: "no link to the server: rows may be old" };

/**
 * Of any page that has a link.
 * @returns {import("../../draw/painter.js").PanelOf<{link: {status: keyof typeof WORDS}}>}
 */
export function createStatus() {
  const dot = find("#dot");
  const place = find(".status [role=status]");
  return {
    every: 0,
    paint({ link }) {
      dot.dataset.status = link.status;
      say(place, WORDS[link.status]);
    },
  };
}
