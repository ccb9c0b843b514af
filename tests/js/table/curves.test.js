import assert from "node:assert/strict";
import { test } from "node:test";

import { binWidth, chartOf } from "../../../static/js/table/overlay/curves/chart.js";
import { differences } from "../../../static/js/table/overlay/curves/differs.js";
import { fewerFrom, meanOf, smoothed, thinned } from "../../../static/js/table/overlay/curves/mean.js";
import { fetched, overlaid as state, run } from "../support/runs.js";

test("mean, smallest and largest are over the runs that come so far", () => {
  const mean = meanOf([
    { x: [10, 20, 30], y: [1, 2, 3] },
    { x: [10, 20], y: [3, 6] },
  ]);
  assert.deepEqual(mean, { x: [10, 20, 30], mean: [2, 4, 3], low: [1, 2, 3], high: [3, 6, 3], n: [2, 2, 1], of: 2 });
  assert.equal(fewerFrom(mean), 2);
});

test("an update where a run that goes on has no value is left out: the mean would jump for no reason", () => {
  const mean = meanOf([
    { x: [10, 20, 30], y: [1, 1, 1] },
    { x: [10, 30], y: [9, 9] },
  ]);
  assert.deepEqual(
    [mean.x, mean.mean],
    [
      [10, 30],
      [5, 5],
    ],
  );
  assert.equal(fewerFrom(mean), null);
});

test("smoothing of 0 changes nothing, a constant stays itself, and the first value has no pull", () => {
  assert.deepEqual(smoothed([1, 5, 2], 0), [1, 5, 2]);
  for (const value of smoothed([3, 3, 3, 3], 0.9)) assert.ok(Math.abs(value - 3) < 1e-12);
  assert.deepEqual(smoothed([0, 1], 0.5), [0, 1 / 1.5]);
});

test("a long curve is thinned by neighbours, its extremes and its end stay", () => {
  const x = Array.from({ length: 1000 }, (_, place) => place + 1);
  const y = x.map((value) => (value === 500 ? 99 : 1));
  const thin = thinned(meanOf([{ x, y }]), 100);
  assert.ok(thin.x.length <= 100);
  assert.equal(thin.x.at(-1), 1000);
  assert.equal(Math.max(...thin.high), 99);
});

test("one width of bins for all runs, of the series 1, 2, 5", () => {
  assert.equal(binWidth([run("r1", { update: 300 })]), 1);
  assert.equal(binWidth([run("r1", { update: 301 }), run("r2", { update: 7 })]), 2);
  assert.equal(binWidth([run("r1", { update: 10_000 })]), 50);
});

test("only settings that differ are told, and what a method does not have is no value of its own", () => {
  const found = differences([run("r1"), run("r2", { model: { method: "bptt", k_top: 0 }, training: { seed: 3 } })]);
  assert.deepEqual(
    found.map(({ label, values }) => [label, ...values]),
    [
      ["method", "sab", "bptt"],
      ["k_top", "5", "–"],
      ["k_trunc", "5", "–"],
      ["seed", "0", "3"],
    ],
  );
  assert.deepEqual(differences([run("r1"), run("r2")]), []);
  const turned = run("r3", { parameters: { ...run("r0").parameters, k_att: 4 } });
  assert.deepEqual(
    differences([run("r1"), turned]).map(({ label, values }) => [label, ...values]),
    [["k_att now", "–", "4"]],
  );
});

test("what a branch began with is told by name, and by id where a name says too little", () => {
  const branch = (/** @type {string} */ id, /** @type {string | null} */ name, parent = `p${id}`) =>
    run(id, { parent: { run: parent, name, update: 2500 } });
  const told = (/** @type {RunView[]} */ ...runs) =>
    differences(runs).flatMap(({ label, values }) => (label === "began with" ? values : []));
  assert.deepEqual(told(run("r1"), branch("r2", "trunk")), ["–", "trunk, update 2,500"]);
  assert.deepEqual(told(branch("r1", "a"), branch("r2", null)), [
    "a, update 2,500",
    "a run that is not here (pr2), update 2,500",
  ]);
  assert.deepEqual(told(branch("r1", "a"), branch("r2", "a")), ["a (pr1), update 2,500", "a (pr2), update 2,500"]);
  assert.deepEqual(told(branch("r1", "a", "p"), branch("r2", "a", "p")), [], "the same parent is no difference");
});

test("fresh examples are drawn where there are looks, training batches where there are none or they are wanted", () => {
  const runs = [run("r1"), run("r2", { training: { seed: 2 } })];
  const looked = { x: [0, 125, 250], y: [null, 0.5, 0.7] };
  const fresh = chartOf(state(runs, { r1: fetched([1, 2], [0, 0.1], looked), r2: fetched([1, 2], [0, 0.1], looked) }));
  assert.deepEqual([fresh.from, fresh.curves[0].metric.x], ["fresh", [125, 250]]);
  const bare = chartOf(state(runs, { r1: fetched([1, 2], [0, 0.1]), r2: fetched([1, 2], [0, 0.3]) }));
  assert.deepEqual([bare.from, bare.curves[0].metric.mean], ["training", [0, 0.2]]);
});

test("only runs with the same metric are on one axis, whatever their tasks are called", () => {
  const adding = run("r3", {
    task: { name: "adding" },
    best: { metric: "mse", value: 0.1, update: 1 },
    chance: { mse: 0.2 },
  });
  const chart = chartOf(state([run("r1"), run("r2", { task: { name: "recall" } }), adding], {}));
  assert.equal(chart.metric, "accuracy");
  assert.deepEqual(
    chart.leftOut.map(({ id }) => id),
    ["r3"],
  );
  assert.deepEqual(
    chart.curves.map(({ runs }) => runs[0].id),
    ["r1", "r2"],
  );
  assert.deepEqual(chartOf(state([run("r1"), run("r2"), adding], {}, { metric: "mse" })).curves.length, 1);
});

test("guessing is a level only where all runs share it", () => {
  assert.equal(chartOf(state([run("r1"), run("r2")], {})).chance.accuracy, 0.125);
  const other = run("r2", { chance: { accuracy: 0.5, loss: 0.46 } });
  const chart = chartOf(state([run("r1"), other], {}));
  assert.deepEqual([chart.chance.accuracy, chart.chance.loss], [null, 0.46]);
});
