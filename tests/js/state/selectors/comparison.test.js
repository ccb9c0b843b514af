import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { NO_METRICS } from "../../../../static/js/state/reducers/columns.js";
import {
  baselineCurves,
  compared,
  differenceTrace,
  unlike,
  wantedBaseline,
} from "../../../../static/js/state/selectors/comparison.js";
import { fromHash, toHash } from "../../../../static/js/state/url/state.js";
import { following, other, pinned, state, target, trace } from "../../support/traces.js";

test("the difference is own minus baseline in every cell that either of them reads", () => {
  const merged = differenceTrace(trace(), other, "two");
  const cells = Array.from(merged.attention.reader, (reader, index) => [
    reader,
    merged.attention.source[index],
    merged.attention.weight[index],
  ]);
  assert.deepEqual(cells, [
    [1, -1, 0],
    [1, 0, 0.1],
    [4, 0, 0.93 - 0.25],
    [4, -1, 0.07],
    [4, 2, -0.75],
  ]);
  assert.deepEqual(merged.versus, { name: "two", own: [0.9, 0.1, 0.93, 0.07, 0], base: [0.9, 0, 0.25, 0, 0.75] });
});

test("memories of both are columns, also where k_att differs", () => {
  const sparse = trace({ memories: [-1, 1, 3], attention: { reader: [4], source: [3], weight: [1], score: [] } });
  assert.deepEqual(differenceTrace(sparse, other, "two").memories, [-1, 0, 1, 2, 3]);
});

test("another task, another length or other symbols give words instead of a picture", () => {
  assert.equal(unlike(trace(), other, "two"), "");
  assert.match(
    unlike(trace(), trace({ task: { name: "adding" } }), "two"),
    /“two” is adding with 5 steps, this network is copy with 5 steps/,
  );
  assert.match(unlike(trace(), trace({ steps: 9 }), "two"), /copy with 9 steps/);
  assert.match(unlike(trace(), trace({ inputs: [1, 8, 8, 9, 8] }), "two"), /another sequence/);
  assert.match(compared(pinned(), trace({ steps: 9 })).message, /Pin a baseline of the same task and length/);
  assert.equal(compared(pinned({ difference: false }), trace({ steps: 9 })).message, "");
});

test("a baseline stays when another network comes into view, and goes only when it is released", () => {
  let now = reduce(pinned(), { type: "open", target: { kind: "preset", id: "copy" } });
  assert.equal(now.baseline?.name, "two");
  now = reduce(now, { type: "baseline/release" });
  assert.deepEqual([now.baseline, now.difference], [null, false]);
});

test("what the baseline lacks is asked for, once for each example", () => {
  assert.equal(wantedBaseline(pinned()), null);
  assert.deepEqual(wantedBaseline(pinned({ example: 3 })), { target, example: 3 });
  const late = reduce(state(), { type: "baseline/loaded", target, trace: other, metrics: null });
  assert.equal(late.baseline, null, "an answer for a baseline that was released is dropped");
});

test("a network is not compared with its own curves, nor with those of another task", () => {
  const metrics = { ...NO_METRICS, update: [1] };
  const full = pinned({ baseline: { target, name: "two", trace: other, metrics, problem: null } });
  assert.equal(baselineCurves(full)?.name, "two");
  assert.equal(baselineCurves({ ...full, target }), null);
  assert.equal(
    baselineCurves({
      ...full,
      baseline: { target, name: "two", trace: trace({ task: { name: "adding" } }), metrics, problem: null },
    }),
    null,
  );
});

test("baseline and difference travel in the link", () => {
  const { view } = fromHash(toHash(pinned()));
  assert.deepEqual([view.baseline?.target, view.difference], [target, true]);
  assert.equal(fromHash("#preset=copy&baseline=run.<x>").view.baseline, null);
});

test("a reset leaves the curves and the picture so far, to be laid over the next attempt", () => {
  const metrics = { ...NO_METRICS, update: [1, 2] };
  const before = following({ metrics, live: trace() });
  const rewound = {
    type: "frame",
    at: 0,
    message: { kind: "rewound", run: "r1", attempt: 2, data: { attempt: 2, seed: 4, kept: "r2" } },
  };
  let now = reduce(before, rewound);
  assert.deepEqual([now.metrics.update, now.earlier?.attempt, now.earlier?.baseline.metrics?.update], [[], 1, [1, 2]]);
  now = reduce(now, { type: "baseline/earlier" });
  assert.equal(baselineCurves(now)?.name, "attempt 1", "the run is compared with its own past");
  assert.deepEqual(wantedBaseline({ ...now, example: 3 })?.target, { kind: "run", id: "r2" }, "a run keeps it");
  assert.equal(toHash(now), "run=r1&baseline=run.r2", "a link brings it back");
  const next = { ...rewound, message: { ...rewound.message, attempt: 3, data: { attempt: 3, seed: 4, kept: null } } };
  assert.equal(reduce(now, next).earlier?.attempt, 1, "an attempt without an update takes nobody's place");
});
