import assert from "node:assert/strict";
import { test } from "node:test";

import { besideOf } from "../../../static/js/controls/figure/beside.js";
import { queryWords, settingsOf } from "../../../static/js/controls/figure/options.js";
import { run } from "../support/runs.js";

const seed = (/** @type {string} */ id, /** @type {number} */ number, other = {}) =>
  run(id, { training: { seed: number }, ...other });
const metrics = { update: [1], loss: [1], values: {} };
/** @param {RunView[]} runs newest first @param {object} [other] @returns {State} */
const state = (runs, other) =>
  /** @type {any} */ ({
    target: { kind: "run", id: "r1" },
    run: runs.find(({ id }) => id === "r1"),
    runs,
    baseline: null,
    presets: [],
    ...other,
  });
const pinned = (/** @type {string} */ id) => ({ target: { kind: "run", id }, name: `run ${id}`, trace: null, metrics });

test("runs like the one in view, each with a seed of its own, can be its band, oldest first", () => {
  const runs = [
    seed("r7", 5, { update: 0 }),
    seed("r6", 3, { model: { k_top: 9 } }),
    seed("r5", 0),
    seed("r4", 2),
    seed("r3", 2),
    seed("r2", 1),
    seed("r1", 0),
  ];
  assert.deepEqual(besideOf(state(runs)), { baseline: null, seeds: ["r2", "r4"] });
  assert.deepEqual(besideOf(state(runs, { target: { kind: "preset", id: "copy" }, run: null })).seeds, []);
});

test("a pinned run is drawn beside it, but never the run itself nor twice", () => {
  const runs = [seed("r3", 2), seed("r2", 1), seed("r1", 0)];
  assert.deepEqual(besideOf(state(runs, { baseline: pinned("r2") })), {
    baseline: { id: "r2", name: "run r2" },
    seeds: ["r3"],
  });
  assert.equal(besideOf(state(runs, { baseline: pinned("r1") })).baseline, null);
  assert.equal(besideOf(state(runs, { baseline: { ...pinned("r2"), metrics: null } })).baseline, null);
});

test("what is checked of what there is becomes words of the query, for curves alone", () => {
  const typed = { width: ["double"], height_in: [""], font_size: ["8"], baseline: ["true"], seeds: ["true"] };
  const beside = { baseline: { id: "r2", name: "b" }, seeds: ["r3", "r4"] };
  const of = { panel: "curves", format: "svg", steps: 0, beside };
  const words = (/** @type {object} */ more, /** @type {object} */ other = {}) => {
    const { baseline, seeds } = queryWords(settingsOf({ ...typed, ...more }, { ...of, ...other }).settings);
    return [baseline, seeds];
  };
  assert.deepEqual(words({}), ["r2,r3,r4", "true"]);
  assert.deepEqual(words({ seeds: [] }), ["r2", undefined]);
  assert.deepEqual(words({ baseline: [] }), ["r3,r4", "true"]);
  assert.deepEqual(words({ baseline: [], seeds: [] }), [undefined, undefined]);
  assert.deepEqual(words({}, { beside: { baseline: null, seeds: [] } }), [undefined, undefined]);
  assert.deepEqual(words({}, { panel: "health" }), [undefined, undefined]);
});
