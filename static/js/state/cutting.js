// Where a probe cuts the local gradient: in blocks of k_trunc steps, shifted by a phase, or once, k_trunc steps back
// from the loss step (a window): what has to be asked for, and where the cut before the loss falls. Pure.

/** As training cuts, and as every snapshot is cut. @type {State["cutting"]} */
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
export function cutNote({ loss_step: loss, cuts, parameters: { k_trunc, cuts: how } }) {
  if (!k_trunc) return "There is no cut: phase and window change nothing.";
  if (loss === null) return "Of the whole loss: each step's loss has its own distance to the cut before it.";
  const before = Array.from(cuts).filter((cut) => cut <= loss);
  if (before.length === 0) return `No cut lies before step ${loss}: its local gradient goes back to step 0.`;
  const cut = Math.max(...before);
  const seen = loss - cut + 1;
  const count = seen === 1 ? "1 step" : `${seen} steps`;
  if (how === "window") return `The local gradient of step ${loss} sees the last ${count}, wherever blocks would end.`;
  if (seen === k_trunc) return `The cut before step ${loss} falls on entering step ${cut}: ${count} see its gradient.`;
  const surprise =
    seen === 1 ? " A cut falls right before the loss: move the phase, or take the last k_trunc steps." : "";
  return (
    `The cut before step ${loss} falls on entering step ${cut}: its local gradient sees ${count}, though a block has ` +
    `${k_trunc}.${surprise}`
  );
}
