// What a recording says of itself: what it is, where it comes from, what it lacks. Pure.

import { counted } from "../../draw/numbers.js";

/** @typedef {{text: string, href?: string}} Part words, or a link */

/**
 * @param {Recorded} recorded
 * @returns {Part[]}
 */
export function recordedWords({ about, hash, pictures, left_out }) {
  const made = `Recorded by SAB Visualiser ${about.version} on ${about.made.slice(0, 10)}`;
  const holds = pictures ? `, with ${counted(pictures, "stored picture")} of the training` : "";
  const lacks = left_out.map((words) => ` It has ${words}.`).join("");
  /** @type {Part[]} */
  const parts = [{ text: `${made}${holds}: no server is asked, and what would need one is grey.${lacks}` }];
  // Only an address of the web is a link: anything else in its place would be a script.
  if (about.origin && /^https?:\/\//.test(about.origin))
    parts.push({ text: " " }, { text: "Where it came from", href: about.origin + (hash ?? "") });
  return parts;
}
