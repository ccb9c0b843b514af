// What is said of comparisons, knock-outs, cuts and of an update that cannot be asked: claims with the facts that each
// needs. The facts are counted where the numbers are: selectors/comparison.js, knockouts.js, history.js, cutting.js.

import { claim } from "../draw/say.js";

/** Why two networks cannot be laid over one another; nothing where they can. */
export const UNLIKE = [
  claim(
    "other steps",
    "!same_task",
    "“{name}” is {theirs}, this network is {ours}: steps of the two do not belong together, so there is no " +
      "difference to draw. Pin a baseline of the same task and length.",
  ),
  claim(
    "other sequence",
    "!same_inputs",
    "“{name}” read another sequence than this network: their weights belong to different symbols, so there is no " +
      "difference to draw.",
  ),
  claim("alike", "", ""),
];

/** Why there is no trace of the baseline to lay over. */
export const BASELINE = [
  claim("refused", "problem", "The baseline cannot be had: {problem}"),
  claim("no picture", "!there !pictured", "“{name}” has no picture yet."),
  claim("on its way", "!there", "Loading the baseline …"),
  claim("other example", "asked_for", "Loading the baseline …"),
  claim("there", "", ""),
];

/** What surprises in the numbers after a knock-out. */
export const LOUDER = [
  claim(
    "louder",
    "lossier steeper",
    "The loss is larger, and so is its gradient at step {source}, which comes over other edges.",
  ),
  claim("not louder", "", ""),
];
export const MISSED = [
  claim("more miss", "more_missed", "{missed} readers that found their source miss it now."),
  claim("no more", "", ""),
];

/** Why there is nothing to compare after a knock-out. */
export const WAITING = [
  claim(
    "cannot be asked",
    "!can_ask",
    "not asked: the weights of update {update} are not stored, so the arc is still drawn; go to the last update, " +
      "or tick Follow",
  ),
  claim("refused", "refused", "the answer could not be computed"),
  claim("refused before", "before_refused", "the numbers from before could not be computed"),
  claim("computing", "", "computing …"),
];

/** Why the picture is not of what was asked for. */
export const HISTORY = [
  claim("can be asked", "can_ask", ""),
  claim("is what was asked", "!differs", ""),
  claim(
    "weights stored nearby",
    "near",
    "Arcs and gradients of update {update} are of {loss}, example {example}; update {near} has its weights stored.",
  ),
  claim(
    "last weights",
    "",
    "Arcs and gradients of update {update} are of {loss}, example {example}; only the last update has its weights " +
      "stored.",
  ),
];

/** How far the local gradient of the loss step goes, and why it surprises. */
export const CUTS = [
  claim("no cut", "!k_trunc", "There is no cut: phase and window change nothing."),
  claim("no target", "!target", "Step {loss} has no target: there is no loss whose gradient could go back."),
  claim(
    "whole, none",
    "whole !met",
    "No cut falls into the sequence: the local gradient of every loss goes to step 0.",
  ),
  claim("whole, alone", "whole all_alone", "k_trunc = 1: the local gradient of each step's loss sees that step alone."),
  claim("whole, one none", "only !cut_before", "Only step {loss} has a loss, and no cut lies before it."),
  claim("whole, one", "only", "Only step {loss} has a loss: the cut before it falls on entering step {cut}."),
  claim("whole loss", "whole", "Of the whole loss: each step's loss has its own distance to the cut before it."),
  claim("none before", "!cut_before", "No cut lies before step {loss}: its local gradient goes back to step 0."),
  claim("alone", "all_alone", "k_trunc = 1: the local gradient of step {loss} sees that step alone."),
  claim("window", "window", "The local gradient of step {loss} sees the last {seen} steps, wherever blocks would end."),
  claim(
    "whole block",
    "whole_block",
    "The cut before step {loss} falls on entering step {cut}: {seen} steps see its gradient.",
  ),
  claim(
    "right before",
    "one",
    "The cut before step {loss} falls on entering step {cut}: its local gradient sees 1 step, though a block has " +
      "{k_trunc}. A cut falls right before the loss: move the phase, or take the last k_trunc steps.",
  ),
  claim(
    "short",
    "",
    "The cut before step {loss} falls on entering step {cut}: its local gradient sees {seen} steps, though a block " +
      "has {k_trunc}.",
  ),
];
