import assert from "node:assert/strict";
import { test } from "node:test";

import { createPainter } from "../../../static/js/draw/painter.js";
import { reduce } from "../../../static/js/state/reducer.js";
import { createStore } from "../../../static/js/state/store.js";
import { following, run } from "../support/traces.js";

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
