// What is said aloud when the choice moves: the step, the memory with its weight and credit, the pins. Pure.

import { readable } from "../../draw/numbers.js";
import { readingsOf, symbol } from "../../wire/trace.js";

/**
 * @param {Trace | null} trace
 * @param {{step: number | null, memory: number | null, pins: number[]}} choice
 * @returns {string}
 */
export function moveWords(trace, { step, memory, pins }) {
  const held = pins.length
    ? ` ${pins.length === 1 ? "1 step" : `${pins.length} steps`} pinned: ${pins.join(", ")}.`
    : "";
  if (step === null) return `No step chosen.${held}`;
  if (!trace || step >= trace.steps) return `Step ${step}.${held}`;
  if (memory === null)
    return (
      `Step ${step}: says ${symbol(trace, trace.predictions[step])}, ` +
      `loss ${readable(trace.loss_T[step], 3)}.${held}`
    );
  const name = memory === -1 ? "empty memory" : `memory of step ${memory}`;
  const reading = readingsOf(trace, step).find(({ source }) => source === memory);
  const edge = trace.edges.find(({ kind, reader, source }) => kind === "skip" && reader === step && source === memory);
  const read = reading ? `weight ${readable(reading.weight, 3)}` : "not read, weight 0 exactly";
  return `Step ${step}, ${name}: ${read}${edge ? `, credit ${readable(edge.credit, 3)}` : ""}.${held}`;
}
