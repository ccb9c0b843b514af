import assert from "node:assert/strict";
import { test } from "node:test";

import {
  attentionGrid,
  attentionPixels,
  cellsOf,
  cellWords,
  foldOf,
} from "../../../../static/js/panels/attention/grid.js";
import { attentionLook } from "../../../../static/js/panels/attention/look.js";
import { overviewFigure } from "../../../../static/js/panels/overview/figure.js";
import { pathFigure } from "../../../../static/js/panels/paths/figure.js";
import { reduce } from "../../../../static/js/state/reducer.js";
import { fitted, stepSpan, spanKey } from "../../../../static/js/state/selectors/span.js";
import { timeAxis } from "../../../../static/js/draw/time_axis.js";
import { fromHash, toHash } from "../../../../static/js/state/url/state.js";
import { state, trace } from "../../support/traces.js";

const STEPS = 784;
const skip = (/** @type {number} */ reader, /** @type {number} */ source) => ({
  kind: "skip",
  reader,
  source,
  credit: 1,
  credit_hidden: null,
  credit_cell: null,
  weight: 0.9,
  chosen: true,
});
const long = () =>
  trace({
    steps: STEPS,
    loss_step: 774,
    loss_T: Array.from({ length: STEPS }, (_, step) => (step === 3 ? 9 : 1)),
    true_sources: { 774: [0] },
    cuts: Array.from({ length: 156 }, (_, index) => 4 + 5 * index),
    edges: [skip(774, 18), skip(18, 0)],
    memories: [-1],
    paths: [{ steps: [774, 18, 0], kinds: ["skip", "skip"], strength: 1 }],
    reach: {
      sab: [
        [774, 774],
        [0, 23],
      ],
    },
  });

test("up to 200 steps are shown whole; a longer sequence by a span that holds the chosen step", () => {
  assert.deepEqual(stepSpan(null, 150, 200), { from: 0, to: 200 });
  for (const step of [0, 79, 80, 300, 783]) {
    const { from, to } = stepSpan(null, step, STEPS);
    assert.ok(from <= step && step < to && to - from === 120, String(step));
  }
});

test("a step chosen inside the span does not pull it away, one outside brings it along", () => {
  assert.deepEqual(stepSpan(null, 300, STEPS), stepSpan(null, 319, STEPS));
  const brushed = reduce(state(), { type: "view/span", span: { from: 0, to: 160 } });
  assert.deepEqual(reduce(brushed, { type: "view/step", step: 40 }).span, { from: 0, to: 160 });
  assert.equal(reduce(brushed, { type: "view/step", step: 400 }).span, null);
});

test("the span never leaves the sequence, by drag or by key", () => {
  assert.deepEqual(fitted(-50, 160, STEPS), { from: 0, to: 160 });
  assert.deepEqual(fitted(900, 160, STEPS), { from: 624, to: 784 });
  assert.deepEqual(spanKey("End", { from: 0, to: 160 }, STEPS), { from: 624, to: 784 });
  assert.deepEqual(spanKey("ArrowRight", { from: 0, to: 160 }, STEPS), { from: 10, to: 170 });
  assert.deepEqual(spanKey("+", { from: 100, to: 260 }, STEPS), { from: 140, to: 220 });
  assert.equal(spanKey("x", { from: 0, to: 160 }, STEPS), null);
});

test("the axis shows its span, knows its steps, and lets others stand just beyond the edge", () => {
  const axis = timeAxis(1000, STEPS, { from: 600, to: 760 });
  assert.equal(axis.stepAt(axis.x(700)), 700);
  assert.ok(axis.x(0) < axis.left && axis.x(0) > 0);
  assert.ok(axis.x(783) > axis.x(759) && axis.x(783) < axis.width);
  assert.equal(axis.stepAt(axis.x(0)), null);
  assert.ok(axis.ticks.every((step) => step >= 600 && step < 760) && axis.ticks.length > 3);
});

