// Each figure in one or two sentences, from the numbers it draws: what a person hears who does not see it. Pure.

import { joined, say } from "../../draw/say.js";
import * as facts from "./figure_facts.js";
import * as claims from "./figures.js";

/**
 * @typedef {{trace: Trace | null, step: number | null, metrics: Metrics, looks: Looks, look?: number, noLook?: string,
 *   cell?: boolean}} Told
 *   `look` is the place of the look that is shown, the last one where nothing is said; `noLook` is said where there is
 *   none; `cell` when gradients of c are drawn
 */

/**
 * @param {PagePanel} panel
 * @param {Told} view
 * @returns {string}
 */
export function sentence(panel, { trace, step, metrics, looks, look, noLook = "", cell = false }) {
  if (panel === "curves") return say(claims.CURVES, facts.curves(metrics));
  if (panel === "health") return say(claims.HEALTH, facts.health(looks, look ?? looks.update.length - 1, noLook));
  if (!trace) return "Nothing is shown yet.";
  switch (panel) {
    case "sequence":
      return joined([say(claims.SEQUENCE, facts.sequence(trace)), say(claims.STEP, facts.stepped(trace, step))]);
    case "paths":
      return joined([say(claims.PATHS, facts.paths(trace)), say(claims.HIDDEN, facts.hidden(trace))]);
    case "overview":
      return joined([say(claims.OVERVIEW, facts.overview(trace)), say(claims.REACHED, facts.reached(trace))]);
    case "gradients":
      return joined([say(claims.GRADIENTS, facts.gradients(trace, cell)), say(claims.BROKEN, facts.broken(trace))]);
    case "attention":
      return attention(trace, step);
    case "step":
      return say(claims.READING, facts.reading(trace, step));
  }
}

/** @param {Trace} trace @param {number | null} step */
function attention(trace, step) {
  if (trace.versus) return say(claims.DIFFERENCE, facts.difference(trace, step));
  const read = facts.attention(trace);
  return joined([
    say(claims.ATTENTION, read),
    step !== null && (read.readers || read.empty) ? say(claims.READING, facts.reading(trace, step)) : "",
  ]);
}
