import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest } from "../../static/js/state/reducers/nearest.js";
import { specFrom } from "../../static/js/controls/run_form.js";
import { grouped, intervals, knobText, readable } from "../../static/js/draw/numbers.js";
import { createPainter } from "../../static/js/draw/painter.js";
import { statusText } from "../../static/js/page/words/status.js";
import { reduce } from "../../static/js/state/reducer.js";
import { createStore } from "../../static/js/state/store.js";
import { symbol } from "../../static/js/wire/trace.js";
import { following, run, state, trace } from "./support/traces.js";

test("zero, tiny and non-finite read differently", () => {
  assert.deepEqual(
    [0, 1e-30, NaN, null, 0.25, 123456].map((value) => readable(value)),
    ["0 exactly", "1.00·10⁻³⁰", "not finite", "not finite", "0.25", "1.23·10⁵"],
  );
});

test("numbers for people", () => {
  assert.equal(grouped(1234567), "1\u202f234\u202f567");
  assert.equal(
    intervals([
      [36, 40],
      [0, 0],
    ]),
    "36–40, 0",
  );
  assert.equal(intervals([]), "no step");
  assert.deepEqual([knobText("k_trunc", 0), knobText("k_top", 0), knobText("k_top", 10_000)], ["∞", "0", "all"]);
});

test("symbols go by their names, values by their digits, nothing by a dash", () => {
  const shown = trace();
  assert.deepEqual(
    [3, 9, null, 0.123, [0.5, 1]].map((value) => symbol(shown, value)),
    ["D", "▸", "–", "0.12", "0.50 1"],
  );
});

test("the scrubber stands only on stored updates", () => {
  assert.deepEqual([nearest([], 5), nearest([0, 100, 250], 170), nearest([0, 100, 250], 9999)], [null, 100, 250]);
});

test("a run of one's own leaves empty fields to the server, and numbers are numbers", () => {
  const entries = /** @type {[string, string][]} */ ([
    ["task.name", "copy"],
    ["task.T", "50"],
    ["task.items", ""],
    ["model.k_top", "five"],
    ["name", " x "],
  ]);
  assert.deepEqual(specFrom(entries), { task: { name: "copy", T: 50 }, model: { k_top: "five" }, name: "x" });
});

test("the status line says what is going on, and how old the picture is", () => {
  const live = following({ liveAt: 1000, run: run({ update: 4200, updates_per_s: 151.6, skipped: 2 }) });
  assert.equal(
    statusText(live, trace(), "live", 1400),
    "running · update 4\u202f200 · 152 updates/s · last frame 0.4 s ago · 2 updates skipped (gradient not finite)",
  );
  const lost = following({ link: { status: "lost", retryAt: 5000 }, run: run({ status: "paused" }) });
  assert.equal(statusText(lost, trace(), "stale", 1000), "paused · update 10 · link lost, reconnecting in 4 s");
  const waiting = state({ probe: { key: "k", since: 0, problem: null, failedKey: null } });
  assert.equal(statusText(waiting, trace(), "stale", 3000), "computing, 3 s");
});

test("one frame takes everything that came, and idle pages ask for none", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  const queue = [{ kind: "gap", run: "r1", from: 1, to: 2, reason: "x" }, { kind: "nothing" }];
  const store = createStore(reduce, following());
  let painted = 0;
  const painter = createPainter(
    store,
    () => queue.splice(0),
    (error) => {
      throw error;
    },
  );
  painter.add({
    every: 0,
    paint: () => {
      painted += 1;
    },
  });
  painter.request();
  assert.equal(frames.length, 1, "many wishes, one frame");
  frames.shift()?.(16);
  assert.equal(painted, 1);
  assert.match(store.get().gap ?? "", /events 1 to 2/);
  frames.shift()?.(32);
  assert.equal(frames.length, 0, "nothing changed, so nothing is asked for");
});

test("while frames rush in, a slow panel paints at its own pace; a person's click is painted at once", () => {
  /** @type {((now: number) => void)[]} */
  const frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  const store = createStore(reduce, following());
  let painted = 0;
  const painter = createPainter(
    store,
    () => [],
    (error) => {
      throw error;
    },
  );
  painter.add({
    every: 1000,
    paint: () => {
      painted += 1;
    },
  });
  frames.shift()?.(5000);
  for (let now = 5016; now < 5900; now += 16) {
    store.dispatch({ type: "frame", at: now, message: { kind: "runs", runs: [] } });
    frames.shift()?.(now);
  }
  assert.equal(painted, 1);
  store.dispatch({ type: "view/step", step: 1 });
  frames.shift()?.(5950);
  assert.equal(painted, 2);
});
