// The results as they come, row by row, the choice as a link, and the order of the table.

import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsOf, nextSort, sortedRows, usualSort } from "../../../static/js/results/numbers/table.js";
import { initial, USUAL } from "../../../static/js/results/state/initial.js";
import { fromHash, toHash } from "../../../static/js/results/state/link.js";
import { reduce } from "../../../static/js/results/state/reducer.js";
import { GRID, group, row, shown } from "../support/results.js";
import { run } from "../support/runs.js";

/** @param {Results.Row[]} rows @returns {Results.State} */
const here = (rows) => reduce(initial("g1"), { type: "rows", version: 1, results: group(rows) });
/** @param {Results.State} state @param {string} id @param {RunView | null} view */
const told = (state, id, view) => reduce(state, { type: "frame", at: 0, message: { kind: "row", run: id, view } });
/** @param {Results.State} state */
const connected = (state) => reduce(state, { type: "frame", at: 0, message: { kind: "runs", runs: [], total: 0 } });

test("a trial that goes on changes its row and nothing of its settings", () => {
  const before = here(GRID);
  const view = run("r1", {
    status: "running",
    update: 7,
    seq: 9,
    group: "g1",
    fresh: { accuracy: 0.75 },
    trained_s: 3,
  });
  const after = told(before, "r1", view).results?.rows[0];
  assert.deepEqual(after?.values, GRID[0].values);
  assert.deepEqual([after?.status, after?.update, after?.fresh, after?.seconds], ["running", 7, { accuracy: 0.75 }, 3]);
  assert.equal(told(before, "r1", view).wanted, before.wanted);
});

test("an older word of a trial changes nothing", () => {
  const before = here(GRID);
  assert.equal(told(before, "r1", run("r1", { seq: 3, group: "g1" })), before);
});

test("an answer that was on its way does not undo what came over the socket meanwhile", () => {
  const late = told(here(GRID), "r1", run("r1", { seq: 9, group: "g1", fresh: { accuracy: 0.75 } }));
  const after = reduce(late, { type: "rows", version: 2, results: group(GRID) });
  assert.deepEqual(after.results?.rows[0].fresh, { accuracy: 0.75 });
});

test("a new trial of the group, and another attempt of one, have the rows asked for anew", () => {
  const before = here(GRID);
  assert.equal(told(before, "r99", run("r99", { group: "g1" })).wanted, before.wanted + 1);
  assert.equal(told(before, "r99", run("r99", { group: "g2" })), before);
  assert.equal(told(before, "r1", run("r1", { group: "g1", attempt: 2 })).wanted, before.wanted + 1);
});

test("a deleted trial leaves", () => {
  const after = told(here(GRID), "r1", null);
  assert.equal(after.results?.rows.length, GRID.length - 1);
  assert.equal(told(after, "r1", null), after);
});

test("rows are asked for anew when a link is there again, and at first only where any may have changed", () => {
  const ended = here(GRID);
  assert.equal(connected(ended).wanted, ended.wanted);
  assert.equal(connected(connected(ended)).wanted, ended.wanted + 1);
  const live = here([
    ...GRID,
    row(99, { "model.k_top": 1, "model.k_trunc": 2, "training.seed": 3 }, null, { status: "running" }),
  ]);
  assert.equal(connected(live).wanted, live.wanted + 1);
});

test("a choice comes back out of its link", () => {
  const choice = {
    metric: "loss",
    x: "model.k_top",
    y: "task.T_min",
    held: { "model.k_att": "2", "model.k_trunc": "∞" },
    sort: "-training.seed",
  };
  assert.deepEqual(fromHash(`#${toHash(choice)}`), choice);
  assert.equal(toHash(USUAL), "");
  assert.deepEqual(fromHash(""), USUAL);
});

test("what a link spells wrongly is left out", () => {
  const wrong = "metric=<b>&x=k_top&y=other.k_top&only=model.k_att&only=x:1&sort=a b";
  assert.deepEqual(fromHash(wrong), USUAL);
});

test("the table has the best first, and trials without a figure at the end either way", () => {
  const view = shown([
    row(1, { "model.k_top": 2 }, 0.5),
    row(2, { "model.k_top": 10000 }, null),
    row(3, { "model.k_top": 5 }, 0.9),
  ]);
  const order = (/** @type {string} */ sort) => sortedRows(view.rows, columnsOf(view), sort).map(({ run: id }) => id);
  assert.deepEqual(order(usualSort(view.metric)), ["r3", "r1", "r2"]);
  assert.deepEqual(order("accuracy"), ["r1", "r3", "r2"]);
  assert.deepEqual(order("model.k_top"), ["r1", "r3", "r2"], "a setting is sorted as its axis stands");
  assert.deepEqual(order("-model.k_top"), ["r2", "r3", "r1"]);
});

test("a press on a head gives the better end first, then turns round", () => {
  const { metrics } = shown(GRID);
  assert.equal(nextSort("loss", "accuracy", metrics), "-accuracy");
  assert.equal(nextSort("-accuracy", "accuracy", metrics), "accuracy");
  assert.equal(nextSort("accuracy", "loss", metrics), "loss");
  assert.equal(nextSort("loss", "loss", metrics), "-loss");
});

test("a row says how its trial ended", () => {
  const view = shown([row(1, { "model.k_top": 2 }, null, { status: "failed", update: 1200, reason: "killed" })]);
  const cell = columnsOf(view).find(({ key }) => key === "updates");
  assert.equal(cell?.text(view.rows[0]), "failed at 1,200");
});
