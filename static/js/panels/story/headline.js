// The story of a trace in two lines: the claims that its facts allow. Pure.

import { joined, say } from "../../draw/say.js";
import { CARRIED, QUESTION, REACH, TITLE } from "./claims.js";
import { facts } from "./facts.js";
import { MADE_OF, PREVIEWED, previewFacts } from "./previewed.js";

/**
 * Title and answer for the top of the page.
 * @param {Trace | null} trace
 * @returns {{title: string, answer: string}}
 */
export function headline(trace) {
  if (!trace) return { title: "Which past steps get the blame?", answer: "" };
  if (trace.preview) {
    const turned = previewFacts(trace);
    return { title: say(PREVIEWED, turned), answer: say(MADE_OF, turned) };
  }
  const known = facts(trace);
  return { title: said([TITLE, QUESTION], known), answer: said([CARRIED, REACH], known) };
}

/**
 * @param {(readonly import("../../draw/say.js").Claim[])[]} places @param {import("./facts.js").Facts} known
 */
const said = (places, known) => joined(places.map((place) => say(place, known)));
