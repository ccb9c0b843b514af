// What the headline says of a preview that no exact answer will replace. Pure.

import { claim } from "../../draw/say.js";

export const PREVIEWED = [
  claim("answer unknown", "forward", "A preview of {knobs}: what the network would answer is not known here."),
  claim("answer stays", "", "A preview of {knobs}: the answer stays, what its gradient reaches is not known here."),
];

/** What the picture below is made of. */
export const MADE_OF = [
  claim("no reading", "!reads", "No memory is read."),
  claim(
    "reweighted",
    "fewer credits",
    "Weights are computed from the scores of before, credits of arcs are as before.",
  ),
  claim("reweighted, no credit", "fewer", "Weights are computed from the scores of before."),
  claim("left", "wider credits", "Memories that are left keep their weights, and arcs their credits."),
  claim("left, no credit", "wider", "Memories that are left keep their weights."),
  claim("same readings", "credits", "Weights and credits are as before; which of them a cut stops is drawn."),
  claim("nothing else", "", "Weights are as before."),
];

/**
 * @param {Trace} trace
 * @returns {import("../../draw/say.js").Facts} whether the forward pass changes, and how
 */
export function previewFacts({ preview = {}, attention, edges }) {
  const fewer = preview.k_top !== undefined;
  const wider = preview.k_att !== undefined;
  return {
    ...{ fewer, wider, forward: fewer || wider, reads: attention.reader.length > 0, credits: edges.length > 0 },
    knobs: Object.entries(preview)
      .map(([name, value]) => `${name} = ${value}`)
      .join(", "),
  };
}
