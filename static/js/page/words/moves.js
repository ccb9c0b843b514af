// What is said aloud when the choice moves: the step, the memory with its weight and credit, the pins. Pure.

import { readable } from "../../draw/numbers.js";
import { joined, say } from "../../draw/say.js";
import { readingsOf, symbol } from "../../wire/trace.js";
import { MOVE, PINS } from "./line.js";

/** @typedef {{step: number | null, memory: number | null, pins: number[]}} Move */

/** @param {Trace | null} trace @param {Move} choice */
export function moveWords(trace, choice) {
  const facts = moveFacts(trace, choice);
  return joined([say(MOVE, facts), say(PINS, facts)]);
}

/** @param {Trace | null} trace @param {Move} choice @returns {import("../../draw/say.js").Facts} */
export function moveFacts(trace, { step, memory, pins }) {
  const held = { pins: pins.join(", "), one_pin: pins.length === 1, count: String(pins.length) };
  if (step === null || !trace || step >= trace.steps)
    return { ...held, chosen: step !== null, there: false, step: String(step) };
  const reading = readingsOf(trace, step).find(({ source }) => source === memory);
  const edge = trace.edges.find(({ kind, reader, source }) => kind === "skip" && reader === step && source === memory);
  return {
    ...held,
    ...{ chosen: true, there: true, step: String(step), target: (trace.targets[step] ?? null) !== null },
    ...{ says: symbol(trace, trace.predictions[step]), loss: readable(trace.loss_T[step], 3) },
    memory: memory === null ? "" : memory === -1 ? "empty memory" : `memory of step ${memory}`,
    ...{ read: reading !== undefined, weight: readable(reading?.weight, 3) },
    credit: edge ? readable(edge.credit, 3) : "",
  };
}
