// What is said of comparisons and knock-outs, recounted from states.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as claims from "../../../../static/js/state/claims.js";
import { baselineFacts, unlikeFacts } from "../../../../static/js/state/selectors/comparison.js";
import { comparison, surprises } from "../../../../static/js/state/selectors/knockouts.js";
import { chances, madeUp, many } from "../../support/awkward.js";
import { nothing, sceptic } from "../../support/sceptic.js";
import { following, run, state, trace } from "../../support/traces.js";

const PAIRS = many(600, (seed) => {
  const own = madeUp(seed);
  const { one } = chances(seed);
  const other = one([madeUp(seed + 1), { ...own, inputs: own.inputs.slice().reverse() }, { ...own }]);
  return [own, other];
});
const alike = (/** @type {any[]} */ [own, base]) => own.task.name === base.task.name && own.steps === base.steps;
const equal = (/** @type {any[]} */ [own, base]) =>
  own.inputs.every((/** @type {any} */ x, /** @type {number} */ at) => String(x) === String(base.inputs[at]));
sceptic("UNLIKE", {
  ...{ place: claims.UNLIKE, cases: PAIRS, facts: ([own, base]) => unlikeFacts(own, base, "two") },
  known: [
    [
      new RegExp(
        "^“two” is (?<a>\\w+) with (?<n>\\d+) steps, this network is (?<b>\\w+) with (?<m>\\d+) steps: steps of the " +
          "two do not belong together, so there is no difference to draw\\. " +
          "Pin a baseline of the same task and length\\.$",
      ),
      ([own, base], { a, n, b, m }) =>
        !alike([own, base]) && base.task.name === a && base.steps === +n && own.task.name === b && own.steps === +m,
    ],
    [
      new RegExp(
        "^“two” read another sequence than this network: their weights belong to different symbols, so there is no " +
          "difference to draw\\.$",
      ),
      (pair) => alike(pair) && !equal(pair),
    ],
    nothing((pair) => alike(pair) && equal(pair)),
  ],
});

/** A run in view, compared with another. */
const COMPARED = many(400, (seed) => {
  const { one, some } = chances(seed);
  const base = some(0.6) ? { ...madeUp(seed), example: one([0, 3]) } : null;
  const problem = some(0.15) ? { detail: "it is gone." } : null;
  const shown = { ...madeUp(seed), example: 3, own: some(0.2) };
  const runs = [{ id: "r2", name: "two", snapshots: one([0, 4]) }];
  const baseline = { target: { kind: "run", id: "r2" }, name: "two", trace: base, metrics: null, problem };
  return { state: following({ baseline, runs, example: 3, difference: true }), shown };
});
const base = (/** @type {any} */ one) => one.state.baseline;
const pictures = (/** @type {any} */ one) => one.state.runs[0].snapshots > 0;
const waits = (/** @type {any} */ one) => !base(one).trace || (base(one).trace.example !== 3 && !one.shown.own);
sceptic("BASELINE", {
  ...{ place: claims.BASELINE, cases: COMPARED, facts: (one) => baselineFacts(one.state, one.shown) },
  known: [
    [/^The baseline cannot be had: it is gone\.$/, (one) => base(one).problem !== null],
    [/^“two” has no picture yet\.$/, (one) => !base(one).trace && !pictures(one)],
    [/^Loading the baseline …$/, (one) => pictures(one) && waits(one) && base(one).problem === null],
    nothing((one) => base(one).problem === null && base(one).trace !== null && (!waits(one) || !pictures(one))),
  ],
});

const OUT = many(900, (seed) => {
  const { whole, some } = chances(seed);
  const before = madeUp(seed);
  const other = madeUp(seed + 5000);
  const after = {
    ...before,
    loss_T: before.loss_T.map((/** @type {number} */ loss) => (some(0.5) ? loss + 0.1 : loss)),
    gradient_norm: { ...before.gradient_norm, ...(other.steps === before.steps ? other.gradient_norm : {}) },
    hits: Object.fromEntries(
      Object.keys(before.hits).map((at) => [at, some(0.6) ? false : some(0.5) ? null : before.hits[at]]),
    ),
  };
  return { before, after, out: /** @type {[number, number][]} */ ([[before.steps - 1, whole(0, before.steps - 2)]]) };
});
const at = (/** @type {any} */ made, /** @type {number} */ step) => made.gradient_norm.sab?.[step];
sceptic("LOUDER", {
  ...{ place: claims.LOUDER, cases: OUT, facts: ({ before, after, out }) => surprises(before, after, out) },
  known: [
    nothing(() => true),
    [
      /^The loss is larger, and so is its gradient at step (?<s>\d+), which comes over other edges\.$/,
      ({ before, after, out }, { s }) =>
        out[0][1] === +s &&
        after.loss_T[after.loss_step] > before.loss_T[after.loss_step] &&
        at(after, +s) > at(before, +s),
    ],
  ],
});
const missed = (/** @type {any} */ { before, after }) =>
  Object.keys(before.hits).filter((reader) => before.hits[reader] === true && after.hits[reader] === false).length;
sceptic("MISSED", {
  ...{ place: claims.MISSED, cases: OUT, facts: ({ before, after, out }) => surprises(before, after, out) },
  known: [
    nothing(() => true),
    [
      /^(?<n>\d+) readers that found their source miss it now\.$/,
      (one, { n }) => missed(one) === +n && +n > one.out.length,
    ],
  ],
});

test("numbers that differ are never said to be unchanged, however close they are", () => {
  const before = trace({ run: "r1", preset: null });
  const after = {
    ...before,
    knocked_out: [[4, 0]],
    loss_T: before.loss_T.map((/** @type {number} */ loss) => loss * 1.00001),
  };
  const knocked = { out: [[4, 0]], chosen: null, history: [], undone: [], before: null, failedKey: null };
  const asked = state({
    target: { kind: "run", id: "r1" },
    run: run({ status: "finished" }),
    live: before,
    knockouts: knocked,
  });
  const probed = { key: JSON.stringify({ run: "r1", example: 0, share: 0.95, knocked_out: [[4, 0]] }), trace: after };
  const found = comparison({ ...asked, probed });
  assert.deepEqual(found?.changes[0], { name: "loss at step 4", before: "0.1", after: "0.100001" });
  assert.equal(found?.changes[1].before, found?.changes[1].after);
});
