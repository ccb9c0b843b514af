// What the panels of the results show: axes in order, trials taken together, the choice where nobody chose.

import assert from "node:assert/strict";
import { test } from "node:test";

import { remembered } from "../../../static/js/results/numbers/view.js";
import { USUAL } from "../../../static/js/results/state/initial.js";
import { GRID, group, row, shown } from "../support/results.js";

const texts = (/** @type {Results.Axis | null} */ axis) => axis?.values.map(({ text }) => text);

test("numbers rise along an axis, and what is no number stands behind them", () => {
  const rows = [10000, 5, 1, 30].map((top, at) => row(at, { "model.k_top": top }, 0.5));
  const { x } = shown(rows);
  assert.deepEqual(texts(x), ["1", "5", "30", "all"]);
  assert.equal(x?.numeric, false);
  assert.equal(shown(rows.slice(1)).x?.numeric, true);
});

test("a knob that the method fixes is a value of its own", () => {
  const rows = [
    row(1, { "model.method": "sab", "model.k_trunc": 5 }, 0.5),
    row(2, { "model.method": "bptt", "model.k_trunc": 0 }, 0.5),
  ];
  assert.deepEqual(texts(shown(rows, { x: "model.k_trunc" }).x), ["5", "–"]);
});

test("methods stand as the contract lists them", () => {
  const rows = ["attention", "bptt", "sab"].map((method, at) => row(at, { "model.method": method }, 0.5));
  assert.deepEqual(texts(shown(rows).x), ["sab", "bptt", "attention"]);
});

test("the seed is an axis only where nothing else differs", () => {
  assert.deepEqual([shown(GRID).x?.path, shown(GRID).y?.path], ["model.k_top", "model.k_trunc"]);
  const seeds = [1, 2].map((seed) => row(seed, { "training.seed": seed }, 0.5));
  assert.deepEqual([shown(seeds).x?.path, shown(seeds).y], ["training.seed", null]);
  const [one] = [shown([row(1, {}, 0.5)])];
  assert.deepEqual([one.x, one.y, one.cells.length], [null, null, 1]);
  assert.deepEqual(shown([]).cells, []);
});

test("an axis that was wished for is taken, one that is not there is not", () => {
  const view = shown(GRID, { x: "model.k_trunc", y: "task.T" });
  assert.deepEqual([view.x?.path, view.y?.path], ["model.k_trunc", "model.k_top"]);
});

test("a cell has all of its trials, their mean, the least and the most", () => {
  const { cells } = shown(GRID);
  assert.equal(cells.length, 6);
  assert.equal(cells.flatMap(({ rows }) => rows).length, GRID.length);
  const [first] = cells;
  const figures = first.rows.map(({ fresh }) => Number(fresh.accuracy));
  assert.deepEqual([first.low, first.high], [Math.min(...figures), Math.max(...figures)]);
  assert.ok(Math.abs(first.mean - (figures[0] + figures[1]) / 2) < 1e-12);
});

test("a mean of the same figures is that figure, whatever rounding makes of their sum", () => {
  const rows = [1, 2, 3].map((seed) => row(seed, { "training.seed": seed, "model.k_top": 1 }, 0.1));
  const [{ mean, low, high }] = shown([...rows, row(4, { "training.seed": 1, "model.k_top": 2 }, 0.2)]).cells;
  assert.deepEqual([mean, low, high], [0.1, 0.1, 0.1]);
});

test("trials without a figure stay in their cell and count in no mean", () => {
  const rows = [
    row(1, { "model.k_top": 1 }, null, { status: "failed" }),
    row(2, { "model.k_top": 1 }, 0.5),
    row(3, { "model.k_top": 2 }, null, { status: "queued" }),
  ];
  const [mixed, blank] = shown(rows).cells;
  assert.deepEqual([mixed.of, mixed.n, mixed.mean, mixed.trouble], [2, 1, 0.5, 1]);
  assert.deepEqual([blank.of, blank.n, blank.live], [1, 0, 1]);
});

test("a share that learned counts what ended without a verdict, and not what still trains", () => {
  const rows = [
    row(1, { "model.k_top": 1 }, null, { status: "failed" }),
    row(2, { "model.k_top": 1 }, 1),
    row(3, { "model.k_top": 1 }, null, { status: "running" }),
  ];
  const [cell] = shown(rows, { metric: "learned" }).cells;
  assert.deepEqual([cell.n, cell.mean], [2, 0.5]);
});

test("a setting that is held leaves only its trials, and a value that none has holds nothing", () => {
  const rows = [1, 2].flatMap((top) =>
    [2, 5].flatMap((trunc) =>
      [1, 2].map((att) =>
        row(top * 100 + trunc * 10 + att, { "model.k_top": top, "model.k_trunc": trunc, "model.k_att": att }, 0.5),
      ),
    ),
  );
  const view = shown(rows, { held: { "model.k_att": "2" } });
  assert.deepEqual([view.rows.length, view.all.length], [4, 8]);
  assert.equal(shown(rows, { held: { "model.k_att": "7" } }).rows.length, 8);
  assert.equal(shown(rows, { held: { "model.k_top": "1" } }).rows.length, 8, "what is an axis is not held");
});

test("another order of the table is the same view, another metric is not", () => {
  const [viewOf, results] = [remembered(), group(GRID)];
  const view = viewOf(results, USUAL);
  assert.equal(viewOf(results, { ...USUAL, sort: "loss" }), view);
  assert.notEqual(viewOf(results, { ...USUAL, metric: "loss" }), view);
  assert.notEqual(viewOf(group(GRID), USUAL), view);
});

test("what does not depend on a choice is the same object after it: no panel is painted for nothing", () => {
  const [viewOf, results] = [remembered(), group(GRID)];
  const view = viewOf(results, USUAL);
  const turned = viewOf(results, { ...USUAL, x: "model.k_trunc", y: "model.k_top" });
  assert.notEqual(turned.x, view.x);
  for (const part of /** @type {const} */ (["rows", "axes", "metric", "kinds"])) assert.equal(turned[part], view[part]);
  const other = viewOf(results, { ...USUAL, metric: "seconds" });
  assert.equal(other.kinds, view.kinds, "the headline judges by what it judged by");
  assert.notEqual(other.metric, view.metric);
  for (const part of /** @type {const} */ (["axes", "kinds"]))
    assert.notEqual(viewOf(group(GRID), USUAL)[part], view[part], `${part} of rows that came anew`);
});

test("trials held by a value are found once, and those of another value are others", () => {
  const rows = [1, 2].flatMap((att) =>
    [1, 2].flatMap((top) =>
      [1, 2].map((trunc) =>
        row(10 * att + 2 * top + trunc, { "model.k_att": att, "model.k_top": top, "model.k_trunc": trunc }, att / 4),
      ),
    ),
  );
  const [viewOf, results] = [remembered(), group(rows)];
  const held = (/** @type {string} */ text) =>
    viewOf(results, { ...USUAL, x: "model.k_top", y: "model.k_trunc", held: { "model.k_att": text } });
  const [one, other, again] = [held("1"), held("2"), held("1")];
  assert.equal(again.rows, one.rows);
  assert.deepEqual([one.kinds[0].mean, other.kinds[0].mean, again.kinds[0].mean], [0.25, 0.5, 0.25]);
  assert.deepEqual([one.cells[0].mean, other.cells[0].mean], [0.25, 0.5]);
});
