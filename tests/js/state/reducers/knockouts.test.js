import assert from "node:assert/strict";
import { test } from "node:test";

import { pathFigure } from "../../../../static/js/panels/paths/figure.js";
import { nextArc } from "../../../../static/js/panels/paths/keys_layer.js";
import { reduce } from "../../../../static/js/state/reducer.js";
import { probeKey, probeToAsk, wantedProbe } from "../../../../static/js/state/selectors.js";
import { picture, story } from "../../../../static/js/state/shown.js";
import { beforeToAsk, beforeTrace, chosenArc, comparison } from "../../../../static/js/state/selectors/knockouts.js";
import { timeAxis } from "../../../../static/js/draw/time_axis.js";
import { fromHash, toHash } from "../../../../static/js/state/url/state.js";
import { following, run, state, trace } from "../../support/traces.js";

const ARC = /** @type {Pair} */ ([4, 0]);
const shown = trace();
const after = trace({
  knocked_out: [[4, 0]],
  edges: [],
  paths: [],
  loss: 0.9,
  loss_T: [0.01, 0, 0, 0.02, 3],
  predictions: [8, 8, 8, 8, 5],
  hits: { 4: false },
  gradient_norm: { sab: [0, 0, 0, 0.4, 1.2] },
  reach: { sab: [[3, 4]] },
});

/** A stored network whose answer is on the screen. */
function answered() {
  const before = state({ target: { kind: "preset", id: "copy" } });
  return { ...before, probed: { key: /** @type {string} */ (probeKey(wantedProbe(before))), trace: shown } };
}
const answer = (/** @type {State} */ now, /** @type {Trace} */ found) =>
  reduce(now, { type: "probe/answer", key: probeKey(wantedProbe(now)), trace: found });
const knocked = () => answer(reduce(answered(), { type: "arc/knock", arc: ARC }), after);

test("a knocked-out arc is part of the question, and the picture waits for its answer", () => {
  const now = reduce(answered(), { type: "arc/knock", arc: ARC });
  assert.deepEqual(probeToAsk(now)?.knocked_out, [[4, 0]]);
  assert.equal(story(now).state, "stale");
  assert.equal(story(answer(now, after)).trace, after);
});

test("Undo shows the very first answer again, without asking", () => {
  const back = reduce(knocked(), { type: "arc/undo" });
  assert.equal(story(back).trace, shown);
  assert.equal(story(back).state, "live");
  assert.equal(probeToAsk(back), null);
});

test("Undo goes back gesture by gesture, restoring is a gesture too", () => {
  let now = reduce(answered(), { type: "arc/knock", arc: ARC });
  now = reduce(now, { type: "arc/knock", arc: [3, 1] });
  now = reduce(now, { type: "arc/restore", arc: ARC });
  assert.deepEqual(now.knockouts.out, [[3, 1]]);
  now = reduce(now, { type: "arc/undo" });
  assert.deepEqual(now.knockouts.out, [
    [4, 0],
    [3, 1],
  ]);
  now = reduce(reduce(now, { type: "arc/undo" }), { type: "arc/undo" });
  assert.deepEqual(now.knockouts.out, []);
  assert.equal(reduce(now, { type: "arc/undo" }), now);
});

test("Redo knocks out again what Undo put back, until another gesture", () => {
  const undone = reduce(knocked(), { type: "arc/undo" });
  const again = reduce(undone, { type: "arc/redo" });
  assert.deepEqual(again.knockouts.out, [ARC]);
  assert.equal(reduce(again, { type: "arc/redo" }), again);
  const other = reduce(undone, { type: "arc/knock", arc: [3, 1] });
  assert.equal(reduce(other, { type: "arc/redo" }), other);
});

test("the same arc is knocked out once", () => {
  const once = reduce(answered(), { type: "arc/knock", arc: ARC });
  assert.equal(reduce(once, { type: "arc/knock", arc: ARC }), once);
});

test("loss, answer, gradient and hits stand before and after", () => {
  const found = comparison(knocked());
  const text = Object.fromEntries(
    (found?.changes ?? []).map(({ name, before, after: then }) => [name, `${before} → ${then}`]),
  );
  assert.deepEqual(text, {
    "loss at step 4": "0.1 → 3",
    says: "D ✓ → F ✗",
    "SAB gradient at step 0": "0.3 → 0 exactly",
    "SAB reaches": "3–4, 0 → 3–4",
    hits: "1 of 1 → 0 of 1",
  });
  assert.equal(found?.exact, true);
});

test("what surprises is counted: a larger gradient over other edges, and readers that miss now", () => {
  const before = { ...answered(), probed: null };
  const seen = (/** @type {Partial<Trace>} */ was, /** @type {Partial<Trace>} */ is) => {
    const first = answer(before, trace({ hits: { 2: true, 3: true, 4: true }, ...was }));
    return comparison(answer(reduce(first, { type: "arc/knock", arc: ARC }), { ...after, ...is }))?.why;
  };
  const louder = { gradient_norm: { sab: [0.9, 0, 0, 0.4, 1.2] }, hits: { 2: true, 3: false, 4: false } };
  assert.match(`${seen({}, louder)}`, /^The loss is larger.* 0, .*edges\. 2 readers .* miss it now\.$/);
  assert.equal(seen({}, { hits: { 2: true, 3: true, 4: false } }), "", "the reader itself misses: no surprise");
  assert.doesNotMatch(`${seen({ loss_T: [0, 0, 0, 0, 5] }, louder)}`, /larger/);
});

