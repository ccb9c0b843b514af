import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { nameOf, wantedBaseline } from "../../../../static/js/state/selectors/comparison.js";
import {
  countedUpdate,
  distinctNames,
  hasPicture,
  otherThanPreset,
  presetNote,
  progress,
  resetHint,
  trainHint,
  trainWish,
  verdictKind,
  verdictWords,
} from "../../../../static/js/state/selectors/runs.js";
import { statusParts, statusText } from "../../../../static/js/page/words/status.js";
import { following, run, state, trace } from "../../support/traces.js";

const presets = [{ name: "copy", title: "Copy, 30 steps", pretrained: true, metrics: {}, spec: {} }];

test("runs of one name are numbered from the oldest on, so that no two are called the same", () => {
  const runs = [run({ id: "c", name: "copy" }), run({ id: "b", name: "other" }), run({ id: "a", name: "copy" })];
  assert.deepEqual(
    [...distinctNames(runs)],
    [
      ["a", "copy"],
      ["b", "other"],
      ["c", "copy · 2"],
    ],
  );
  assert.equal(nameOf(state({ runs }), { kind: "run", id: "c" }), "copy · 2");
});

test("while a run trains all counters show the update of its picture, else that of the run", () => {
  const live = trace({ update: 8 });
  assert.equal(countedUpdate(following({ live })), 8);
  assert.equal(countedUpdate(following({ live, follow: false })), 10);
  assert.equal(countedUpdate(following({ live, run: run({ status: "diverged" }) })), 10);
  assert.equal(countedUpdate(following()), 10);
  assert.equal(countedUpdate(state()), null);
  const shown = following({ live, liveAt: 1 });
  assert.match(statusText(shown, live, "live", 1), /^running · update 8 ·/);
  assert.deepEqual(statusParts(shown, live, "live", 1).said, ["running"], "figures are not read aloud");
});

test("a queued run says what it waits for, a run stands at its update with its accuracy", () => {
  const queued = run({ status: "queued", waits: "a worker process to start" });
  assert.equal(progress(queued, 0), "queued, waits for a worker process to start");
  assert.match(
    statusText(following({ run: queued }), null, "loading", 0),
    /^queued, waits for a worker process to start · update/,
  );
  assert.equal(progress(run({ metrics: { accuracy: 0 } }), 1200), "running · update 1,200 · batch accuracy 0");
});

test("a paused run at update 0 says which button goes on, and Reset says what it will do", () => {
  assert.match(
    statusText(following({ run: run({ status: "paused", update: 0 }) }), null, "live", 0),
    /press Resume to train/,
  );
  assert.doesNotMatch(statusText(following({ run: run({ status: "paused" }) }), null, "live", 0), /Resume/);
  assert.deepEqual(
    ["paused", "running", "stopped"].map((status) => resetHint(run({ status, update: 0 }), "same seed")),
    ["it stays paused until Resume", "it trains on from there", "it trains at once"].map(
      (then) => `back to update 0, same seed; ${then}`,
    ),
  );
  assert.match(resetHint(run({ update: 7 }), "next seed"), /next seed; .*; this attempt is kept in Runs$/);
  assert.match(
    resetHint(run({ update: 900, parent: { run: "r0", update: 500 } }), "same seed"),
    /^back to update 500, where it branched off/,
  );
});

test("one skipped update is one update", () => {
  assert.match(
    statusText(following({ run: run({ skipped: 1 }) }), null, "live", 0),
    / 1 update skipped \(gradient not finite\)/,
  );
});

