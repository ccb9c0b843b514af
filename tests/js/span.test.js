import assert from "node:assert/strict";
import { test } from "node:test";

import { attentionGrid, attentionPixels, foldOf } from "../../static/js/figures/attention.js";
import { attentionLook } from "../../static/js/figures/attention_look.js";
import { overviewFigure } from "../../static/js/figures/overview.js";
import { pathFigure } from "../../static/js/figures/paths.js";
import { reduce } from "../../static/js/reducer.js";
import { fitted, stepSpan, spanKey } from "../../static/js/selectors/span.js";
import { timeAxis } from "../../static/js/time_axis.js";
import { fromHash, toHash } from "../../static/js/url_state.js";
import { state, trace } from "./support/traces.js";

const STEPS = 784;
const skip = (/** @type {number} */ reader, /** @type {number} */ source) => ({ kind: "skip", reader, source, credit: 1, credit_hidden: null, credit_cell: null, weight: 0.9, chosen: true });
const long = () => trace({
  steps: STEPS, loss_step: 774, loss_T: Array.from({ length: STEPS }, (_, step) => (step === 3 ? 9 : 1)), true_sources: { 774: [0] },
  cuts: Array.from({ length: 156 }, (_, index) => 4 + 5 * index), edges: [skip(774, 18), skip(18, 0)], memories: [-1],
  paths: [{ steps: [774, 18, 0], kinds: ["skip", "skip"], strength: 1 }], reach: { sab: [[774, 774], [0, 23]] },
});

test("up to 200 steps are shown whole; a longer sequence by a span that holds the chosen step", () => {
  assert.deepEqual(stepSpan(null, 150, 200), { from: 0, to: 200 });
  for (const step of [0, 79, 80, 300, 783]) {
    const { from, to } = stepSpan(null, step, STEPS);
    assert.ok(from <= step && step < to && to - from === 160, String(step));
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
  assert.deepEqual(skips.map((arc) => [arc.reader, arc.source]), [[774, 18]]);
  assert.ok(cuts.length > 20 && cuts.every(({ step }) => step >= 624));
  assert.deepEqual(rings, []);
});

test("the overview shows every arc, and no loss is lost in a bin", () => {
  const axis = timeAxis(400, STEPS);
  const figure = overviewFigure(long(), axis);
  assert.deepEqual(figure.arcs.map((arc) => [arc.reader, arc.source]), [[774, 18], [18, 0]]);
  assert.ok(figure.binned > 1);
  assert.equal(Math.max(...figure.loss.map((bin) => bin.share)), 1);
  assert.equal(figure.rings.length, 1);
});

test("cells of a long heatmap are folded until each can be seen, and none is lost", () => {
  assert.deepEqual([320, 400, 784].map((side) => foldOf({ rows: side, columns: side })), [1, 1, 7]);
  const one = { ...long(), memories: Array.from({ length: STEPS }, (_, index) => index - 1), attention: { reader: [774, 774], source: [3, 4], weight: [0.25, 0.75], score: [] } };
  const look = attentionLook(one, /** @type {any} */ ({ dark: false }));
  const pixels = attentionPixels(one, attentionGrid(one), look, 7);
  assert.equal(pixels.length, 112 * 112 * 4);
  assert.equal(pixels.filter((byte, index) => index % 4 === 3 && byte > 0).length, 1);
  const alone = attentionPixels({ ...one, attention: { reader: [774], source: [4], weight: [0.75], score: [] } }, attentionGrid(one), look, 7);
  assert.deepEqual(pixels, alone, "the largest of the two is seen");
});

test("the span travels in the link", () => {
  const hash = toHash(state({ target: { kind: "preset", id: "copy" }, span: { from: 100, to: 260 } }));
  assert.match(hash, /span=100-260/);
  assert.deepEqual(fromHash(hash).view.span, { from: 100, to: 260 });
  assert.equal(fromHash("#preset=copy&span=260-100").view.span, null);
});
