// What the headline says of a preview that stays, recounted from the trace before it was turned.

import { MADE_OF, PREVIEWED, previewFacts } from "../../../static/js/panels/story/previewed.js";
import { lastingPreview, previewTrace } from "../../../static/js/state/selectors/preview.js";
import { chances, madeUp, many } from "../support/awkward.js";
import { sceptic } from "../support/sceptic.js";

/** @typedef {{before: any, shown: any, knobs: any}} Turned */

/** @type {Turned[]} */
const TURNED = many(1_500, (seed) => {
  const made = madeUp(seed);
  const { some, one } = chances(seed + 1);
  // Scores that order the readings as their weights do.
  const score = Array.from(made.attention.weight, (/** @type {number} */ weight) => weight * 3 - 1);
  const parameters = { ...made.parameters, variant: "paper" };
  const before = { ...made, parameters, attention: { ...made.attention, score }, edges: some(0.2) ? [] : made.edges };
  const { k_top, k_trunc, k_att } = parameters;
  const knobs = {
    ...(some(0.4) && k_top > 0 ? { k_top: one([0, k_top - 1]) } : {}),
    ...(some(0.4) ? { k_att: k_att * one([2, 3]) } : {}),
    ...(some(0.4) ? { k_trunc: (k_trunc ?? 0) + 1 } : {}),
  };
  const seen = Object.keys(knobs).length ? previewTrace(before, knobs) : null;
  return seen ? { before, shown: lastingPreview(seen, before, knobs), knobs } : null;
}).filter(Boolean);

/** @param {any} trace @returns {Map<string, number>} the weight of each reading */
const weights = ({ attention: { reader, source, weight } }) =>
  new Map(Array.from(reader, (step, at) => [`${step} ${source[at]}`, weight[at]]));
const kept = (/** @type {Turned} */ { before, shown }) =>
  [...weights(shown)].every(([pair, weight]) => Object.is(weights(before).get(pair), weight));
const sameCredits = (/** @type {Turned} */ { before, shown }) =>
  shown.edges.length > 0 && shown.edges.every((/** @type {any} */ edge) => before.edges.includes(edge));
const fewest = (/** @type {Turned} */ { shown, knobs }) =>
  Array.from(shown.attention.reader).every(
    (step, _, all) => all.filter((one) => one === step).length <= (knobs.k_top ?? Infinity),
  );
const blank = (/** @type {any} */ { predictions, loss_T, hit_rate }) =>
  predictions.every((/** @type {unknown} */ one) => one === null) && loss_T.length === 0 && hit_rate === null;
const spelled = (/** @type {any} */ knobs) =>
  Object.entries(knobs)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");

sceptic("PREVIEWED", {
  ...{ place: PREVIEWED, cases: TURNED, facts: ({ shown }) => previewFacts(shown) },
  known: [
    [
      /^A preview of (?<knobs>.+): what the network would answer is not known here\.$/,
      ({ shown, knobs }, told) => told.knobs === spelled(knobs) && blank(shown) && !("k_trunc" in knobs && only(knobs)),
    ],
    [
      /^A preview of (?<knobs>.+): the answer stays, what its gradient reaches is not known here\.$/,
      ({ before, shown, knobs }, told) =>
        told.knobs === spelled(knobs) &&
        shown.predictions === before.predictions &&
        shown.loss_T === before.loss_T &&
        only(knobs) &&
        !("sab" in shown.reach),
    ],
  ],
});

/** Whether one knob was turned alone. @param {object} knobs */
function only(knobs) {
  return Object.keys(knobs).length === 1;
}

sceptic("MADE_OF", {
  ...{ place: MADE_OF, cases: TURNED, facts: ({ shown }) => previewFacts(shown) },
  known: [
    [/^No memory is read\.$/, ({ shown }) => shown.attention.reader.length === 0],
    [
      /^Weights are computed from the scores of before, credits of arcs are as before\.$/,
      (one) => "k_top" in one.knobs && fewest(one) && sameCredits(one) && one.shown.attention.reader.length > 0,
    ],
    [
      /^Weights are computed from the scores of before\.$/,
      (one) => "k_top" in one.knobs && fewest(one) && one.shown.edges.length === 0,
    ],
    [
      /^Memories that are left keep their weights, and arcs their credits\.$/,
      (one) => kept(one) && sameCredits(one) && weights(one.shown).size > 0 && "k_att" in one.knobs,
    ],
    [
      /^Memories that are left keep their weights\.$/,
      (one) => kept(one) && one.shown.edges.length === 0 && "k_att" in one.knobs,
    ],
    [
      /^Weights and credits are as before; which of them a cut stops is drawn\.$/,
      (one) => kept(one) && sameCredits(one) && only(one.knobs) && "k_trunc" in one.knobs,
    ],
    [
      /^Weights are as before\.$/,
      (one) => kept(one) && weights(one.shown).size === weights(one.before).size && only(one.knobs),
    ],
  ],
});
