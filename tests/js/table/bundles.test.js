import assert from "node:assert/strict";
import { test } from "node:test";

import { bundlesOf } from "../../../static/js/table/overlay/curves/bundles.js";
import { chartOf } from "../../../static/js/table/overlay/curves/chart.js";
import { LEARNED, overlaid as state, run } from "../support/runs.js";

test("runs that differ in nothing but the seed are one curve, all others are curves of their own", () => {
  const runs = [
    run("r1", { training: { seed: 1 } }),
    run("r2", { training: { seed: 2 }, verdict: LEARNED }),
    run("r3", { model: { method: "tbptt" } }),
    run("r4", { training: { seed: 4 }, parameters: { ...run("r0").parameters, k_top: 1 } }),
    run("r5", { training: { seed: 5 }, parent: { run: "r1", update: 100 } }),
  ];
  const bundles = bundlesOf(runs, "mean");
  assert.deepEqual(
    bundles.map(({ runs: mine }) => mine.map(({ id }) => id)),
    [["r1", "r2"], ["r3"], ["r4"], ["r5"]],
  );
  assert.deepEqual([bundles[0].learned, bundles[0].unjudged], [1, 1]);
  assert.equal(new Set(bundles.map(({ label }) => label)).size, 4);
  assert.equal(bundlesOf(runs, "each").length, 5);
});

test("curves are called by the fewest settings that tell them apart", () => {
  const runs = ["sab", "tbptt"].flatMap((method, place) =>
    [0, 1].map((seed) =>
      run(`r${place}${seed}`, {
        model: { method, k_top: place ? 0 : 5, hidden_size: place ? 8 : 16 },
        training: { seed },
      }),
    ),
  );
  assert.deepEqual(
    bundlesOf(runs, "mean").map(({ label }) => label),
    ["sab · mean of seeds 0 and 1", "tbptt · mean of seeds 0 and 1"],
  );
});

test("a mean says over which seeds it is, and of a few runs never that it is one of them and some more", () => {
  const labelOf = (/** @type {number[]} */ seeds, name = "") => {
    const runs = seeds.map((seed) =>
      run(`r${seed}`, { training: { seed }, ...(name && { name: `${name} seed ${seed}` }) }),
    );
    return bundlesOf(runs, "mean").map(({ label }) => label)[0];
  };
  assert.equal(labelOf([3, 2]), "copy T=10 SAB · mean of seeds 2 and 3");
  assert.equal(labelOf([2, 3], "long delays"), "long delays · mean of seeds 2 and 3");
  assert.equal(labelOf([1, 2, 3, 10], "x"), "x · mean of seeds 1, 2, 3 and 10");
  assert.equal(labelOf([1, 2, 3, 4, 5], "x"), "x · mean of 5 seeds");
  assert.equal(labelOf([7], "x"), "x seed 7", "a single run is called by its name");
});

test("a copy that was brought in is no second run of its seed; one that went on otherwise is", () => {
  const imported = { run: "r1", started: null };
  const [first, second, copy] = [run("r1"), run("r2", { training: { seed: 2 } }), run("r3", { imported })];
  const twice = run("r4", { imported, created: "2027-01-01T00:00:00Z" });
  const drawn = (/** @type {RunView[]} */ runs, /** @type {Table.Overlay["lines"]} */ lines = "mean") =>
    chartOf(state(runs, {}, { lines }));
  const chart = drawn([copy, first, second, twice]);
  assert.deepEqual(
    chart.curves.map(({ runs, copies }) => [runs.map(({ id }) => id), copies]),
    [[["r1", "r2"], 2]],
  );
  assert.deepEqual([chart.runs.length, chart.copies.map(({ id }) => id)], [2, ["r3", "r4"]]);
  assert.equal(drawn([copy, first, second], "each").curves.length, 3, "each run is drawn where each is wanted");
  const further = drawn([first, { ...copy, update: 900 }]);
  assert.deepEqual([further.runs.map(({ id }) => id), further.copies.map(({ id }) => id)], [["r3"], ["r1"]]);
  const turned = { ...copy, parameters: { ...copy.parameters, k_att: 4 } };
  assert.equal(drawn([first, turned]).copies.length, 0);
  assert.equal(drawn([copy, twice]).runs.length, 1, "two copies of a run that is not here are one run");
  assert.equal(drawn([first, run("r5")]).copies.length, 0, "a run that was trained anew is none");
});

test("a seed counts once in a mean, with the run that came furthest; the other is a line of its own", () => {
  const runs = [
    run("r1", { update: 300, verdict: LEARNED }),
    run("r2", { update: 900, verdict: LEARNED }),
    run("r3", { update: 900, training: { seed: 2 } }),
  ];
  const bundles = bundlesOf(runs, "mean");
  assert.deepEqual(
    bundles.map((bundle) => bundle.runs.map(({ id }) => id)),
    [["r1"], ["r2", "r3"]],
  );
  assert.deepEqual(
    bundles.map(({ learned }) => learned),
    [1, 1],
  );
  assert.equal(new Set(bundles.map(({ label }) => label)).size, 2);
});
