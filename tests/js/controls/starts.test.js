import assert from "node:assert/strict";
import { test } from "node:test";

import { baseWords, countWords, groupWish, seedsOf } from "../../../static/js/controls/compare_dialog.js";
import { branchTexts, branchWish } from "../../../static/js/controls/branch_dialog.js";
import { branchHint } from "../../../static/js/state/selectors/runs.js";
import { following, run, state } from "../support/traces.js";

const SPEC = /** @type {any} */ ({
  task: { name: "copy", T: 30 },
  model: { method: "sab", k_top: 5 },
  training: { seed: 3, updates: 4000, until: null },
});

test("seeds are numbers and ranges, each once, in the order in which they are named", () => {
  assert.deepEqual(seedsOf("1, 2 3;7").seeds, [1, 2, 3, 7]);
  assert.deepEqual(seedsOf("5-7, 6, 1–2").seeds, [5, 6, 7, 1, 2]);
  assert.deepEqual(seedsOf("0").seeds, [0]);
});

test("what is no seed is named, and nothing is started", () => {
  for (const [text, word] of [
    ["1, two", "two"],
    ["1.5", "1.5"],
    ["-3", "-3"],
    ["7-3", "7-3"],
    ["1-1000", "at most 200"],
    ["", "at least one seed"],
    [" , ", "at least one seed"],
  ]) {
    assert.deepEqual(seedsOf(text).seeds, []);
    assert.ok(seedsOf(text).problem.includes(word), seedsOf(text).problem);
  }
});

test("a comparison has the base without its name and preset, so that every run has one of its own", () => {
  const { task, model, training } = SPEC;
  const spec = { name: "mine", preset: "copy", task, model, training };
  assert.deepEqual(groupWish(spec, ["sab", "bptt"], [1, 2]), {
    base: { task, model, training },
    grid: { "model.method": ["sab", "bptt"] },
    seeds: [1, 2],
  });
  assert.equal(countWords(2, 2), "Start 4 runs");
  assert.equal(countWords(1, 1), "Start 1 run");
  assert.equal(countWords(0, 3), "Start");
});

test("what all runs have in common is said of what is known alone", () => {
  const { task, training } = SPEC;
  assert.match(baseWords({ title: "x", spec: { task, training } }), /^copy T=\d+, at most .* updates each: /);
  assert.equal(
    baseWords({ title: "x", spec: /** @type {any} */ ({ task: { name: "copy" } }) }),
    "copy: the settings of “x”.",
  );
});

test("a branch asks for what stands in its fields, its update as a number", () => {
  const wish = branchWish([
    ["update", "500"],
    ["model.k_top", "2"],
    ["training.updates", "9000"],
    ["training.until", ""],
    ["name", " longer "],
  ]);
  assert.deepEqual(wish, { update: 500, name: "longer", model: { k_top: 2 }, training: { updates: 9000 } });
});

test("the fields of a branch hold the knobs in force and leave something to train", () => {
  const one = run({ spec: SPEC, parameters: { k_top: 3, learning_rate: 0.5 } });
  const texts = branchTexts(one, 10);
  assert.deepEqual([texts["model.k_top"], texts["training.learning_rate"]], ["3", "0.5"]);
  const { updates } = one.spec.training;
  assert.equal(branchTexts(one, 1)["training.updates"], String(updates));
  assert.equal(branchTexts(one, updates)["training.updates"], String(2 * updates));
});

test("only a run with stored weights, or one that can store them now, is branched off", () => {
  const can = (/** @type {object} */ change) => branchHint(/** @type {any} */ ({ ...following(), ...change })).can;
  assert.equal(can({ run: run({ status: "running" }), networks: [] }), true);
  assert.equal(can({ run: run({ status: "finished" }), networks: [5] }), true);
  assert.equal(can({ run: run({ status: "failed" }), networks: [] }), false);
  assert.equal(branchHint(state()).can, false);
});