test("an arc that leaves the span is drawn to its edge, one outside it is not; cuts outside are left out", () => {
  const axis = timeAxis(1000, STEPS, { from: 624, to: 784 });
  const { skips, cuts, rings } = pathFigure(long(), axis, 140);
  assert.deepEqual(
    skips.map((arc) => [arc.reader, arc.source]),
    [[774, 18]],
  );
  assert.ok(cuts.length > 20 && cuts.every(({ step }) => step >= 624));
  assert.deepEqual(rings, []);
});

test("the overview shows every arc, and no loss is lost in a bin", () => {
  const axis = timeAxis(400, STEPS);
  const figure = overviewFigure(long(), axis);
  assert.deepEqual(
    figure.arcs.map((arc) => [arc.reader, arc.source]),
    [
      [774, 18],
      [18, 0],
    ],
  );
  assert.ok(figure.binned > 1);
  assert.equal(Math.max(...figure.loss.map((bin) => bin.share)), 1);
  assert.equal(figure.rings.length, 1);
});

const WHOLE = { from: 0, to: STEPS };
const look = attentionLook(long(), /** @type {any} */ ({ dark: false }));
const readsFar = () => ({
  ...long(),
  memories: Array.from({ length: STEPS }, (_, index) => index - 1),
  attention: { reader: [774, 774, 30], source: [3, 4, 2], weight: [0.25, 0.75, 1], score: [] },
});

test("the heatmap of a long sequence shows the steps of the span, and all memories that these may read", () => {
  const grid = attentionGrid(readsFar(), null, { from: 624, to: 784 });
  assert.deepEqual([grid.from, grid.rows, grid.columns], [624, 160, 784]);
  assert.deepEqual(cellsOf(grid), [112, 160]);
  const pixels = attentionPixels(readsFar(), grid, look);
  const lit = Array.from({ length: pixels.length / 4 }, (_, cell) => cell).filter((cell) => pixels[cell * 4 + 3] > 0);
  assert.deepEqual(lit, [(774 - 624) * 112], "step 30 lies outside");
  assert.equal(attentionGrid(readsFar(), null, { from: 0, to: 160 }).columns, 161);
  assert.equal(attentionGrid(readsFar(), grid, { from: 624, to: 784 }), grid);
  assert.notEqual(attentionGrid(readsFar(), grid, { from: 620, to: 780 }), grid);
});

test("cells are folded until each can be seen, and none is lost", () => {
  assert.deepEqual([320, 400, 784].map(foldOf), [1, 1, 7]);
  const grid = attentionGrid(readsFar(), null, WHOLE);
  const pixels = attentionPixels(readsFar(), grid, look);
  assert.equal(pixels.length, 112 * 112 * 4);
  assert.equal(pixels.filter((byte, index) => index % 4 === 3 && byte > 0).length, 2);
  const strongest = { ...readsFar(), attention: { reader: [774, 30], source: [4, 2], weight: [0.75, 1], score: [] } };
  assert.deepEqual(pixels, attentionPixels(strongest, grid, look), "the largest of the two is seen");
});

test("a cell says what it holds: its reading, or the largest of those folded into it", () => {
  const near = attentionGrid(readsFar(), null, { from: 0, to: 160 });
  assert.deepEqual(cellWords(readsFar(), near, { row: 30, column: 3 }), [
    "step 30 reads the microstate of step 2",
    "weight 1",
  ]);
  assert.deepEqual(cellWords(readsFar(), near, { row: 31, column: 3 }), []);
  const folded = cellWords(readsFar(), attentionGrid(readsFar(), null, WHOLE), { row: 772, column: 0 });
  assert.deepEqual(folded.slice(0, 2), ["step 774 reads the microstate of step 4", "weight 0.75"]);
  assert.match(folded[2], /the largest of 2 weights in this cell: steps 770–776, memories ∅–5/);
});

test("the span travels in the link", () => {
  const hash = toHash(state({ target: { kind: "preset", id: "copy" }, span: { from: 100, to: 260 } }));
  assert.match(hash, /span=100-260/);
  assert.deepEqual(fromHash(hash).view.span, { from: 100, to: 260 });
  assert.equal(fromHash("#preset=copy&span=260-100").view.span, null);
});
