import assert from "node:assert/strict";
import { test } from "node:test";

import { gradientFigure } from "../../../../static/js/panels/gradients/figure.js";
import { gradientScale } from "../../../../static/js/panels/gradients/scale.js";
import { pathFigure } from "../../../../static/js/panels/paths/figure.js";
import { reduce } from "../../../../static/js/state/reducer.js";
import { probeKey, wantedProbe } from "../../../../static/js/state/selectors.js";
import { story } from "../../../../static/js/state/shown.js";
import { drawnNorms, gradientView, namedNorms } from "../../../../static/js/panels/gradients/selector.js";
import { walkLength, walkView } from "../../../../static/js/state/selectors/walk.js";
import { timeAxis } from "../../../../static/js/draw/time_axis.js";
import { following, packedTrace, state, trace } from "../../support/traces.js";

const shown = trace();
const axis = timeAxis(600, 5);

/** A stored network whose answer is on the screen. */
function answered() {
  const before = state({ target: { kind: "preset", id: "copy" } });
  return { ...before, probed: { key: /** @type {string} */ (probeKey(wantedProbe(before))), trace: shown } };
}
const steps = (/** @type {State} */ from, /** @type {number[]} */ ...by) =>
  by.reduce((now, one) => reduce(now, { type: "walk/step", by: one }), from);

test("each step takes one edge, in the order of the API, and says its own credit", () => {
  const first = walkView(steps(answered(), 1).walk);
  assert.deepEqual([first?.edge, first?.taken, first?.of], [shown.edges[0], 1, 2]);
  assert.match(first?.caption ?? "", /^Edge 1 of 2: step 4 → step 0, credit 0\.3 \(skip edge, weight 0\.93\)\.$/);
  const second = walkView(steps(answered(), 1, 1).walk);
  assert.equal(second?.edge, shown.edges[1]);
  assert.match(
    second?.caption ?? "",
    /credit 0\.5 \(local edge\)\. Scissors at step 3: its local edge is cut\. That was the last one\.$/,
  );
});

test("hidden skip edges and edges without credit are not walked", () => {
  const hidden = trace({
    edges: [
      ...shown.edges,
      { kind: "skip", reader: 3, source: 1, credit: 0.1, weight: 0.5 },
      { kind: "local", reader: 2, source: 1, credit: 0 },
    ],
  });
  assert.equal(walkLength(hidden), 2);
});

test("the picture holds only what was taken, at the widths of the whole", () => {
  const whole = pathFigure(shown, axis, 140);
  const none = pathFigure(shown, axis, 140, walkView({ trace: shown, taken: 0, playing: false }));
  assert.deepEqual([none.skips, none.locals, none.best], [[], [], null]);
  const one = pathFigure(shown, axis, 140, walkView({ trace: shown, taken: 1, playing: false }));
  assert.deepEqual(one.skips, whole.skips);
  assert.deepEqual(one.locals, []);
  assert.equal(one.best, one.skips[0]);
  assert.deepEqual(
    pathFigure(shown, axis, 140, walkView({ trace: shown, taken: 2, playing: false })).locals,
    whole.locals,
  );
});

test("SAB's gradient norm is drawn from where all of it has arrived, and the axis does not move meanwhile", () => {
  const since = [0, 1, 2].map((taken) => walkView({ trace: shown, taken, playing: false })?.since);
  assert.deepEqual(since, [4, 4, 0], "the last edge ends the pass");
  const [whole, part] = [0, 4].map((from) => gradientView(shown, { cell: false, each: false, since: from }));
  const scale = gradientScale(drawnNorms(whole));
  assert.deepEqual(gradientScale(drawnNorms(part)), scale);
  const drawnSteps = (
    /** @type {import("../../../../static/js/panels/gradients/selector.js").GradientView} */ view,
    /** @type {string} */ name,
  ) =>
    [
      ...new Set(
        gradientFigure(view, axis, /** @type {any} */ ({}), scale)
          .data.filter((line) => line.name === name)
          .flatMap((line) => line.x),
      ),
    ].sort();
  assert.deepEqual(drawnSteps(part, "SAB"), [4]);
  assert.deepEqual(drawnSteps(whole, "SAB"), [0, 1, 2, 3, 4]);
  assert.deepEqual(drawnSteps(part, "full"), drawnSteps(whole, "full"));
  assert.deepEqual(Array.from(namedNorms(part).sab).map(Number.isNaN), [true, true, true, true, false]);
});

test("back goes edge by edge and leaves from the loss; on stops at the last", () => {
  let now = steps(answered(), 1, 1, 1, 1);
  assert.equal(now.walk?.taken, 2);
  now = steps(now, -1, -1);
  assert.equal(now.walk?.taken, 0);
  assert.equal(steps(now, -1).walk, null);
  assert.equal(steps(answered(), -1).walk, null, "there is nothing behind the whole picture");
});

test("play ends with the last edge and begins anew from there", () => {
  let now = reduce(answered(), { type: "walk/play", on: true });
  assert.deepEqual([now.walk?.taken, now.walk?.playing], [0, true]);
  now = steps(now, 1, 1);
  assert.deepEqual([now.walk?.taken, now.walk?.playing], [2, false]);
  assert.equal(reduce(now, { type: "walk/play", on: true }).walk?.taken, 0);
  assert.equal(reduce(now, { type: "walk/first" }).walk?.taken, 0);
});

test("a walk holds its picture while a run goes on, and ends with another question", () => {
  const live = following({ live: trace({ run: "r1", update: 100 }) });
  const walking = steps(live, 1);
  const frame = { kind: "snapshot", run: "r1", attempt: 1, update: 400, trace: packedTrace() };
  const moved = reduce(walking, { type: "frame", at: 1, message: frame });
  assert.equal(moved.live?.update, 400);
  assert.equal(story(moved).trace?.update, 100);
  for (const action of [
    { type: "view/step", step: 2 },
    { type: "view/share", share: 1 },
    { type: "knob/move", name: "k_top", value: 0 },
    { type: "arc/knock", arc: [4, 0] },
    { type: "view/release" },
    { type: "walk/end" },
  ]) {
    assert.equal(reduce(walking, action).walk, null, action.type);
  }
  assert.notEqual(reduce(walking, { type: "arc/choose", arc: [4, 0] }).walk, null, "choosing an arc asks for nothing");
});

test("in a long sequence the span goes along with the walk", () => {
  const long = trace({
    steps: 784,
    loss_step: 700,
    loss_T: Array(784).fill(0),
    true_sources: {},
    cuts: [],
    edges: [
      { kind: "skip", reader: 700, source: 90, credit: 0.3, weight: 0.9 },
      { kind: "local", reader: 90, source: 89, credit: 0.2 },
    ],
    paths: [{ steps: [700, 90, 89], kinds: ["skip", "local"], strength: 0.2 }],
  });
  const before = { ...answered(), probed: { .../** @type {any} */ (answered().probed), trace: long } };
  const first = steps(before, 1);
  assert.equal(first.span, null, "step 700 is in sight already");
  const { span } = steps(first, 1);
  assert.ok(span && span.from <= 89 && span.to > 90, JSON.stringify(span));
});

test("nothing is walked before there is a picture", () => {
  const empty = state({ target: { kind: "preset", id: "copy" } });
  assert.equal(steps(empty, 1), empty);
});
