import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { following, run, state, trace } from "../../support/traces.js";

const frame = (/** @type {any} */ message) => ({
  type: "frame",
  at: 1000,
  message: { run: "r1", attempt: 1, ...message },
});

const rows = (/** @type {number[]} */ updates, attempt = 1) =>
  frame({
    kind: "metrics",
    attempt,
    seq: 5,
    update: updates[updates.length - 1],
    data: {
      update: updates,
      loss: updates.map(() => 1),
      gradient_norm: updates.map(() => 2),
      learning_rate: updates.map(() => 0.002),
      skipped: updates.map(() => 0),
      values: { accuracy: updates.map(() => 0.5) },
      updates_per_s: 20,
    },
  });

test("a frame of a run that is not in view changes nothing", () => {
  const before = following();
  assert.equal(reduce(before, frame({ kind: "status", run: "other", data: { status: "failed" } })), before);
});

test("metrics append, and rows that were seen are not doubled after a reconnect", () => {
  let now = reduce(following(), rows([1, 2, 3]));
  now = reduce(now, rows([2, 3, 4]));
  assert.deepEqual(now.metrics.update, [1, 2, 3, 4]);
  assert.deepEqual(now.metrics.values.accuracy.length, 4);
  assert.equal(now.run?.metrics.accuracy, 0.5);
  assert.equal(now.run?.updates_per_s, 20);
});

test("metrics of one state never leak into a fresh one", () => {
  reduce(following(), rows([1, 2, 3]));
  assert.deepEqual(reduce(following(), rows([7])).metrics.update, [7]);
});

test("rows of a superseded attempt are left out", () => {
  const before = following({ run: run({ attempt: 2 }) });
  assert.equal(reduce(before, rows([1, 2], 1)), before);
});

test("a status keeps what it does not name, and names its reason", () => {
  const now = reduce(
    following(),
    frame({
      kind: "status",
      update: 12,
      seq: 9,
      data: { status: "diverged", reason: "loss not finite", parameters: {}, updates_per_s: null },
    }),
  );
  assert.equal(now.run?.status, "diverged");
  assert.equal(now.run?.reason, "loss not finite");
  assert.equal(now.run?.parameters.k_top, 5);
  assert.equal(now.run?.update, 12);
});

test("the weights of a diverged run are of an earlier update than its last one", () => {
  const now = reduce(
    following(),
    frame({ kind: "checkpoint", update: 63, seq: 9, data: { checkpoint: "c", size_bytes: 1, update: 50 } }),
  );
  assert.deepEqual([now.networks, now.run?.checkpoint, now.run?.checkpoint_update], [[50], "c", 50]);
});

test("a reason goes when the run goes on", () => {
  const stopped = following({ run: run({ status: "failed", reason: "worker ended" }) });
  assert.equal(reduce(stopped, frame({ kind: "status", data: { status: "running" } })).run?.reason, null);
});

test("reset voids everything before it", () => {
  const full = {
    ...reduce(following(), rows([1, 2, 3])),
    live: trace(),
    snapshots: [1, 2],
    marks: [{ update: 2, parameters: {} }],
    follow: false,
    update: 2,
  };
  const now = reduce(full, frame({ kind: "rewound", attempt: 2, data: { attempt: 2, seed: 8 } }));
  assert.deepEqual(
    [now.metrics.update, now.snapshots, now.marks, now.live, now.follow, now.update],
    [[], [], [], null, true, null],
  );
  assert.equal(now.run?.attempt, 2);
  assert.equal(now.run?.spec.training.seed, 8);
});

test("a reset leaves no undo, no refusal and no waiting knob of the attempt before", () => {
  const knobs = {
    pending: { k_top: { value: 2, command: "c" } },
    override: {},
    problems: { learning_rate: "too large" },
    moving: {},
    undo: { name: "k_top", from: 3, to: 2 },
  };
  const data = { attempt: 2, seed: 8, kept: "r2" };
  const now = reduce(following({ knobs }), frame({ kind: "rewound", attempt: 2, seq: 99, data }));
  assert.deepEqual([now.knobs.undo, now.knobs.problems, now.knobs.pending], [null, {}, {}]);
  assert.equal(now.gesture, "reset");
});

test("C7: weights that were put into quarantine are not offered, and the page says why", () => {
  const before = following({ networks: [100, 200] });
  const data = { name: "abc.safetensors", update: 200, why: "its bytes are not those that were stored" };
  const now = reduce(before, frame({ kind: "quarantined", seq: 5, update: 300, data }));
  assert.deepEqual(now.networks, [100]);
  assert.equal(
    now.gap,
    "A checkpoint of update 200 was put into quarantine: its bytes are not those that were stored.",
  );
});

test("C7: of weights that were gone nobody says that they are in quarantine", () => {
  const data = { name: null, update: 1200, why: "the server has no file of it" };
  const now = reduce(following({ networks: [] }), frame({ kind: "quarantined", seq: 5, update: 1300, data }));
  assert.equal(now.gap, "A checkpoint of update 1,200 is gone: the server has no file of it.");
});
