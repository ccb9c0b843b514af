// The pictures of the results: nothing that was tried is left out, and what they say stands in files too.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bandFigure, linesOf } from "../../../static/js/results/figures/band.js";
import { heatFigure } from "../../../static/js/results/figures/heat.js";
import { linesFigure, strandAt } from "../../../static/js/results/figures/lines.js";
import { node, toText } from "../../../static/js/results/figures/nodes.js";
import { coloursOf, scaleOf, ticksOf } from "../../../static/js/results/figures/scale.js";
import { GRID, LOOK, LOSS, ACCURACY, awkward, row, shown } from "../support/results.js";

/** @typedef {import("../../../static/js/results/figures/nodes.js").Node} Node */
const MORE = { group: "g1", chosen: null };
const metric = (/** @type {Wire.GroupMetric} */ one) => ({ ...one, about: "" });

/** All nodes of a tree. @param {Node} tree @returns {Node[]} */
const nodes = (tree) => [tree, ...tree.in.flatMap((child) => (typeof child === "string" ? [] : nodes(child)))];
/** All texts of a tree. @param {Node} tree @returns {string[]} */
const texts = (tree) => tree.in.flatMap((child) => (typeof child === "string" ? [child] : texts(child)));
/** @param {Node} tree */
const cells = (tree) => nodes(tree).filter(({ at }) => "data-cell" in at);
/** @param {Node} tree */
const numbers = (tree) =>
  nodes(tree).flatMap(({ at }) => Object.values(at).filter((value) => typeof value === "number"));

test("every trial is in a cell, in a dot or a cross, and in a line", () => {
  for (const view of awkward(150)) {
    const counted = cells(heatFigure(view, LOOK, 600, MORE).node).length;
    assert.equal(counted, new Set(view.cells.map(({ at }) => at.join())).size);
    const band = bandFigure(view, LOOK, 600);
    const marks = texts(band.node).filter((text) => /^[×…]\d*$/.test(text));
    const crossed = marks.reduce((sum, text) => sum + Number(text.slice(1) || 1), 0);
    assert.equal(band.dots.length + crossed, view.rows.length);
    assert.equal(linesFigure(view, LOOK, 600).strands.length, view.rows.length);
  }
});

test("no place in a picture is not a number", () => {
  for (const view of awkward(150))
    for (const figure of [
      heatFigure(view, LOOK, 600, MORE),
      bandFigure(view, LOOK, 600),
      linesFigure(view, LOOK, 600),
    ]) {
      assert.ok(numbers(figure.node).every(Number.isFinite));
      assert.doesNotMatch(toText(figure.node), /NaN|Infinity|undefined/);
    }
});

test("a cell leads to its run, and to the table of runs where it has several", () => {
  const [first] = cells(heatFigure(shown(GRID), LOOK, 600, MORE).node);
  const query = new URLSearchParams(String(first.at.href).split("#")[1]);
  assert.deepEqual(query.get("filter")?.split(" "), ["group:g1", "k_top:1", "k_trunc:2"]);
  assert.deepEqual(query.get("runs")?.split("."), ["r1", "r2"]);
  const alone = shown([row(7, { "model.k_top": 1 }, 0.5), row(8, { "model.k_top": 2 }, 0.5)]);
  assert.equal(cells(heatFigure(alone, LOOK, 600, MORE).node)[0].at.href, "/#run=r7");
});

test("a filter that would miss a run whose knobs were turned is not asked for", () => {
  const rows = [1, 2].map((seed) =>
    row(seed, { "model.k_top": 1, "training.seed": seed }, 0.5, { steered: seed === 2 }),
  );
  const view = shown([...rows, row(3, { "model.k_top": 2, "training.seed": 1 }, 0.5)]);
  const [first] = cells(heatFigure(view, LOOK, 600, MORE).node);
  assert.equal(new URLSearchParams(String(first.at.href).split("#")[1]).get("filter"), "group:g1");
});

test("what failed, what still trains and what was never tried can be seen", () => {
  const view = shown([
    row(1, { "model.k_top": 1, "model.k_trunc": 2 }, 0.5, { status: "diverged" }),
    row(2, { "model.k_top": 2, "model.k_trunc": 2 }, null, { status: "running" }),
    row(3, { "model.k_top": 2, "model.k_trunc": 5 }, null, { status: "failed", reason: "killed" }),
  ]);
  const { node: tree } = heatFigure(view, LOOK, 600, MORE);
  assert.deepEqual(
    texts(tree).filter((words) => /^[×…]+$/.test(words)),
    ["×", "…", "×"],
  );
  assert.match(String(cells(tree)[2].at["aria-label"]), /1 of 1 failed or diverged: killed/);
  assert.ok(nodes(tree).some(({ at }) => at.fill === "url(#no-trial)"));
});