test("until both answers are there, nothing is compared", () => {
  assert.deepEqual(comparison(reduce(answered(), { type: "arc/knock", arc: ARC }))?.changes, []);
  assert.equal(comparison(answered()), null);
});

test("at an update without its weights nothing is asked, and the banner says so", () => {
  const past = { ...answered(), follow: false, update: 200, stored: trace({ update: 200 }) };
  const now = reduce(past, { type: "arc/knock", arc: ARC });
  assert.equal(probeToAsk(now), null);
  assert.match(comparison(now)?.caution ?? "", /^not asked: the weights of update 200 are not stored/);
});

test("a link with a knocked-out arc asks for the picture from before as well", () => {
  const opened = { ...state({ target: { kind: "preset", id: "copy" } }), ...fromHash("#preset=copy&ko=4-0").view };
  assert.deepEqual(opened.knockouts.out, [[4, 0]]);
  const request = beforeToAsk(opened);
  assert.equal(request?.knocked_out, undefined);
  const done = reduce(opened, { type: "arc/before", key: probeKey(request), trace: shown });
  assert.equal(beforeTrace(done), shown);
  assert.equal(beforeToAsk(done), null);
});

test("Undo puts back what a link took away", () => {
  const opened = { ...answered(), ...fromHash("#preset=copy&ko=4-0_3-1").view };
  assert.deepEqual(reduce(opened, { type: "arc/undo" }).knockouts.out, []);
});

test("a picture from before that cannot be had is asked for once", () => {
  const now = { ...state({ target: { kind: "preset", id: "copy" } }), ...fromHash("#ko=4-0").view };
  const failed = reduce(now, { type: "arc/before-failed", key: probeKey(beforeToAsk(now)) });
  assert.equal(beforeToAsk(failed), null);
});

test("on a live run the newest snapshot is the picture from before, and other weights are named", () => {
  const live = following({ live: trace({ run: "r1", update: 100 }) });
  const now = reduce(reduce(live, { type: "arc/knock", arc: ARC }), {
    type: "frame",
    at: 1,
    message: { run: "r1", attempt: 1, kind: "nothing" },
  });
  assert.equal(beforeTrace(now), live.live);
  const moved = answer(now, { ...after, run: "r1", update: 104 });
  assert.equal(comparison(moved)?.exact, false);
  assert.match(comparison(moved)?.caution ?? "", /update 100.*update 104.*Pause/);
});

test("the heatmap shows the answer too: without the arc the forward pass is another", () => {
  const live = following({ run: run({ status: "paused" }), live: trace({ run: "r1", update: 100 }) });
  const now = answer(reduce(live, { type: "arc/knock", arc: ARC }), { ...after, run: "r1", update: 100 });
  assert.equal(picture(now).trace?.knocked_out.length, 1);
});

test("choosing an arc chooses its memory; again lets go; Delete means the arc of step and memory too", () => {
  let now = reduce(answered(), { type: "arc/choose", arc: ARC });
  assert.equal(now.choice.memory, 0);
  assert.deepEqual(chosenArc(now), { reader: 4, source: 0, weight: 0.93, credit: 0.3, out: false });
  now = reduce(now, { type: "arc/choose", arc: ARC });
  assert.equal(now.choice.memory, null);
  assert.equal(chosenArc(now), null);
  assert.equal(chosenArc(reduce(answered(), { type: "view/memory", memory: 0 }))?.reader, 4);
  assert.equal(chosenArc(reduce(answered(), { type: "view/memory", memory: 2 })), null);
});

test("another network forgets knock-outs, and the link holds them", () => {
  const now = knocked();
  assert.match(toHash(now), /ko=4-0/);
  assert.deepEqual(reduce(now, { type: "open", target: { kind: "preset", id: "copy-10" } }).knockouts.out, []);
  for (const bad of ["ko=0-4", "ko=4", "ko=a-b", "ko=4-0_x", "ko=-4-0"])
    assert.deepEqual(fromHash(`#preset=copy&${bad}`).view.knockouts?.out, [], bad);
});

test("a knocked-out arc stays as a ghost and is no edge", () => {
  const figure = pathFigure(after, timeAxis(600, 5), 140);
  assert.deepEqual(figure.skips, []);
  assert.deepEqual(
    figure.ghosts.map((one) => one.arc),
    [[4, 0]],
  );
});

test("arrows go from arc to arc, to both ends, and stop there", () => {
  const arcs = /** @type {any[]} */ ([
    { reader: 4, source: 0, credit: 1 },
    { reader: 4, source: 2, credit: 3 },
    { reader: 3, source: 1, credit: 2 },
  ]);
  const from = (/** @type {string} */ key, place = 0) => nextArc(arcs, arcs[place], key)?.source;
  assert.deepEqual(
    [from("ArrowRight"), from("ArrowLeft"), from("End"), from("ArrowUp"), from("ArrowUp", 1)],
    [1, 0, 2, 1, 2],
  );
  assert.equal(from("x"), undefined);
});
