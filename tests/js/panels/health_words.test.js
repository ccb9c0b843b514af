// What the health panel says of the scorer and its readers, recounted; nothing of panels/health counts here.

import * as words from "../../../static/js/panels/health/words.js";
import {
  CASES,
  value,
  shares,
  spec,
  knob,
  update,
  reads,
  release,
  softmax,
  stuck,
  none,
} from "../support/health_recounts.js";
import { sceptic } from "../support/sceptic.js";

/** @type {(name: string, ...more: any[]) => any[]} */
const missing = (name, ...more) => [
  [/^No memory is read, so there is no scorer and no reader\.$/, (one) => none(name)(one) && !reads(one)],
  ...more,
  [
    /^Nothing measured: no step had a memory to read\.$/,
    (one) =>
      none(name)(one) && reads(one) && !(release(one) && name !== "dead") && !(softmax(one) && name === "near_tied"),
  ],
];

sceptic("SATURATED", {
  ...{ place: words.SATURATED, cases: CASES, facts: shares("saturated") },
  known: [
    ...missing("saturated", [
      /^The release variant's scorer has no tanh units\.$/,
      (one) => none("saturated")(one) && release(one) && reads(one),
    ]),
    [
      /^Beyond ±0\.99 tanh passes on little gradient, and nothing gets better: another seed may do better\.$/,
      (one) => value(one, "saturated") >= 0.9 && stuck(one) && spec(one).training.scorer_rate < 1,
    ],
    [
      /^Beyond ±0\.99 tanh passes on little gradient, and nothing gets better: train with scorer_rate 0\.3\.$/,
      (one) => value(one, "saturated") >= 0.9 && stuck(one) && spec(one).training.scorer_rate >= 1,
    ],
    [
      /^Beyond ±0\.99\. So many are no fault while the network gets better\.$/,
      (one) => value(one, "saturated") >= 0.9 && !stuck(one),
    ],
    [
      /^Beyond ±0\.99; 30 to 90 % is common in networks that learned\.$/,
      (one) => value(one, "saturated") >= 0.3 && value(one, "saturated") < 0.9,
    ],
    [/^Beyond ±0\.99, where tanh passes on little gradient\.$/, (one) => value(one, "saturated") < 0.3],
  ],
});

const ZERO = "^All weights of these steps are exactly 0, so no gradient comes through them";
sceptic("DEAD", {
  ...{ place: words.DEAD, cases: CASES, facts: shares("dead") },
  known: [
    ...missing("dead"),
    [/^Every step that reads has a weight that is not 0\.$/, (one) => value(one, "dead") === 0],
    [new RegExp(`${ZERO}\\.$`), (one) => value(one, "dead") > 0 && value(one, "dead") < 0.5],
    [
      new RegExp(`${ZERO}: with k_top = 1 the release variant reads nothing\\.$`),
      (one) => value(one, "dead") >= 0.5 && release(one) && knob(one, "k_top", update(one)) === 1,
    ],
    [
      new RegExp(`${ZERO}: another seed may do better\\.$`),
      (one) => value(one, "dead") >= 0.5 && spec(one).training.sum_floor > 0,
    ],
    [
      new RegExp(`${ZERO}: train with sum_floor 0\\.1\\.$`),
      (one) => value(one, "dead") >= 0.5 && spec(one).training.sum_floor === 0,
    ],
  ],
});

const AMPLIFIED = "^Σr below 10⁻⁴ of the range of the scores amplifies rounding in the gradient; ";
sceptic("NEAR_TIED", {
  ...{ place: words.NEAR_TIED, cases: CASES, facts: shares("near_tied") },
  known: [
    ...missing(
      "near_tied",
      [/^Softmax has no Σr\.$/, (one) => none("near_tied")(one) && softmax(one) && reads(one)],
      [/^Not measured for the release variant\.$/, (one) => none("near_tied")(one) && release(one) && reads(one)],
    ),
    [/^No Σr is below 10⁻⁴ of the range of its scores\.$/, (one) => value(one, "near_tied") === 0],
    [
      new RegExp(`${AMPLIFIED}sum_floor bounds that\\.$`),
      (one) => value(one, "near_tied") > 0 && spec(one).training.sum_floor > 0,
    ],
    [
      new RegExp(`${AMPLIFIED}sum_floor 0\\.1 bounds that\\.$`),
      (one) => value(one, "near_tied") > 0 && spec(one).training.sum_floor === 0,
    ],
  ],
});
