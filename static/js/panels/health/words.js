// The health of a network in words: what each number means, and what helps where it is bad. Claims with the facts that
// they need (facts.js); what the figures are and where they come from is in docs/verdict.md.

import { alarm, claim } from "../../draw/say.js";
import { LOOK_EVERY } from "../../wire/contract.js";

const NO_MEMORY = claim("no memory", "none !reads", "No memory is read, so there is no scorer and no reader.");
const NOTHING_READ = claim("nothing read", "none", "Nothing measured: no step had a memory to read.");
const NO_UPDATE = claim("no update", "none !updated", "Nothing measured yet: no update so far.");
const TAKEN_UP = claim("taken up", "!noted", "Nothing measured: no update since the run was taken up again.");

export const SATURATED = [
  NO_MEMORY,
  claim("release", "none release", "The release variant's scorer has no tanh units."),
  NOTHING_READ,
  alarm(
    "stuck, slow scorer",
    "most stuck slow_scorer",
    "Beyond ±0.99 tanh passes on little gradient, and nothing gets better: another seed may do better.",
  ),
  alarm(
    "stuck",
    "most stuck",
    "Beyond ±0.99 tanh passes on little gradient, and nothing gets better: train with scorer_rate 0.3.",
  ),
  claim("most", "most", "Beyond ±0.99. So many are no fault while the network gets better."),
  claim("common", "common", "Beyond ±0.99; 30 to 90 % is common in networks that learned."),
  claim("few", "", "Beyond ±0.99, where tanh passes on little gradient."),
];

const ALL_ZERO = "All weights of these steps are exactly 0, so no gradient comes through them";
export const DEAD = [
  NO_MEMORY,
  NOTHING_READ,
  claim("none dead", "zero", "Every step that reads has a weight that is not 0."),
  claim("some", "!half", `${ALL_ZERO}.`),
  alarm("by rule", "none_by_rule", `${ALL_ZERO}: with k_top = 1 the release variant reads nothing.`),
  alarm("in spite of a floor", "floor", `${ALL_ZERO}: another seed may do better.`),
  alarm("half", "", `${ALL_ZERO}: train with sum_floor 0.1.`),
];

const AMPLIFIED = "Σr below 10⁻⁴ of the range of the scores amplifies rounding in the gradient";
export const NEAR_TIED = [
  NO_MEMORY,
  claim("softmax", "none softmax", "Softmax has no Σr."),
  claim("release", "none release", "Not measured for the release variant."),
  NOTHING_READ,
  claim("none tied", "zero", "No Σr is below 10⁻⁴ of the range of its scores."),
  claim("bounded", "floor", `${AMPLIFIED}; sum_floor bounds that.`),
  claim("tied", "", `${AMPLIFIED}; sum_floor 0.1 bounds that.`),
];

export const LARGEST = [
  alarm("not finite", "!finite", "Not finite: lower learning_rate."),
  claim("bounded", "bounded", "Of any unit at any step; without attention it is at most 1."),
  claim(
    "large",
    "large",
    "At most 1 without attention; each hop adds to it. If it keeps growing, lower learning_rate.",
  ),
  claim("above 1", "", "At most 1 without attention; each hop adds to it."),
];

const SHARE = "‖update‖ ÷ ‖weight‖";
export const MOVED = [
  claim("no memory", "none scorer !reads", NO_MEMORY.say),
  NO_UPDATE,
  TAKEN_UP,
  claim("not in use", "none", "Not in use, or not finite."),
  claim("nothing", "zero", `${SHARE}: nothing moves.`),
  claim("high", "high", `${SHARE} above 0.01: a high rate. If it stays, lower learning_rate.`),
  claim("falling", "little falling", `${SHARE}: hardly anything moves; the rate falls at the end.`),
  claim("little", "little", `${SHARE}: hardly anything moves.`),
  claim("usual", "", `${SHARE} of the last update; about 0.001 is usual.`),
];

const OVER = `over at most the last ${LOOK_EVERY} updates`;
export const NORM = [
  NO_UPDATE,
  TAKEN_UP,
  alarm("not finite", "!finite", "Not finite: lower learning_rate."),
  claim(
    "spikes, below",
    "spikes below",
    "p99 is far above the median; yet 99 of 100 are below clip_norm {clip}, so that hardly anything is clipped.",
  ),
  claim("spikes, clipped", "spikes clipped", "Spikes: p99 is far above the median; clip_norm bounds them."),
  claim("spikes", "spikes", "Spikes: p99 is far above the median; clip_norm 0.5 would bound them."),
  claim("clipped", "clipped", `Before clipping; ${OVER}.`),
  claim("not clipped", "", `Nothing is clipped; ${OVER}.`),
];

/** Where there is no look to show. */
export const NO_LOOK = [
  claim("before the first", "looked", "Nobody looked at the network up to this update."),
  claim("on their way", "known", "Its looks are on their way."),
  claim("none yet", "run", "No look at this network yet."),
  claim("stored", "checkpoint", "Of a stored network no looks are kept."),
  claim("not recorded", "pretrained", "This network was trained before, and its health was not recorded."),
  claim("train", "", "Health appears when a run trains. Press Train."),
];
