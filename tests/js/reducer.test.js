import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../static/js/state/reducer.js";
import { following, run, state, trace } from "./support/traces.js";

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

test("an unknown action leaves the very same state", () => {
  const before = state();
  assert.equal(reduce(before, { type: "nonsense" }), before);
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

test("a knob is pending until its own acknowledgement, and the run's word is what is in force", () => {
  let now = reduce(following(), { type: "knob/turn", name: "k_top", from: 5, value: 2, command: "c1" });
  assert.equal(now.knobs.pending.k_top?.value, 2);
  assert.equal(now.run?.parameters.k_top, 5);
  now = reduce(
    now,
    frame({
      kind: "parameters",
      update: 20,
      data: { command_id: "another", parameters: { k_att: 3 }, params_version: 2 },
    }),
  );
  assert.equal(now.knobs.pending.k_top?.value, 2, "another tab's knob acknowledges nothing of ours");
  now = reduce(
    now,
    frame({ kind: "parameters", update: 21, data: { command_id: "c1", parameters: { k_top: 2 }, params_version: 3 } }),
  );
  assert.deepEqual(now.knobs.pending, {});
  assert.equal(now.run?.parameters.k_top, 2);
  assert.equal(now.run?.params_version, 3);
  assert.deepEqual(
    now.marks.map((mark) => mark.update),
    [20, 21],
  );
  assert.deepEqual(now.knobs.undo, { name: "k_top", from: 5, to: 2 });
});

test("a rejected knob brings the old value back and says why beside it", () => {
  let now = reduce(following(), { type: "knob/turn", name: "k_att", from: 1, value: 0, command: "c1" });
  now = reduce(
    now,
    frame({
      kind: "rejected",
      command_id: "c1",
      problem: { title: "no", status: 422, detail: "k_att = 0: 1 … 10000" },
    }),
  );
  assert.deepEqual(now.knobs.pending, {});
  assert.equal(now.knobs.problems.k_att, "k_att = 0: 1 … 10000");
  assert.equal(now.run?.parameters.k_att, 1);
  assert.equal(now.problem, null);
});

test("a rejected button is a problem of the page", () => {
  const now = reduce(
    following(),
    frame({ kind: "rejected", command_id: "c9", problem: { title: "no", status: 409, detail: "run r1 is finished" } }),
  );
  assert.equal(now.problem?.detail, "run r1 is finished");
});

test("a refused value leaves the one that was asked for before, and the way back from it", () => {
  const two = reduce(state(), { type: "knob/turn", name: "k_top", from: 5, value: 2, command: null });
  const moved = reduce(two, { type: "knob/move", name: "k_top", value: -1 });
  const { knobs } = reduce(moved, { type: "knob/refused", name: "k_top", detail: "no" });
  assert.deepEqual(
    [knobs.override, knobs.moving, knobs.problems, knobs.undo],
    [{ k_top: 2 }, {}, { k_top: "no" }, { name: "k_top", from: 5, to: 2 }],
  );
});

test("the next turn of a knob clears its message", () => {
  const refused = reduce(following(), { type: "knob/refused", name: "k_top", detail: "no" });
  assert.equal(
    reduce(refused, { type: "knob/turn", name: "k_top", from: 5, value: 3, command: "c2" }).knobs.problems.k_top,
    undefined,
  );
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

test("opening another network keeps the last picture until there is a new one", () => {
  const before = state({ probed: { key: "k", trace: trace() }, choice: { step: 3, memory: 1, whole: true } });
  const now = reduce(before, { type: "open", target: { kind: "run", id: "r2" }, run: run({ id: "r2" }) });
  assert.equal(now.probed, before.probed);
  assert.deepEqual(now.choice, { step: null, memory: null, whole: true });
  assert.equal(now.live, null);
});

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

test("a stored snapshot of a run that was left is dropped", () => {
  const before = following({ follow: false, update: 5 });
  assert.equal(reduce(before, { type: "snapshot", target: { kind: "run", id: "gone" }, trace: trace() }), before);
});

test("a run that was deleted elsewhere is said to be gone, and its picture stays", () => {
  const before = following({ live: trace() });
  const now = reduce(before, { type: "frame", at: 0, message: { kind: "runs", runs: [] } });
  assert.match(now.problem?.detail ?? "", /deleted/);
  assert.equal(now.live, before.live);
});

test("the list of runs brings news of the run in view, but nothing older than its events", () => {
  const before = following({ run: run({ seq: 10, update: 40 }) });
  const older = run({ seq: 9, update: 30, status: "queued" });
  assert.equal(reduce(before, { type: "frame", at: 0, message: { kind: "runs", runs: [older] } }).run?.update, 40);
  const newer = run({ seq: 11, update: 41, status: "stopped" });
  assert.equal(
    reduce(before, { type: "frame", at: 0, message: { kind: "runs", runs: [newer] } }).run?.status,
    "stopped",
  );
});

test("a link that asks too much shows the network as it is, and says what was wrong", () => {
  const linked = state({ target: { kind: "preset", id: "copy" }, choice: { step: 9999, memory: null, whole: false } });
  const failed = /** @type {Action} */ ({
    type: "probe/failed",
    key: "k",
    problem: { title: "no", status: 422, detail: "loss_step = 9999: 0 … 49." },
  });
  const now = reduce(linked, failed);
  assert.deepEqual([now.choice.step, now.probe.failedKey], [null, null]);
  assert.match(now.notice ?? "", /^loss_step = 9999: 0 … 49; shown without what the link asks$/);
  const shown = { ...linked, probed: { key: "before", trace: trace() } };
  assert.equal(reduce(shown, failed).choice.step, 9999, "a picture that is there stays, beside the refusal");
  const own = state({ target: { kind: "preset", id: "copy" } });
  assert.equal(reduce(own, failed).probe.problem?.status, 422, "nothing was asked beyond the network itself");
});
