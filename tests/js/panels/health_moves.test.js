// What the health panel says of sizes, moves and norms, recounted; nothing of panels/health counts here.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as facts from "../../../static/js/panels/health/facts.js";
import { healthRows, lookAt, noLook } from "../../../static/js/panels/health/selector.js";
import * as words from "../../../static/js/panels/health/words.js";
import {
  ALL,
  CASES,
  value,
  options,
  spec,
  update,
  reads,
  noted,
  clipOf,
  clipped,
  none,
} from "../support/health_recounts.js";
import { sceptic } from "../support/sceptic.js";

const state_ = (/** @type {any} */ one) => value(one, "largest_state");
sceptic("LARGEST", {
  ...{ place: words.LARGEST, cases: CASES, facts: (one) => facts.largest(state_(one), options(one)) },
  known: [
    [/^Not finite: lower learning_rate\.$/, (one) => !Number.isFinite(state_(one))],
    [/^Of any unit at any step; without attention it is at most 1\.$/, (one) => state_(one) <= 1],
    [
      /^At most 1 without attention; each hop adds to it\. If it keeps growing, lower learning_rate\.$/,
      (one) => state_(one) > 100,
    ],
    [/^At most 1 without attention; each hop adds to it\.$/, (one) => state_(one) > 1 && state_(one) <= 100],
  ],
});

const falling = (/** @type {any} */ one) =>
  update(one) > spec(one).training.updates * (1 - spec(one).training.rate_decay);
const MOVED = "^‖update‖ ÷ ‖weight‖";
for (const group of ["recurrent", "scorer"]) {
  const of = (/** @type {any} */ one) => value(one, `moved_${group}`);
  const lacks = none(`moved_${group}`);
  sceptic(`MOVED ${group}`, {
    place: group === "scorer" ? words.MOVED : words.MOVED.filter(({ name }) => name !== "no memory"),
    cases: CASES,
    facts: (one) => facts.moved(of(one), options(one), group === "scorer"),
    known: [
      [
        /^No memory is read, so there is no scorer and no reader\.$/,
        (one) => lacks(one) && !reads(one) && group === "scorer",
      ],
      [/^Nothing measured yet: no update so far\.$/, (one) => lacks(one) && update(one) === 0],
      [
        /^Nothing measured: no update since the run was taken up again\.$/,
        (one) => lacks(one) && update(one) > 0 && !noted(one),
      ],
      [/^Not in use, or not finite\.$/, (one) => lacks(one) && noted(one)],
      [new RegExp(`${MOVED}: nothing moves\\.$`), (one) => of(one) === 0],
      [
        new RegExp(`${MOVED} above 0\\.01: a high rate\\. If it stays, lower learning_rate\\.$`),
        (one) => of(one) > 0.01,
      ],
      [
        new RegExp(`${MOVED}: hardly anything moves; the rate falls at the end\\.$`),
        (one) => of(one) < 1e-5 && of(one) > 0 && falling(one),
      ],
      [new RegExp(`${MOVED}: hardly anything moves\\.$`), (one) => of(one) < 1e-5 && of(one) > 0 && !falling(one)],
      [
        new RegExp(`${MOVED} of the last update; about 0\\.001 is usual\\.$`),
        (one) => of(one) >= 1e-5 && of(one) <= 0.01,
      ],
    ],
    taste: ["no memory: scorer"],
  });
}

const norms = (/** @type {any} */ one) => [value(one, "norm_median"), value(one, "norm_p99")];
const unknown = (/** @type {any} */ one) => norms(one).every(Number.isNaN);
const known = (/** @type {any} */ one) => norms(one).every(Number.isFinite);
const spikes = (/** @type {any} */ one) => norms(one)[1] > 10 * norms(one)[0];
const OVER = "over at most the last 125 updates\\.$";
sceptic("NORM", {
  ...{ place: words.NORM, cases: CASES, facts: (one) => facts.norm(norms(one)[0], norms(one)[1], options(one)) },
  known: [
    [/^Nothing measured yet: no update so far\.$/, (one) => unknown(one) && update(one) === 0],
    [
      /^Nothing measured: no update since the run was taken up again\.$/,
      (one) => unknown(one) && update(one) > 0 && !noted(one),
    ],
    [/^Not finite: lower learning_rate\.$/, (one) => !known(one) && noted(one)],
    [
      /^Spikes: p99 is far above the median; clip_norm bounds them\.$/,
      (one) => known(one) && spikes(one) && clipped(one) && norms(one)[1] >= clipOf(one),
    ],
    [
      /^p99 is far above the median; yet 99 of 100 are below clip_norm 0\.5, so that hardly anything is clipped\.$/,
      (one) => known(one) && spikes(one) && clipOf(one) === 0.5 && norms(one)[1] < 0.5,
    ],
    [
      /^Spikes: p99 is far above the median; clip_norm 0\.5 would bound them\.$/,
      (one) => known(one) && spikes(one) && !clipped(one),
    ],
    [new RegExp(`^Before clipping; ${OVER}`), (one) => known(one) && !spikes(one) && clipped(one)],
    [new RegExp(`^Nothing is clipped; ${OVER}`), (one) => known(one) && !spikes(one) && !clipped(one)],
  ],
});

sceptic("NO_LOOK", {
  ...{ place: words.NO_LOOK, cases: ALL.filter(({ at }) => at < 0) },
  facts: ({ state, looks }) => facts.unseen(state, looks),
  known: [
    [/^Nobody looked at the network up to this update\.$/, ({ state, looks }) => looks.update[0] > state.update],
    [/^Its looks are on their way\.$/, ({ state, looks }) => looks.update.length === 0 && state.run.health !== null],
    [/^No look at this network yet\.$/, ({ state, looks }) => looks.update.length === 0 && state.run.health === null],
    [/^Of a stored network no looks are kept\.$/, ({ state }) => state.target.kind === "checkpoint"],
    [
      /^This network was trained before, and its health was not recorded\.$/,
      ({ state }) => state.target.kind === "preset" && state.presets[0].pretrained && !state.presets[0].health,
    ],
    [
      /^Health appears when a run trains\. Press Train\.$/,
      ({ state }) => state.target.kind === "preset" && !state.presets[0].pretrained,
    ],
  ],
});

test("what is drawn as trouble is what the claim says, and the panel shows the look in view", () => {
  const places = [words.SATURATED, words.DEAD, words.NEAR_TIED, words.LARGEST, words.MOVED, words.NORM].flat();
  const troubles = new Set(places.filter(({ trouble }) => trouble).map(({ say }) => say));
  for (const { state, looks, at } of CASES) {
    assert.equal(lookAt(looks.update, state.follow ? null : state.update), at);
    for (const { said } of healthRows(looks, at, facts.optionsOf(state, looks, at)))
      assert.equal(said.trouble, troubles.has(said.text), said.text);
  }
  assert.equal(
    noLook(ALL[0].state, { update: [3], health: {}, fresh: {} }),
    "Nobody looked at the network up to this update.",
  );
});
