// The story of a trace in two lines: the claims that its facts allow. Pure.

import { CARRIED, QUESTION, REACH, TITLE } from "./claims.js";
import { facts } from "./facts.js";

/** @typedef {import("./facts.js").Facts} Facts */

/**
 * Title and answer for the top of the page.
 * @param {Trace | null} trace
 * @returns {{title: string, answer: string}}
 */
export function headline(trace) {
  if (!trace) return { title: "Which past steps get the blame?", answer: "" };
  const known = facts(trace);
  return { title: joined([TITLE, QUESTION], known), answer: joined([CARRIED, REACH], known) };
}

/** @param {(readonly import("./claims.js").Claim[])[]} places @param {Facts} known */
const joined = (places, known) =>
  places
    .map((place) => say(place, known))
    .filter(Boolean)
    .join(" ");

/**
 * The sentence of the first claim that the facts allow.
 * @param {readonly import("./claims.js").Claim[]} place @param {Facts} known
 */
function say(place, known) {
  const claim = place.find(({ when }) => when.every((fact) => holds(fact, known)));
  return (claim?.say ?? "").replace(/\{(\w+)\}/g, (_, /** @type {string} */ fact) => String(known[fact]));
}

/** @param {string} fact @param {Facts} known */
const holds = (fact, known) => (fact.startsWith("!") ? !known[fact.slice(1)] : Boolean(known[fact]));
