// What a recording says of itself: what it is, where it comes from, what it lacks. Pure.

import { counted } from "../../draw/numbers.js";

/** @typedef {{text: string, href?: string}} Part words, or a link */

/** Which program made it, and when. @param {Pick<Recorded, "about">} recorded */
export const madeBy = ({ about }) => `Recorded by SAB Visualiser ${about.version} on ${about.made.slice(0, 10)}`;

/**
 * The address of the view that was exported, or null. Only one of the web counts: anything else would be a script.
 * @param {Pick<Recorded, "about" | "hash">} recorded
 */
const cameFrom = ({ about, hash }) =>
  about.origin && /^https?:\/\//.test(about.origin) ? about.origin + (hash ?? "") : null;

/**
 * What stands on paper beside the network and its settings: which program, and where the view can be seen.
 * @param {Recorded | null} recorded @param {{version: string, address: string}} page that is printed
 */
export function printedFrom(recorded, { version, address }) {
  const from = recorded ? cameFrom(recorded) : address;
  return [recorded ? madeBy(recorded) : `SAB Visualiser ${version}`, ...(from ? [from] : [])].join(" · ");
}

/**
 * @param {Recorded} recorded
 * @returns {Part[]}
 */
export function recordedWords(recorded) {
  const { about, pictures, left_out } = recorded;
  const holds = pictures ? `, with ${counted(pictures, "stored picture")} of the training` : "";
  const lacks = left_out.map((words) => ` It has ${words}.`).join("");
  /** @type {Part[]} */
  const parts = [{ text: `${madeBy(recorded)}${holds}: no server is asked, and what would need one is grey.${lacks}` }];
  const from = cameFrom(recorded);
  if (from) parts.push({ text: " " }, { text: "Where it came from", href: from });
  // Only a file beside this one is a link: anything else in its place would be a script.
  if (about.index && /^\w[\w-]*\.html$/.test(about.index))
    parts.push({ text: " " }, { text: "All networks of this site", href: about.index });
  return parts;
}
