// Sequences of one's own for the tasks that make their sequences themselves: letters, pairs, numbers. Pure.

import { counted } from "../../../draw/numbers.js";
import { change, good, stranger, tooMany, wrong } from "./saying.js";

const LETTERS = "ABCDEFGH";
const [BLANK, MARKER] = [8, 9];
const KEYS = "abcdefgh";
const VALUES = "12345678";
const RECALL_BLANK = KEYS.length + VALUES.length;
const NOISE = new Set([".", "·", "_"]);
export const UNMARKED = 0.5;

/**
 * A task that is not here takes no text.
 * @type {Partial<Record<Wire.TaskName, (text: string, T: number, items: number) => import("./saying.js").Own>>}
 */
export const TOYS = {
  copy(text, T, items) {
    const letters = [...text.toUpperCase().replace(/\s/g, "")];
    const range = `${counted(items, "letter")} of A … H`;
    const found = letters.map((letter) => LETTERS.indexOf(letter));
    const bad = found.indexOf(-1);
    if (bad >= 0) return wrong(text, range, stranger(letters, bad, "write one from A to H there"));
    if (letters.length !== items) return wrong(text, range, tooMany(letters.length, items));
    return good([...found, ...Array(T - 1).fill(BLANK), MARKER, ...Array(items).fill(BLANK)]);
  },
  denoise(text, T, items) {
    const signs = [...text.toUpperCase().replace(/\s/g, "")];
    const some = items === 1 ? "1 of them a letter" : `${items} of them letters`;
    const range = `${counted(T, "sign")}, ${some} A … H, the others dots`;
    const found = signs.map((sign) => (NOISE.has(sign) ? BLANK : LETTERS.indexOf(sign)));
    const bad = found.indexOf(-1);
    if (bad >= 0) return wrong(text, range, stranger(signs, bad, "write a letter from A to H or a dot there"));
    if (signs.length !== T) return wrong(text, range, tooMany(signs.length, T));
    const count = found.filter((sign) => sign < BLANK).length;
    const swap = count > items ? "write dots for some" : "write letters for some dots";
    if (count !== items)
      return wrong(text, range, `there ${count === 1 ? "is" : "are"} ${counted(count, "letter")}: ${swap}`);
    return good([...found, MARKER, ...Array(items).fill(BLANK)]);
  },
  recall(text, T, items) {
    const words = text
      .trim()
      .toLowerCase()
      .split(/[\s,]+/);
    const such = example("recall", T, items);
    const range = `${counted(items, "pair")} of a key a … h and a value 1 … 8, then one of the keys, as in “${such}”`;
    const pairs = words.slice(0, -1);
    const asked = words[words.length - 1];
    if (pairs.length !== items)
      return wrong(
        text,
        range,
        `there ${pairs.length === 1 ? "is" : "are"} ${counted(pairs.length, "pair")}: ${change(pairs.length, items)}`,
      );
    const bad = pairs.find((pair) => !/^[a-h][1-8]$/.test(pair));
    if (bad !== undefined)
      return wrong(text, range, `“${bad}” is no such pair: write a letter and a digit, as ${such.split(" ")[0]}`);
    const keys = pairs.map((pair) => pair[0]);
    if (new Set(keys).size !== items)
      return wrong(text, range, "each key may stand once: take another letter for one of them");
    if (!keys.includes(asked))
      return wrong(text, range, `“${asked}” is none of the keys: end with ${keys.join(" or ")}`);
    return good([
      ...pairs.flatMap(([key, value]) => [KEYS.indexOf(key), KEYS.length + VALUES.indexOf(value)]),
      ...Array(T).fill(RECALL_BLANK),
      KEYS.indexOf(asked),
    ]);
  },
  adding(text, T) {
    const range = `two numbers from 0 to 1, each with its step from 0 to ${T - 1}, as in “${example("adding", T, 0)}”`;
    const words = text
      .trim()
      .split(/[\s;]+/)
      .filter(Boolean);
    const marks = words.map((word) => /^(\d{1,4}):(\d*\.?\d+)$/.exec(word));
    const bad = marks.indexOf(null);
    if (bad >= 0)
      return wrong(
        text,
        range,
        `“${words[bad]}” is not step:number: write it as ${example("adding", T, 0).split(" ")[0]}`,
      );
    if (marks.length !== 2) return wrong(text, range, tooMany(marks.length, 2));
    const pairs = marks.map((mark) => [Number(mark?.[1]), Number(mark?.[2])]);
    const out = pairs.find(([step, value]) => step >= T || value > 1);
    if (out)
      return wrong(text, range, `${out[0]}:${out[1]} lies outside: lower its ${out[0] >= T ? "step" : "number"}`);
    if (pairs[0][0] === pairs[1][0]) return wrong(text, range, "the steps must differ: change one of them");
    const inputs = Array.from({ length: T }, () => [UNMARKED, 0]);
    for (const [step, value] of pairs) inputs[step] = [value, 1];
    return good(inputs);
  },
};

/** @param {Wire.TaskName} name @param {number} T @param {number} items */
export function example(name, T, items) {
  const letters = Array.from({ length: items }, (_, place) => LETTERS[(place * 3) % LETTERS.length]);
  if (name === "copy") return letters.join("");
  if (name === "denoise")
    return Array.from({ length: T }, (_, step) =>
      step % Math.floor(T / items) === 0 ? (letters[step / Math.floor(T / items)] ?? ".") : ".",
    ).join("");
  if (name === "recall")
    return [...Array.from({ length: items }, (_, at) => KEYS[at] + VALUES[(at * 3) % VALUES.length]), "a"].join(" ");
  const [first, second] = T > 3 ? [1, T - 2] : [0, T - 1];
  return name === "adding" ? `${first}:0.25 ${second}:0.5` : "";
}
