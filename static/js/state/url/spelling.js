// How single values are spelt in a link: a value → text, and text → value or null when it is not as it should be. Pure.
// Only characters that a link keeps as they are, so that what is short stays short. Which values travel: state.js.

/**
 * @template T
 * @typedef {{text: (value: T) => string, value: (text: string) => T | null}} Spelling
 */

/** @type {(text: string) => number | null} */
const integer = (text) => (/^-?\d{1,9}$/.test(text) ? Number(text) : null);

/** A whole number. @param {number} [least] @param {number} [most] @returns {Spelling<number>} */
export const whole = (least = 0, most = Infinity) => ({
  text: String,
  value(text) {
    const value = integer(text);
    return value !== null && value >= least && value <= most ? value : null;
  },
});

/** A share from 0 to 1. @type {Spelling<number>} */
export const fraction = { text: String, value: (text) => (/^(0|1|0?\.\d{1,6})$/.test(text) ? Number(text) : null) };

/** Something that is on. Off is left out. @type {Spelling<boolean>} */
export const flag = { text: () => "1", value: (text) => (text === "1" ? true : null) };

/** One word of a few. @template {string} W @param {readonly W[]} words @returns {Spelling<W>} */
export const word = (words) => ({ text: String, value: (text) => words.find((known) => known === text) ?? null });

/** An identifier of a run, a preset or a checkpoint. @type {Spelling<string>} */
export const identifier = { text: String, value: (text) => (/^[0-9a-z_-]{1,64}$/.test(text) ? text : null) };

/** A network: `run.r1`. @type {Spelling<Target>} */
export const network = {
  text: ({ kind, id }) => `${kind}.${id}`,
  value(text) {
    const [, kind, id] = /^(run|preset|checkpoint)\.([0-9a-z_-]{1,64})$/.exec(text) ?? [];
    return kind ? { kind: /** @type {Target["kind"]} */ (kind), id } : null;
  },
};

/** A line as a person types it, as a sequence of one's own. @param {number} most letters @returns {Spelling<string>} */
export const typed = (most) => ({
  text: String,
  value: (text) => (text.length <= most && /^\P{Cc}+$/u.test(text) ? text : null),
});

/** A few whole numbers: `3_14_15`. @param {number} most how many @returns {Spelling<number[]>} */
export const wholes = (most) => ({
  text: (values) => values.join("_"),
  value(text) {
    const values = text.split("_").map(integer);
    return values.length <= most && values.every((value) => value !== null && value >= 0)
      ? /** @type {number[]} */ (values)
      : null;
  },
});

/** Two whole numbers that rise, also below zero: `-7_-2`. @type {Spelling<[number, number]>} */
export const range = {
  text: (ends) => ends.join("_"),
  value(text) {
    const ends = /^(-?\d{1,3})_(-?\d{1,3})$/.exec(text);
    return ends && Number(ends[1]) < Number(ends[2]) ? [Number(ends[1]), Number(ends[2])] : null;
  },
};

/**
 * Pairs of whole numbers, as an edge or a range: `40-0_41-1`.
 * @param {number} most how many
 * @returns {Spelling<[number, number][]>}
 */
export const pairs = (most) => ({
  text: (values) => values.map((pair) => pair.join("-")).join("_"),
  value(text) {
    const values = text.split("_").map((pair) => /^(\d{1,9})-(\d{1,9})$/.exec(pair));
    if (values.length > most || values.includes(null)) return null;
    return values.map((pair) => [Number(pair?.[1]), Number(pair?.[2])]);
  },
});
