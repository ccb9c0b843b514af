// Where knobs were turned while a run trained, in short texts that do not collide. Pure.

import { knobText } from "../../draw/numbers.js";

const LABEL_SHARE = 0.4;

/**
 * Where the knobs changed, each with a short text: "k_top 5 → 2".
 * @param {KnobMark[]} marks
 * @param {Partial<Wire.RunParameters>} start the knobs that the run began with
 * @returns {{update: number, text: string}[]}
 */
export function knobMarks(marks, start) {
  let before = start;
  return marks
    .map(({ update, parameters }) => {
      const changed = /** @type {(keyof Wire.RunParameters)[]} */ (Object.keys(parameters)).filter(
        (name) => before[name] !== parameters[name],
      );
      const was = before;
      before = { ...before, ...parameters };
      return {
        update,
        text: changed
          .map((name) => `${name} ${knobText(name, was[name])} → ${knobText(name, parameters[name])}`)
          .join(", "),
      };
    })
    .filter(({ text }) => text);
}

/**
 * The texts that fit beside one another, latest first.
 * @param {{update: number, text: string}[]} marks
 * @param {number} last update on the axis
 */
export function labels(marks, last) {
  const kept = /** @type {{update: number, text: string}[]} */ ([]);
  for (const mark of [...marks].reverse()) {
    const apart = kept.every((other) => Math.abs(other.update - mark.update) > last * LABEL_SHARE);
    if (apart) kept.push(mark);
  }
  return kept;
}
