// What is said of an update that cannot be asked, and of numbers that are not there yet, recounted from states.

import * as claims from "../../../../static/js/state/claims.js";
import { probeKey } from "../../../../static/js/state/selectors.js";
import { historyFacts } from "../../../../static/js/state/selectors/history.js";
import { waitingFacts, wantedBefore } from "../../../../static/js/state/selectors/knockouts.js";
import { chances, many } from "../../support/awkward.js";
import { grouped, nothing, sceptic } from "../../support/sceptic.js";
import { following, run, trace } from "../../support/traces.js";

/** A run at update 12,345, looked at as it was or as it is. */
const PAST = many(900, (seed) => {
  const { one, some } = chances(seed);
  const choice = { step: one([null, 4, 2]), memory: null, whole: some(0.2) };
  const stored = some(0.8) ? trace({ run: "r1", loss_step: one([4, 4, null]), example: 0, update: 400 }) : null;
  const knockouts = {
    out: some(0.3) ? [[4, 0]] : [],
    chosen: null,
    history: [],
    undone: [],
    before: null,
    failedKey: null,
  };
  const made = following({
    ...{ follow: some(0.2), update: one([400, 12_345]), networks: one([[], [100, 500]]), choice, stored, knockouts },
    ...{
      example: one([0, 3]),
      own: some(0.2) ? "ABCD" : null,
      run: run({ status: one(["finished", "running"]), update: 12_345 }),
    },
    knobs: { pending: {}, override: some(0.2) ? { k_top: 1 } : {}, problems: {}, moving: {}, undo: null },
    cutting: { cuts: "blocks", phase: one([0, 0, 1]) },
  });
  const key = some(0.5) ? probeKey(wantedBefore(made)) : null;
  return { made: { ...made, knockouts: { ...knockouts, failedKey: key } }, freshness: one(["live", "stale", "error"]) };
});
const askable = (/** @type {any} */ { follow, update, networks, run: one }) =>
  follow || networks.includes(update) || (one.status === "running" && one.update === update);
/** Whether something else is wanted than what the stored picture shows. */
const differs = (/** @type {any} */ { choice, stored, example, own, knockouts, knobs, cutting }) =>
  (choice.whole ? stored.loss_step !== null : choice.step !== null && choice.step !== stored.loss_step) ||
  example !== 0 ||
  own !== null ||
  knockouts.out.length > 0 ||
  "k_top" in knobs.override ||
  cutting.phase > 0;
sceptic("HISTORY", {
  ...{ place: claims.HISTORY, cases: PAST, facts: ({ made }) => historyFacts(made) },
  known: [
    nothing(({ made }) => askable(made) || !made.stored || !differs(made)),
    [
      new RegExp(
        "^Arcs and gradients of update (?<u>[\\d,]+) are of (?<loss>the whole loss|the loss at step \\d+), " +
          "example (?<e>\\d+); (?:update (?<near>\\d+)|only the last update) has its weights stored\\.$",
      ),
      ({ made }, { u, loss, e, near }) =>
        !askable(made) &&
        differs(made) &&
        u === grouped(made.update) &&
        made.stored.example === +e &&
        loss === (made.stored.loss_step === null ? "the whole loss" : `the loss at step ${made.stored.loss_step}`) &&
        (near === undefined
          ? made.networks.length === 0
          : made.networks.every(
              (/** @type {number} */ one) => Math.abs(one - made.update) >= Math.abs(+near - made.update),
            ) && made.networks.includes(+near)),
    ],
  ],
});
sceptic("WAITING", {
  place: claims.WAITING,
  cases: PAST.filter(({ made }) => made.knockouts.out.length),
  facts: ({ made, freshness }) => waitingFacts(made, /** @type {any} */ (freshness)),
  known: [
    [
      new RegExp(
        "^not asked: the weights of update (?<u>[\\d,]+) are not stored, so the arc is still drawn; go to the " +
          "last update, or tick Follow$",
      ),
      ({ made }, { u }) => !askable(made) && u === grouped(made.update),
    ],
    [/^the answer could not be computed$/, ({ made, freshness }) => askable(made) && freshness === "error"],
    [
      /^the numbers from before could not be computed$/,
      ({ made, freshness }) =>
        made.knockouts.failedKey !== null &&
        made.knockouts.failedKey === probeKey(wantedBefore(made)) &&
        freshness !== "error",
    ],
    [
      /^computing …$/,
      ({ made, freshness }) =>
        askable(made) &&
        freshness !== "error" &&
        (made.knockouts.failedKey === null || made.knockouts.failedKey !== probeKey(wantedBefore(made))),
    ],
  ],
});
