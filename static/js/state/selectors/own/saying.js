// What is said of a sequence of one's own that cannot be read: field, value, range, what is at fault and the remedy.
// Pure.

/** Letters of a text that are repeated in what is said of it. */
const LONGEST = 24;

/** @typedef {{inputs: number[] | number[][] | string, problem: null} | {inputs: null, problem: string}} Own */

/** @param {number[] | number[][] | string} inputs @returns {Own} */
export const good = (inputs) => ({ inputs, problem: null });

/** What is at fault and what helps. @param {string[]} signs @param {number} at @param {string} remedy */
export const stranger = (signs, at, remedy) => `“${signs[at]}” at place ${at + 1} is none of them: ${remedy}`;

/** @param {number} count @param {number} wanted */
export const tooMany = (count, wanted) => `${count === 1 ? "this is" : "these are"} ${count}: ${change(count, wanted)}`;

/** @param {number} count @param {number} wanted */
export const change = (count, wanted) => (count < wanted ? `add ${wanted - count}` : `leave out ${count - wanted}`);

/** As much of a text as is repeated. @param {string} text */
const told = (text) => (text ? `“${text.slice(0, LONGEST)}${text.length > LONGEST ? "…" : ""}”` : "nothing");

/**
 * Field, value, range, and what is at fault with its remedy.
 * @param {string} text @param {string} range @param {string} why @returns {Own}
 */
export const wrong = (text, range, why) => ({ inputs: null, problem: `your input = ${told(text)}: ${range}; ${why}` });