test("the box of presets names what is in view when that is no preset", () => {
  const own = following({ presets, run: run({ spec: { task: { name: "copy", T: 764 }, model: {}, training: {} } }) });
  assert.equal(otherThanPreset(own), "own run of copy T=764");
  assert.equal(otherThanPreset(following({ presets, run: run({ preset: "copy" }) })), "run of Copy, 30 steps");
  assert.equal(otherThanPreset(state({ presets, target: { kind: "checkpoint", id: "x" } })), "a stored network");
  assert.equal(otherThanPreset(state({ presets, target: { kind: "preset", id: "copy" } })), null);
  const before = state({ presets, target: { kind: "preset", id: "copy" }, preset: "copy" });
  assert.equal(reduce(before, { type: "open", target: { kind: "run", id: "r1" }, run: run() }).preset, null);
});

test("Train starts what is in view, and says so when another run goes on beside it", () => {
  assert.deepEqual(trainWish(state({ preset: "copy", target: { kind: "preset", id: "copy" } })), { preset: "copy" });
  assert.deepEqual(
    trainWish(following({ run: run({ preset: "copy-10" }) })),
    { preset: "copy-10", ...run().spec },
    "a run of a preset with another seed is repeated with that seed",
  );
  assert.deepEqual(trainWish(following()), run().spec);
  assert.equal(trainWish(state({ target: { kind: "checkpoint", id: "x" } })), null);
  assert.deepEqual(
    ["queued", "running", "paused", "finished"].map((status) => trainHint(following({ run: run({ status }) })).beside),
    [true, true, true, false],
  );
});

test("a run without a picture is no baseline yet, and becomes one by itself", () => {
  const target = { kind: /** @type {const} */ ("run"), id: "r1" };
  const queued = following({
    runs: [run({ snapshots: 0 })],
    baseline: { target, name: "one", trace: null, metrics: null, problem: null },
  });
  assert.equal(hasPicture(queued, target), false);
  assert.equal(wantedBaseline(queued), null, "what the server cannot have is not asked");
  assert.deepEqual(wantedBaseline({ ...queued, live: trace() }), { target, example: 0 });
  assert.equal(hasPicture(state({ runs: [run({ snapshots: 3 })] }), target), true);
});

test("behind a preset stands how many seeds learn it and how fast, where that was measured", () => {
  const note = (/** @type {number} */ reached, /** @type {number | null} */ seconds) =>
    presetNote({ pretrained: false, learning: { reached, of: 10, seconds } });
  assert.equal(note(10, 1.3), " · 10 of 10 learn, 1 s");
  assert.equal(note(9, 0.2), " · 9 of 10 learn, 1 s");
  assert.equal(note(9, 23.4), " · 9 of 10 learn, 23 s");
  assert.equal(note(0, null), " · 0 of 10 learn");
  assert.equal(presetNote({ pretrained: false, learning: null }), "");
  assert.equal(presetNote({ pretrained: true, learning: null }), " (trained)");
  const learning = { reached: 19, of: 20, seconds: 17.2 };
  assert.equal(presetNote({ pretrained: true, learning }), " (trained) · 19 of 20 learn, 17 s");
});

test("every verdict has a look of its kind, and its words are the server's", () => {
  const said = (/** @type {any} */ word) => ({ word, label: word, sentence: "It is so.", advice: "", update: 1 });
  const kinds = [
    "learned",
    "learning",
    "at chance",
    "standing still",
    "lost again",
    "scorer saturated",
    "attention dead",
  ];
  assert.deepEqual(
    [...kinds, "diverged"].map((word) => verdictKind(said(word))),
    ["good", "plain", "plain", "caution", "caution", "caution", "bad", "bad"],
  );
  assert.equal(verdictWords(said("learned")), "It is so.");
  assert.equal(verdictWords({ ...said("at chance"), advice: "Wait." }), "It is so. Wait.");
});

test("a row tells the metric of its task, an error too", () => {
  const words = (/** @type {object} */ metrics) => progress(run({ status: "finished", metrics }), 40);
  assert.equal(words({ mse: 0.0123 }), "finished · update 40 · batch mse 0.0123");
  assert.equal(words({ accuracy: 0, ce: 2 }), "finished · update 40 · batch accuracy 0");
  assert.equal(words({ loss: 2 }), "finished · update 40");
});