test("what waits is no failure: it has a mark of its own, and not the colour of one", () => {
  const rows = [row(1, { "model.k_top": 1 }, 0.5), row(2, { "model.k_top": 2 }, null, { status: "queued" })];
  for (const figure of [heatFigure, bandFigure, linesFigure]) {
    const { node: tree } = figure(shown(rows), LOOK, 600, MORE);
    assert.ok(!nodes(tree).some(({ at }) => at.fill === LOOK.warn || at.stroke === LOOK.warn), figure.name);
    const failed = rows.map((one) => ({
      ...one,
      status: one.fresh.loss ? one.status : /** @type {const} */ ("failed"),
    }));
    const { node: other } = figure(shown(failed), LOOK, 600, MORE);
    assert.ok(
      nodes(other).some(({ at }) => at.fill === LOOK.warn || at.stroke === LOOK.warn),
      figure.name,
    );
  }
});

test("one cell is reached by Tab, the others by arrows", () => {
  const tabs = cells(heatFigure(shown(GRID), LOOK, 600, MORE).node).map(({ at }) => at.tabindex);
  assert.deepEqual(tabs.filter((tab) => tab === 0).length, 1);
  const chosen = cells(heatFigure(shown(GRID), LOOK, 600, { ...MORE, chosen: "1.0" }).node);
  assert.equal(chosen.find(({ at }) => at.tabindex === 0)?.at["data-cell"], "1.0");
});

test("lines are means, from the least to the most, one for each value of the other setting", () => {
  const lines = linesOf(shown(GRID));
  assert.deepEqual(
    lines.map(({ label }) => label),
    ["k_trunc 2", "k_trunc ∞"],
  );
  assert.deepEqual(
    lines[0].points.map(({ n }) => n),
    [2, 2, 2],
  );
  const [first] = lines[0].points;
  assert.ok(Math.abs(first.mean - 0.285) < 1e-12 && first.low < first.mean && first.mean < first.high);
});

test("a dot that is alone stands where its value does, and dots of one place a little apart", () => {
  const view = shown(GRID);
  const { dots } = bandFigure(view, LOOK, 600);
  const alone = bandFigure(shown([1, 2].map((top) => row(top, { "model.k_top": top }, 0.5))), LOOK, 600);
  const ticks = nodes(alone.node).filter((one) => one.tag === "text" && ["1", "2"].includes(String(one.in[0])));
  assert.deepEqual(
    alone.dots.map(({ x }) => x),
    ticks.filter(({ at }) => at["text-anchor"] === "middle").map(({ at }) => at.x),
  );
  assert.equal(new Set(dots.map(({ x, y }) => `${x} ${y}`)).size, GRID.length);
});

test("better is deeper, whichever way a metric goes", () => {
  for (const [one, best, worst] of /** @type {const} */ ([
    [ACCURACY, 1, 0],
    [LOSS, 0, 1],
  ])) {
    const colour = coloursOf(scaleOf([0, 0.5, 1], metric(one)), LOOK);
    const sum = (/** @type {number} */ value) =>
      (colour(value).fill.match(/\d+/g) ?? []).reduce((all, part) => all + Number(part), 0);
    assert.ok(sum(best) < sum(worst), one.name);
  }
});

test("losses over many powers of ten stand by their powers, and a share from 0 to 1", () => {
  assert.equal(scaleOf([0.0001, 2], metric(LOSS)).log, true);
  assert.equal(scaleOf([0, 2], metric(LOSS)).log, false);
  const { low, high } = scaleOf([0.4, 0.6], metric(ACCURACY));
  assert.deepEqual([low, high], [0, 1]);
});

test("ticks lie on their scale and rise", () => {
  for (const values of [
    [0, 1],
    [0.0001, 3],
    [5, 5],
    [-2, 7],
    [0.123, 0.124],
  ]) {
    const scale = scaleOf(values, metric(LOSS));
    const ticks = ticksOf(scale, 200).map(({ value }) => value);
    assert.ok(ticks.length > 0 && ticks.every((value) => value >= scale.low && value <= scale.high), String(values));
    assert.deepEqual(
      ticks,
      [...ticks].sort((a, b) => a - b),
    );
  }
});

test("the nearest line is the one below the pointer, and far from all there is none", () => {
  const figure = linesFigure(shown(GRID), LOOK, 600);
  const { uprights, strands } = figure;
  const last = uprights.length - 1;
  const found = strandAt(figure, uprights[last].x, strands[3].places[last], 4);
  assert.equal(found?.places[last], strands[3].places[last]);
  assert.equal(strandAt(figure, uprights[last].x, -500, 4), null);
});

test("a file has what was typed as text, never as markup", () => {
  const text = toText(node("a", { href: '/?a=1&b="2"' }, "<b>&"));
  assert.equal(text, '<a href="/?a=1&amp;b=&quot;2&quot;">&lt;b&gt;&amp;</a>');
});
