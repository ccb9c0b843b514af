import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../static/js/panels/health/words.js";
import { usual } from "../support/health.js";

const below = (/** @type {number} */ value) => value * (1 - 1e-9);
const above = (/** @type {number} */ value) => value * (1 + 1e-9);

test("saturated units are trouble only from 90 % on, and only while nothing gets better", () => {
  const stuck = { ...usual, stuck: true };
  const { SATURATED: most, COMMON: common } = words;
  assert.match(words.saturated(0, usual).text, /little gradient/);
  assert.match(words.saturated(below(common), usual).text, /little gradient/);
  assert.match(words.saturated(common, usual).text, /common in networks that learned/);
  assert.match(words.saturated(below(most), stuck).text, /common in networks that learned/);
  assert.deepEqual(words.saturated(most, usual), {
    text: "Beyond ±0.99. So many are no fault while the network gets better.",
    trouble: false,
  });
  assert.match(words.saturated(most, stuck).text, /nothing gets better: train with scorer_rate 0\.3/);
  assert.match(words.saturated(1, { ...stuck, slowScorer: true }).text, /another seed/);
  assert.deepEqual(
    [below(most), most, 1].map((value) => words.saturated(value, stuck).trouble),
    [false, true, true],
  );
  assert.match(words.saturated(NaN, { ...usual, reads: false }).text, /no scorer/);
  assert.match(words.saturated(NaN, { ...usual, release: true }).text, /release variant/);
  assert.match(words.saturated(NaN, usual).text, /Nothing measured/);
});

test("dead readers are trouble from one half on", () => {
  assert.match(words.dead(0, usual).text, /not 0/);
  assert.match(words.dead(1e-9, usual).text, /no gradient comes through them\.$/);
  assert.deepEqual(
    [below(words.DEAD), words.DEAD, 1].map((value) => words.dead(value, usual).trouble),
    [false, true, true],
  );
  assert.match(words.dead(words.DEAD, usual).text, /train with sum_floor 0\.1/);
  assert.match(words.dead(1, { ...usual, floor: true }).text, /another seed/);
  assert.match(words.dead(NaN, { ...usual, reads: false }).text, /No memory is read/);
  assert.match(words.dead(NaN, usual).text, /Nothing measured/);
});

test("near-tied readers name what bounds their gradient", () => {
  assert.match(words.nearTied(0, usual).text, /^No Σr/);
  assert.match(words.nearTied(1e-9, usual).text, /sum_floor 0\.1 bounds/);
  assert.match(words.nearTied(1, { ...usual, floor: true }).text, /sum_floor bounds/);
  assert.equal(words.nearTied(NaN, { ...usual, softmax: true }).text, "Softmax has no Σr.");
  assert.match(words.nearTied(NaN, { ...usual, reads: false }).text, /No memory/);
  assert.match(words.nearTied(NaN, { ...usual, release: true }).text, /release/);
  assert.match(words.nearTied(NaN, usual).text, /Nothing measured/);
});

test("the largest state is bounded by 1 without attention, and trouble when it is not finite", () => {
  assert.match(words.largestState(1, usual).text, /without attention it is at most 1/);
  assert.match(words.largestState(above(1), usual).text, /each hop/);
  assert.doesNotMatch(words.largestState(above(1), { ...usual, reads: false }).text, /hop/);
  assert.doesNotMatch(words.largestState(words.LARGE, usual).text, /learning_rate/);
  assert.match(words.largestState(above(words.LARGE), usual).text, /If it keeps growing, lower learning_rate/);
  assert.deepEqual(
    [Infinity, NaN, 1e9].map((value) => words.largestState(value, usual).trouble),
    [true, true, false],
  );
});

test("an update above a hundredth is high, one below a hundred thousandth is none, and at first there is none", () => {
  assert.match(words.moved(words.HIGH, usual).text, /0\.001 is usual/);
  assert.match(words.moved(above(words.HIGH), usual).text, /lower learning_rate/);
  assert.match(words.moved(Infinity, usual).text, /lower learning_rate/);
  assert.match(words.moved(words.STILL, usual).text, /0\.001 is usual/);
  assert.match(words.moved(below(words.STILL), usual).text, /hardly anything moves any more/);
  assert.match(words.moved(0, { ...usual, decays: true }).text, /hardly anything moves; the rate falls at the end/);
  assert.match(words.moved(NaN, { ...usual, updated: false }).text, /no update so far/);
  assert.match(words.moved(NaN, usual).text, /Not finite/);
  assert.match(words.moved(NaN, { ...usual, reads: false }, true).text, /no scorer/);
});

test("spikes are a p99 beyond ten medians", () => {
  assert.match(words.norm(1, words.SPIKE, usual).text, /last 125 updates/);
  assert.match(words.norm(1, above(words.SPIKE), usual).text, /Spikes.*clip_norm bounds them/);
  assert.match(words.norm(1, 11, { ...usual, clipped: false }).text, /clip_norm 0\.5 would/);
  assert.match(words.norm(1, 2, { ...usual, clipped: false }).text, /^Nothing is clipped/);
  assert.match(words.norm(0, 0, usual).text, /last 125/);
  assert.match(words.norm(NaN, NaN, { ...usual, updated: false }).text, /no update so far/);
  assert.deepEqual(
    [words.norm(NaN, NaN, usual), words.norm(1, Infinity, usual), words.norm(1, NaN, usual)].map((one) => one.trouble),
    [true, true, true],
  );
});
