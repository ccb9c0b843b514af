// A sequence of one's own: a short text becomes the inputs of a task, or a sentence about what is wrong with it.
// Pure. The server derives targets and true sources from the inputs and has the last word (model/tasks).

import { counted } from "../../../draw/numbers.js";
import { ITEMS } from "../../../wire/contract.js";
import { IMAGES, TEXTS } from "./data.js";
import { wrong } from "./saying.js";
import { TOYS, UNMARKED, example } from "./toys.js";

/**
 * @typedef {import("./saying.js").Own} Own
 * @typedef {{name: Wire.TaskName, T: number, items: number | null, permuted?: number | null}} Task
 */

/** The task of the network in view. @param {State} state @returns {Task | null} */
export function taskOf({ run, target, presets, probed }) {
  const preset = target?.kind === "preset" ? presets?.find((one) => one.name === target.id) : undefined;
  const shown = target?.kind === "checkpoint" ? probed?.trace.task : undefined;
  return /** @type {Task | null} */ (run?.spec.task ?? preset?.spec.task ?? (shown?.T ? shown : null));
}

/**
 * A task that is not here takes no text.
 * @type {Partial<Record<Wire.TaskName, (text: string, task: Task) => Own>>}
 */
const READERS = {
  ...Object.fromEntries(
    Object.entries(TOYS).map(([name, read]) => [
      name,
      (/** @type {string} */ text, /** @type {Task} */ task) => read(text, task.T, itemsOf(task)),
    ]),
  ),
  char: TEXTS.read,
  pixels: IMAGES.read,
};

/** @param {Task} task @param {string} text */
const noText = ({ name }, text) => wrong(text, `task ${name} takes no text here`, "send inputs to POST /api/probe");

/** @type {{key: string, own: Own}} the last one is kept, so that it keeps its identity */
let last = { key: "", own: { inputs: null, problem: "" } };

/**
 * @param {Task} task
 * @param {string} text
 * @returns {Own}
 */
export function ownInput(task, text) {
  const key = JSON.stringify([task.name, task.T, task.items, task.permuted, text]);
  if (last.key !== key) last = { key, own: READERS[task.name]?.(text, task) ?? noText(task, text) };
  return last.own;
}

/** What the field is to hold, for people. @param {Task} task @returns {{hint: string, example: string}} */
export function ownHint(task) {
  const items = itemsOf(task);
  /** @type {Partial<Record<Wire.TaskName, string>>} */
  const hints = {
    copy: `${counted(items, "letter")} of A … H`,
    denoise: `${task.T} signs: ${counted(items, "letter")} of A … H, dots elsewhere`,
    recall: `${counted(items, "pair")}, then one of the keys`,
    char: TEXTS.hint(task),
    pixels: IMAGES.hint,
    adding: `two marked numbers, step:number; the other steps read ${UNMARKED}`,
  };
  return {
    hint: hints[task.name] ?? "no text is read for this task",
    example: task.name === "char" ? TEXTS.example : example(task.name, task.T, items),
  };
}

/** @param {Task} task */
const itemsOf = ({ name, items }) => items ?? ITEMS[name];
