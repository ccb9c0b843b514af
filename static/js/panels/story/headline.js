// The story of a trace in two lines: the claims that its facts allow. Pure.

import { joined, say } from "../../draw/say.js";
import { CARRIED, QUESTION, REACH, TITLE } from "./claims.js";
import { facts } from "./facts.js";

/**
 * Title and answer for the top of the page.
 * @param {Trace | null} trace
 * @returns {{title: string, answer: string}}
 */
export function headline(trace) {
  if (!trace) return { title: "Which past steps get the blame?", answer: "" };
  if (trace.preview)
    return {
      title: `A preview of ${trace.preview}: what the network would answer is not known here.`,
      answer: "Weights are computed from the scores of before; widths and credits of arcs are still those of before.",
    };
  const known = facts(trace);
  return { title: said([TITLE, QUESTION], known), answer: said([CARRIED, REACH], known) };
}

/**
 * @param {(readonly import("../../draw/say.js").Claim[])[]} places @param {import("./facts.js").Facts} known
 */
const said = (places, known) => joined(places.map((place) => say(place, known)));
