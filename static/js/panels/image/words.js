// What is said of an image beside its picture: each sentence is chosen by the numbers in view. Pure.

import { counted, readable } from "../../draw/numbers.js";

/** From here on most of what a step reads comes from one memory. */
const MOST = 0.5;

/**
 * What the chosen step reads.
 * @param {import("./figure.js").ImageFigure} figure
 * @param {number} step
 */
export function readWords({ marks, at, empty }, step) {
  const here = `Step ${step} (row ${at.row}, column ${at.column})`;
  if (!marks.length) return empty > 0 ? `${here} reads nothing but the empty memory.` : `${here} reads no memory.`;
  const best = marks.reduce((one, other) => (other.weight > one.weight ? other : one));
  const told = `row ${best.row}, column ${best.column} (weight ${readable(best.weight, 3)})`;
  if (empty > best.weight)
    return `${here} reads the empty memory most (weight ${readable(empty, 3)}), of the image ${told}.`;
  if (marks.length === 1) return `${here} reads one memory of the image: ${told}.`;
  const share = best.weight > MOST ? "above all that of" : "the heaviest is that of";
  return `${here} reads ${counted(marks.length, "memory", "memories")} of the image, ${share} ${told}.`;
}

/**
 * Where the gradient of the loss arrives.
 * @param {Trace} trace
 */
export function creditWords(trace) {
  const reached = (trace.reach.sab ?? []).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const loss = trace.loss_step === null ? "The whole loss" : `The loss of step ${trace.loss_step}`;
  if (unlabelled(trace)) return "Nobody said what this image shows: without a label there is no loss, and no gradient.";
  if (!reached) return `${loss} sends no gradient to any pixel.`;
  if (reached === trace.steps) return `${loss} sends gradient to all ${trace.steps} pixels.`;
  return `${loss} sends gradient to ${reached} of ${trace.steps} pixels.`;
}

/** Whether nobody said what the image shows, as with a drawing of one's own. @param {Trace} trace */
const unlabelled = (trace) => (trace.targets[trace.steps - 1] ?? null) === null;

/**
 * What the network says of the image.
 * @param {Trace} trace
 */
export function answerWords(trace) {
  const last = trace.steps - 1;
  const [target, said] = [trace.targets[last], trace.predictions[last]];
  const name = (/** @type {Value} */ value) => trace.task.symbols[Number(value)] ?? String(value);
  if (unlabelled(trace)) return `The network says ${name(said)}.`;
  return said === target
    ? `The network says ${name(said)}, which is right.`
    : `The network says ${name(said)}; it is ${name(target)}.`;
}
