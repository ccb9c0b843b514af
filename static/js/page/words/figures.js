// What is said of each figure to those who do not see it: claims, with the facts that each needs (figure_facts.js).

import { claim } from "../../draw/say.js";

export const SEQUENCE = [
  claim("nothing is asked", "!asked", "A sequence of {steps}."),
  claim("its answer is right", "one all_right", "A sequence of {steps}; its one answer is right."),
  claim("its answer is wrong", "one", "A sequence of {steps}; its one answer is wrong."),
  claim("one is right", "one_right", "A sequence of {steps}; 1 of {answers} answers is right."),
  claim("answers", "", "A sequence of {steps}; {right} of {answers} answers are right."),
];

/** Of the chosen step, behind the sequence. */
export const STEP = [
  claim("none is chosen", "!chosen", ""),
  claim("no target", "!target", "Step {step}: input {input}, no target, the network says {says}."),
  claim("target", "", "Step {step}: input {input}, target {wanted}, the network says {says}, loss {loss}."),
];

export const PATHS = [
  claim("nothing hops", "!skips", "{loss} sends credit over no skip edge."),
  claim("no finite credit", "!known", "{loss} reaches over {edges}, but no credit is finite."),
  claim(
    "some not finite",
    "odd",
    "{loss} sends credit over {edges}, not all finite; one leads from step {from} to step {to}, {most}.",
  ),
  claim(
    "another is stronger",
    "weaker",
    "{loss} sends credit over {edges}; one leads from step {from} to step {to}, {most}, and a stronger one {beside}.",
  ),
  claim(
    "tied",
    "tied",
    "{loss} sends credit over {edges}; one of the strongest leads from step {from} to step {to}, {most}.",
  ),
  claim(
    "strongest",
    "",
    "{loss} sends credit over {edges}; the strongest leads from step {from} to step {to}, {most}.",
  ),
];

export const HIDDEN = [
  claim("none hidden", "!hidden", "{cuts}."),
  claim("one hidden", "one_hidden", "{cuts}. 1 weaker path is hidden."),
  claim("hidden", "", "{cuts}. {paths_hidden} weaker paths are hidden."),
];

export const OVERVIEW = [
  claim("no arc", "!arcs", "A sequence of {steps} without an arc."),
  claim("one arc", "one_arc", "A sequence of {steps} with 1 arc, from step {from} to step {to}."),
  claim(
    "as long",
    "as_long",
    "A sequence of {steps} with {count} arcs; one of the longest leads from step {from} to step {to}.",
  ),
  claim("longest", "", "A sequence of {steps} with {count} arcs; the longest leads from step {from} to step {to}."),
];

export const REACHED = [
  claim("not asked for", "!sab", ""),
  claim("no step", "!reached", "{own} reaches no step."),
  claim("reached", "", "{own} reaches {reach}."),
];

export const GRADIENTS = [
  claim("no rule", "!rules", "No gradient is drawn."),
  claim("no norm", "!norms", "By gradient norm of h, {reaches}."),
  claim(
    "norms",
    "",
    "By gradient norm of h, {reaches}. Steps where the gradient of {quantity} is exactly zero: {zeros}.",
  ),
];

export const BROKEN = [
  claim("all finite", "!broken", ""),
  claim("one", "one_broken", "1 number is not finite."),
  claim("some", "", "{nonfinite} numbers are not finite."),
];

export const ATTENTION = [
  claim("never reads", "never_reads", "Method {method} reads no memory."),
  claim("nothing read", "unread", "{unread}: no written memory is read."),
  claim("nothing to read", "!there", "No step has a memory to read."),
  claim("only the empty one", "!readers empty", "No step reads a written memory, only the empty one."),
  claim("all zero", "!readers", "No step reads a memory: all weights are 0."),
  claim("some read", "", "Steps that read a written memory: {readers} of {steps}; memories written: {memories}."),
];

/** The memories of one step. */
export const READING = [
  claim("none is chosen", "!chosen", "No step is chosen."),
  claim("nothing to read", "!reads", "Step {step} reads no memory."),
  claim("all zero", "all_zero", "Step {step} attends to no memory: all its weights are 0."),
  claim("not finite", "odd", "Step {step} reads {count}; not all of its weights are finite."),
  claim("none above 0", "!positive", "Step {step} has no weight above 0; the largest is that of {top}, {weight}."),
  claim("tied", "tied", "Step {step} reads {count}, none more than {top} with weight {weight}, and another as much."),
  claim("one", "one", "Step {step} reads 1 memory, {top}, with weight {weight}."),
  claim("most of all", "", "Step {step} reads {count}, most of all {top} with weight {weight}."),
];

/** Weights of one network minus those of another. */
export const DIFFERENCE = [
  claim("not finite at a step", "odd chosen", "{minus} At step {step} not all differences are finite."),
  claim("not finite", "odd", "{minus} Not all differences are finite."),
  claim("equal at a step", "equal chosen", "{minus} At step {step} they are equal."),
  claim("equal", "equal", "{minus} All are equal."),
  claim("tied at a step", "tied chosen", "{minus} At step {step} none differs more than that of {memory}: {sides}."),
  claim("tied", "tied", "{minus} None differs more than that of step {reader} for {memory}: {sides}."),
  claim("largest at a step", "chosen", "{minus} The largest difference at step {step} is for {memory}: {sides}."),
  claim("largest", "", "{minus} The largest difference is at step {reader}, for {memory}: {sides}."),
];

export const CURVES = [
  claim("none", "!rows", "No curve yet."),
  claim("last row", "", "Curves up to update {last}, where {figures}."),
];

export const HEALTH = [
  claim("no look", "!looked", "{none}"),
  claim("one look", "one_look", "Measured once, after update {update}: {figures}."),
  claim("looks", "", "Measured {times} times; after update {update}: {figures}."),
];
