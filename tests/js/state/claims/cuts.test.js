// What is said of cuts, recounted from the steps at which a trace is cut.

import * as claims from "../../../../static/js/state/claims.js";
import { cutFacts, cutsOf } from "../../../../static/js/state/cutting.js";
import { chances, list, madeUp, many } from "../../support/awkward.js";
import { sceptic } from "../../support/sceptic.js";

const CASES = many(900, (seed) => {
  const { one, whole } = chances(seed);
  const made = madeUp(seed);
  const k_trunc = one([0, 1, 2, 3, 5, 50]);
  const how = made.loss_step === null ? "blocks" : one(["blocks", "blocks", "window"]);
  const trace = {
    ...made,
    parameters: { ...made.parameters, k_trunc, cuts: how, phase: how === "blocks" ? whole(0, 4) : 0 },
  };
  // Of some tasks one step alone has a target.
  const only = chances(seed + 7).some(0.3) ? chances(seed).whole(0, made.steps - 1) : null;
  const targets = made.targets.map((/** @type {any} */ target, /** @type {number} */ step) =>
    only === null ? target : step === only ? 1 : null,
  );
  return { ...trace, targets, cuts: cutsOf(trace, k_trunc) };
});

/** Steps that the local gradient of the loss reaches: back from it, until one that is entered over a cut. */
function seen(/** @type {any} */ { loss_step: loss, cuts }) {
  const reached = [];
  for (let step = loss; step >= 0; step -= 1) {
    reached.push(step);
    if (cuts.includes(step)) break;
  }
  return reached;
}
const last = (/** @type {any} */ trace) => seen(trace)[seen(trace).length - 1];
const isCut = (/** @type {any} */ trace) => trace.cuts.includes(last(trace));
const of = (/** @type {any} */ trace, /** @type {any} */ { loss }) => trace.loss_step === Number(loss);
const block = (/** @type {any} */ trace) => trace.parameters.cuts === "blocks";
const whole = (/** @type {any} */ { loss_step: at }) => at === null;
/** Steps that have a loss. */
const asked = (/** @type {any} */ { targets, steps }) =>
  list(steps, Number).filter((at) => targets[at] !== null && !Number.isNaN(targets[at]));
const alone = (/** @type {any} */ trace) => asked(trace).length === 1;
const lossAt = (/** @type {any} */ trace) => asked(trace)[0];
const only = (/** @type {any} */ trace) => ({ ...trace, loss_step: lossAt(trace) });
const FALLS = "^The cut before step (?<loss>\\d+) falls on entering step (?<cut>\\d+): ";

sceptic("CUTS", {
  ...{ place: claims.CUTS, cases: CASES, facts: cutFacts },
  known: [
    [
      /^There is no cut: phase and window change nothing\.$/,
      ({ parameters, cuts }) => !parameters.k_trunc && !cuts.length,
    ],
    [
      /^Of the whole loss: each step's loss has its own distance to the cut before it\.$/,
      (trace) => whole(trace) && !alone(trace) && trace.cuts.length > 0 && trace.parameters.k_trunc > 1,
    ],
    [
      /^No cut falls into the sequence: the local gradient of every loss goes to step 0\.$/,
      (trace) => whole(trace) && trace.cuts.length === 0,
    ],
    [
      /^k_trunc = 1: the local gradient of each step's loss sees that step alone\.$/,
      (trace) => whole(trace) && trace.parameters.k_trunc === 1,
    ],
    [
      /^Only step (?<loss>\d+) has a loss, and no cut lies before it\.$/,
      (trace, told) => whole(trace) && alone(trace) && lossAt(trace) === +told.loss && !isCut(only(trace)),
    ],
    [
      /^Only step (?<loss>\d+) has a loss: the cut before it falls on entering step (?<cut>\d+)\.$/,
      (trace, told) => whole(trace) && alone(trace) && lossAt(trace) === +told.loss && last(only(trace)) === +told.cut,
    ],
    [
      /^Step (?<loss>\d+) has no target: there is no loss whose gradient could go back\.$/,
      (trace, told) => of(trace, told) && !asked(trace).includes(+told.loss),
    ],
    [
      /^No cut lies before step (?<loss>\d+): its local gradient goes back to step 0\.$/,
      (trace, told) => of(trace, told) && !isCut(trace) && last(trace) === 0,
    ],
    [
      /^k_trunc = 1: the local gradient of step (?<loss>\d+) sees that step alone\.$/,
      (trace, told) => of(trace, told) && trace.parameters.k_trunc === 1 && seen(trace).length === 1,
    ],
    [
      /^The local gradient of step (?<loss>\d+) sees the last (?<n>\d+) steps, wherever blocks would end\.$/,
      (trace, told) => of(trace, told) && !block(trace) && seen(trace).length === Number(told.n) && Number(told.n) > 1,
    ],
    [
      new RegExp(`${FALLS}(?<n>\\d+) steps see its gradient\\.$`),
      (trace, told) =>
        of(trace, told) &&
        block(trace) &&
        last(trace) === Number(told.cut) &&
        seen(trace).length === Number(told.n) &&
        trace.parameters.k_trunc === Number(told.n) &&
        told.n !== "1",
    ],
    [
      new RegExp(
        `${FALLS}its local gradient sees (?<n>\\d+ steps?), though a block has (?<k>\\d+)\\.` +
          "(?<right> A cut falls right before the loss: move the phase, or take the last k_trunc steps\\.)?$",
      ),
      (trace, told) =>
        of(trace, told) &&
        block(trace) &&
        isCut(trace) &&
        last(trace) === Number(told.cut) &&
        told.n === (seen(trace).length === 1 ? "1 step" : `${seen(trace).length} steps`) &&
        trace.parameters.k_trunc === Number(told.k) &&
        seen(trace).length < Number(told.k) &&
        (told.right !== undefined) === (Number(told.cut) === trace.loss_step),
    ],
  ],
});

/** Every loss step, every length of block, every phase: the note counts the steps that are reached. */
const EVERY = list(8, (loss_step) =>
  list(6, (k) => list(4, (phase) => ({ ...CASES[0], steps: 8, loss_step, k, phase }))),
)
  .flat(2)
  .map(({ k, phase, ...trace }) => ({
    ...trace,
    parameters: { ...trace.parameters, k_trunc: k, cuts: "blocks", phase },
  }))
  .map((trace) => ({ ...trace, cuts: cutsOf(trace, trace.parameters.k_trunc) }));
sceptic("CUTS of every block", {
  place: claims.CUTS.filter(({ name }) => ["no cut", "none before", "short"].includes(name)),
  cases: EVERY.filter(
    (trace) =>
      trace.parameters.k_trunc === 0 ||
      !isCut(trace) ||
      (seen(trace).length > 1 && seen(trace).length < trace.parameters.k_trunc),
  ),
  facts: cutFacts,
  known: [
    [/^There is no cut: phase and window change nothing\.$/, ({ cuts }) => cuts.length === 0],
    [/^No cut lies before step \d+: its local gradient goes back to step 0\.$/, (trace) => !isCut(trace)],
    [
      new RegExp(`${FALLS}its local gradient sees (?<n>\\d+) steps, though`),
      (trace, { n }) => seen(trace).length === +n,
    ],
  ],
});
