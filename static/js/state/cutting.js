// Where a probe cuts the local gradient: in blocks of k_trunc steps, shifted by a phase, or once, k_trunc steps back
// from the loss step (a window): what has to be asked for, and where the cut before the loss falls. Pure.

import { say } from "../draw/say.js";
import { CUTS } from "./claims.js";

/** As every snapshot is cut. @type {State["cutting"]} */
export const NO_CUTTING = { cuts: "blocks", phase: 0 };

/**
 * What a probe has to be asked; the whole loss has no last steps, and a window no phase
 * @param {State} state
 * @returns {Partial<State["cutting"]>}
 */
export function cuttingAsked({ cutting, choice }) {
  if (cutting.cuts === "window" && !choice.whole) return { cuts: "window" };
  return cutting.phase ? { phase: cutting.phase } : {};
}

/**
 * Steps on whose entry the local state is cut (spec section 2).
 * @param {Trace} trace its phase, its loss step, and how it is cut
 * @param {number} k_trunc 0 cuts nothing
 * @returns {number[]}
 */
export function cutsOf({ steps, loss_step: loss, parameters }, k_trunc) {
  if (k_trunc === 0) return [];
  const { phase = 0, cuts = "blocks" } = parameters;
  const all = Array.from({ length: steps }, (_, step) => step);
  if (cuts === "window") return all.filter((step) => step > 0 && loss !== null && step === loss - k_trunc + 1);
  return all.filter((step) => step > 0 && (((step + 1 - phase) % k_trunc) + k_trunc) % k_trunc === 0);
}

/**
 * How far the local gradient of the loss step goes, and why it surprises.
 * @param {Trace} trace
 * @returns {string}
 */
export const cutNote = (trace) => say(CUTS, cutFacts(trace));

/** @param {Value | undefined} target */
const isThere = (target) => target !== null && target !== undefined && !Number.isNaN(target);

/** @param {Trace} trace @returns {import("../draw/say.js").Facts} */
export function cutFacts({ loss_step: asked, targets, cuts, parameters: { k_trunc, cuts: how } }) {
  const steps = targets.flatMap((target, step) => (isThere(target) ? [step] : []));
  const loss = asked ?? (steps.length === 1 ? steps[0] : null);
  const before = loss === null ? [] : Array.from(cuts).filter((cut) => cut <= loss);
  const cut = Math.max(...before);
  const seen = (loss ?? 0) - cut + 1;
  return {
    ...{ k_trunc: k_trunc ? String(k_trunc) : "", whole: asked === null, loss: String(loss), cut: String(cut) },
    ...{ cut_before: before.length > 0, seen: String(seen), one: seen === 1, window: how === "window" },
    ...{ only: asked === null && loss !== null, met: cuts.length > 0 },
    target: asked === null || isThere(targets[asked]),
    ...{ all_alone: k_trunc === 1, whole_block: seen === k_trunc },
  };
}
