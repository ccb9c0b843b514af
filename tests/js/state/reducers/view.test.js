import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { following, state, trace } from "../../support/traces.js";

test("Esc lets go of the memory first, then of the step, then of nothing", () => {
  let now = state({ choice: { step: 4, memory: 0, whole: false } });
  now = reduce(now, { type: "view/release" });
  assert.deepEqual(now.choice, { step: 4, memory: null, whole: false });
  now = reduce(now, { type: "view/release" });
  assert.deepEqual(now.choice, { step: null, memory: null, whole: false });
  assert.equal(reduce(now, { type: "view/release" }), now);
});

test("a second click on a memory lets it go", () => {
  const chosen = reduce(state(), { type: "view/memory", memory: 0 });
  assert.equal(chosen.choice.memory, 0);
  assert.equal(reduce(chosen, { type: "view/memory", memory: 0 }).choice.memory, null);
});

test("with Follow off new snapshots never move the thumb", () => {
  const still = following({
    live: trace({ update: 100 }),
    follow: false,
    update: 50,
    stored: trace({ update: 50 }),
    snapshots: [50, 100],
  });
  const now = reduce(still, { type: "snapshots", target: still.target, updates: [0, 50], networks: [50] });
  assert.equal(now.update, 50);
  assert.deepEqual(now.snapshots, [0, 50, 100], "those that came since the server's answer stay");
  assert.deepEqual(now.networks, [50]);
});

test("switching Follow off stays where the picture is", () => {
  const now = reduce(following({ live: trace({ update: 120 }) }), { type: "view/follow", on: false });
  assert.equal(now.update, 120);
  assert.equal(now.stored?.update, 120);
});
