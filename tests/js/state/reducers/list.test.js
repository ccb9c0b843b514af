import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { following, run, state, trace } from "../../support/traces.js";

const row = (/** @type {string} */ id, /** @type {any} */ view) => ({ type: "row", run: id, view });
const frame = (/** @type {any} */ message) => ({ type: "frame", at: 0, message });
const ids = (/** @type {State} */ { runs }) => runs.map((one) => one.id);

const A = run({ id: "a", created: "2026-01-01" });
const B = run({ id: "b", created: "2026-01-02" });
const C = run({ id: "c", created: "2026-01-03" });

test("a row changes its run alone, and every other row stays the same object", () => {
  const before = state({ runs: [C, B, A] });
  const now = reduce(before, row("b", { ...B, status: "stopped" }));
  assert.deepEqual(ids(now), ["c", "b", "a"]);
  assert.equal(now.runs[1].status, "stopped");
  assert.equal(now.runs[0], before.runs[0]);
  assert.equal(now.runs[2], before.runs[2]);
});

test("a new run stands first, one that was deleted goes, and one older than the list stays out of it", () => {
  assert.deepEqual(ids(reduce(state({ runs: [B] }), row("c", C))), ["c", "b"]);
  assert.deepEqual(ids(reduce(state({ runs: [C, B] }), row("c", null))), ["b"]);
  assert.deepEqual(ids(reduce(state({ runs: [C, B] }), row("a", A))), ["c", "b"]);
  assert.deepEqual(ids(reduce(state({ runs: [] }), row("a", A))), ["a"]);
});

test("rows come over the stream for every run, not for the one in view alone", () => {
  const now = reduce(following({ runs: [A] }), frame({ kind: "row", run: "b", view: B }));
  assert.deepEqual(ids(now), ["b", "a"]);
});

test("a run in view whose row is gone is said to be deleted, and its picture stays", () => {
  const before = following({ live: trace() });
  const now = reduce(before, row("r1", null));
  assert.match(now.problem?.detail ?? "", /deleted/);
  assert.equal(now.live, before.live);
});

test("a run in view that is older than the page that was sent is not said to be deleted", () => {
  const before = following({ live: trace() });
  const part = reduce(before, frame({ kind: "runs", runs: [B], total: 7 }));
  assert.equal(part.problem, null);
  assert.match(reduce(before, frame({ kind: "runs", runs: [B], total: 1 })).problem?.detail ?? "", /deleted/);
});

test("a row brings news of the run in view, but nothing older than its events", () => {
  const before = following({ run: run({ seq: 10, update: 40 }) });
  assert.equal(reduce(before, row("r1", run({ seq: 9, update: 30 }))).run?.update, 40);
  assert.equal(reduce(before, row("r1", run({ seq: 11, update: 41, status: "stopped" }))).run?.status, "stopped");
});
