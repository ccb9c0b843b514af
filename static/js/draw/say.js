// Sentences that are chosen by facts: of a place the first claim is said whose facts hold. Pure.
// What each sentence asserts is recounted by the tests (docs/adr/0014-every-other-sentence.md).

/**
 * @typedef {Record<string, boolean | string>} Facts true or false, or words that stand in sentences
 * @typedef {{name: string, when: readonly string[], say: string, trouble?: boolean}} Claim
 *   `when` are facts that must hold, or must not (`!`); words in braces of `say` are facts; `trouble` marks what is
 *   drawn as a warning
 */

/**
 * @param {string} name its own, for tests
 * @param {string} when facts with blanks between them; empty always holds
 * @param {string} text the sentence
 * @returns {Claim}
 */
export const claim = (name, when, text) => ({ name, when: when.split(" ").filter(Boolean), say: text });

/** The same as a warning. @type {typeof claim} */
export const alarm = (name, when, text) => ({ ...claim(name, when, text), trouble: true });

/**
 * The first claim that the facts allow; the last of a place needs none or is not reached.
 * @param {readonly Claim[]} place @param {Facts} facts
 */
export function claimOf(place, facts) {
  const found = place.find(({ when }) => when.every((fact) => holds(fact, facts)));
  if (!found) throw new Error(`no claim of ${place.map(({ name }) => name).join(", ")} holds`);
  return found;
}

/** The sentence of that claim. @param {readonly Claim[]} place @param {Facts} facts */
export const say = (place, facts) => spelt(claimOf(place, facts), facts);

/** A sentence with its facts. @param {Claim} one @param {Facts} facts */
export const spelt = ({ say: text }, facts) =>
  text.replace(/\{(\w+)\}/g, (_, /** @type {string} */ fact) => String(facts[fact]));

/** Sentences one after the other; empty ones leave no gap. @param {string[]} sentences */
export const joined = (sentences) => sentences.filter(Boolean).join(" ");

/** @param {string} fact @param {Facts} facts */
const holds = (fact, facts) => (fact.startsWith("!") ? !facts[fact.slice(1)] : Boolean(facts[fact]));
