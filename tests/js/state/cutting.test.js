import assert from "node:assert/strict";
import { test } from "node:test";

import { cutNote, cutsOf, cuttingAsked } from "../../../static/js/state/cutting.js";
import { wantedProbe } from "../../../static/js/state/selectors.js";
import { reduce } from "../../../static/js/state/reducer.js";
import { fromHash, toHash } from "../../../static/js/state/url/state.js";
import { following, state, trace } from "../support/traces.js";

/** A preset in view. @param {Partial<State>} change */
const preset = (change = {}) => state({ target: { kind: "preset", id: "copy" }, ...change });

/** @param {number} steps @param {Record<string, unknown>} how @param {number | null} loss */
const of = (steps, how = {}, loss = 10) =>
  trace({ steps, loss_step: loss, targets: Array(steps).fill(1), parameters: { ...trace().parameters, ...how } });

test("cuts follow the rule of the specification", () => {
  assert.deepEqual(cutsOf(of(12), 5), [4, 9]);
  assert.deepEqual(cutsOf(of(12, { phase: 2 }), 5), [1, 6, 11]);
  assert.deepEqual(cutsOf(of(4), 1), [1, 2, 3]);
  assert.deepEqual(cutsOf(of(12), 0), []);
  assert.deepEqual(Array.from(trace().cuts), cutsOf(trace(), 2));
});

test("a window is one cut, k_trunc steps back from the loss step, and none where the sequence is shorter", () => {
  const window = { cuts: "window", phase: 3 };
  assert.deepEqual(cutsOf(of(12, window), 5), [6]);
  assert.deepEqual(cutsOf(of(12, window), 11), []);
  assert.deepEqual(cutsOf(of(12, window, null), 5), []);
});

test("a probe is asked for a window or a phase, also of a run that trains, and never for what means nothing", () => {
  const window = { cutting: { cuts: /** @type {const} */ ("window"), phase: 3 } };
  assert.deepEqual(cuttingAsked(state(window)), { cuts: "window" });
  assert.deepEqual(cuttingAsked(state({ ...window, choice: { step: null, memory: null, whole: true } })), { phase: 3 });
  assert.deepEqual(cuttingAsked(state()), {});
  assert.equal(wantedProbe(preset(window))?.cuts, "window");
  const live = following({ live: trace() });
  assert.equal(wantedProbe(live), null);
  assert.equal(wantedProbe(reduce(live, { type: "view/cutting", cutting: { phase: 1 } }))?.phase, 1);
});

test("how it is cut travels in the link", () => {
  for (const cutting of [
    { cuts: /** @type {const} */ ("window"), phase: 0 },
    { cuts: /** @type {const} */ ("blocks"), phase: 2 },
  ]) {
    const hash = toHash(preset({ cutting }));
    assert.deepEqual(fromHash(hash).view.cutting, cutting, hash);
  }
  assert.doesNotMatch(toHash(preset()), /cuts|phase/);
});

test("the note says how far the local gradient goes, and where that surprises", () => {
  const note = (/** @type {number[]} */ cuts, /** @type {Record<string, unknown>} */ how = {}, loss = 10) =>
    cutNote({ ...of(12, { k_trunc: 5, ...how }, loss), cuts });
  assert.match(note([4, 9]), /falls on entering step 9: its local gradient sees 2 steps, though a block has 5\.$/);
  assert.match(note([10]), /sees 1 step, though a block has 5\. A cut falls right before the loss: move the phase/);
  assert.match(note([6]), /falls on entering step 6: 5 steps see its gradient\.$/);
  assert.match(note([6], { cuts: "window" }), /sees the last 5 steps, wherever blocks would end\.$/);
  assert.match(note([11]), /^No cut lies before step 10: its local gradient goes back to step 0\.$/);
  assert.match(note([], { k_trunc: 0 }), /^There is no cut/);
  assert.match(cutNote({ ...of(12, {}, null), cuts: [4] }), /^Of the whole loss/);
});
