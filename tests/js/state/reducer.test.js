import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../static/js/state/reducer.js";
import { following, run, state, trace } from "../support/traces.js";

test("an unknown action leaves the very same state", () => {
  const before = state();
  assert.equal(reduce(before, { type: "nonsense" }), before);
});

test("opening another network keeps the last picture until there is a new one", () => {
  const before = state({ probed: { key: "k", trace: trace() }, choice: { step: 3, memory: 1, whole: true } });
  const now = reduce(before, { type: "open", target: { kind: "run", id: "r2" }, run: run({ id: "r2" }) });
  assert.equal(now.probed, before.probed);
  assert.deepEqual(now.choice, { step: null, memory: null, whole: true });
  assert.equal(now.live, null);
});

test("a stored snapshot of a run that was left is dropped", () => {
  const before = following({ follow: false, update: 5 });
  assert.equal(reduce(before, { type: "snapshot", target: { kind: "run", id: "gone" }, trace: trace() }), before);
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
