import assert from "node:assert/strict";
import { test } from "node:test";

import { createPlayback } from "../../../../static/js/drivers/playback.js";
import { reduce } from "../../../../static/js/state/reducer.js";
import { wantedProbe } from "../../../../static/js/state/selectors.js";
import { canAsk, historyNote, nextToPlay, weightsKey } from "../../../../static/js/state/selectors/history.js";
import { createStore } from "../../../../static/js/state/store.js";
import { following, run, state, trace } from "../../support/traces.js";

const presets = [{ name: "copy", update: 400, history: true, pretrained: true, metrics: {}, spec: {} }];
const target = { kind: "preset", id: "copy" };
const back = (/** @type {any} */ change = {}) =>
  state({
    target,
    presets,
    follow: false,
    update: 100,
    snapshots: [0, 100, 400],
    stored: trace({ update: 100 }),
    ...change,
  });

test("playback shows every snapshot of a short run, and skips evenly through a long one", () => {
  assert.deepEqual(nextToPlay([0, 10, 20], null)?.update, 0);
  assert.deepEqual(nextToPlay([0, 10, 20], 10)?.update, 20);
  assert.equal(nextToPlay([0, 10, 20], 20), null);
  const many = Array.from({ length: 400 }, (_, index) => index * 10);
  const second = nextToPlay(many, 0);
  assert.ok(second && second.update > 10 && second.wait >= 90);
});

test("weights of an update in the past can be asked only where they are stored", () => {
  assert.equal(canAsk(back()), false);
  assert.equal(canAsk(back({ update: 400 })), true, "the last update is the network itself");
  const old = following({ run: run({ status: "finished", update: 300 }), follow: false, update: 100, networks: [200] });
  assert.equal(canAsk(old), false);
  assert.equal(canAsk({ ...old, update: 200 }), true);
  assert.equal(wantedProbe(back({ choice: { step: 2, memory: null, whole: false } })), null);
});

test("what cannot be asked is said in words, and only then", () => {
  assert.equal(historyNote(back()), "");
  assert.match(
    historyNote(back({ choice: { step: 2, memory: null, whole: false } })),
    /update 100 are of the loss at step 4, example 0; only the last update/,
  );
  const old = following({
    run: run({ status: "finished" }),
    follow: false,
    update: 100,
    networks: [200, 90],
    stored: trace({ update: 100 }),
    example: 3,
  });
  assert.match(historyNote(old), /update 90 has its weights stored/);
});

test("a link to an update that was thinned away stands on its neighbour", () => {
  const now = reduce(back({ snapshots: [], update: 130 }), {
    type: "snapshots",
    target,
    updates: [0, 100, 400],
    networks: [],
  });
  assert.deepEqual([now.update, now.snapshots], [100, [0, 100, 400]]);
});

test("a link to an update of a network that stores none shows the last one, and says so", () => {
  const now = reduce(back({ snapshots: [], update: 4000 }), { type: "snapshots", target, updates: [], networks: [] });
  assert.deepEqual([now.follow, now.update], [true, null]);
  assert.match(now.notice ?? "", /^update = 4000: no update of this network is stored but the last/);
});

test("curves that come over HTTP hold NaN where JSON has null, and only for the network in view", () => {
  const answer = {
    type: "metrics",
    target,
    update: [1, 2],
    loss: [1, null],
    gradient_norm: [1, 1],
    learning_rate: [1, 1],
    skipped: [0, 1],
    values: { accuracy: [null, 1] },
    changes: [],
    looks: { update: [], health: {}, fresh: {} },
  };
  const now = reduce(back(), answer);
  assert.deepEqual(
    [now.metrics.loss, now.metrics.values.accuracy],
    [
      [1, NaN],
      [NaN, 1],
    ],
  );
  const other = back({ target: { kind: "run", id: "r1" } });
  assert.equal(reduce(other, answer), other);
});

test("answers are remembered for weights that stand still, and for no others", () => {
  assert.equal(weightsKey(following()), null);
  assert.ok(weightsKey(following({ run: run({ status: "paused" }) })));
  assert.notEqual(
    weightsKey(following({ run: run({ status: "paused" }) })),
    weightsKey(following({ run: run({ status: "paused", params_version: 2 }) })),
  );
  assert.equal(weightsKey(back()), "preset copy");
});

test("Play begins at the first snapshot, waits for each picture, and any other input stops it", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {Record<string, (event: any) => void>} */
  const heard = {};
  globalThis.document = /** @type {any} */ ({
    addEventListener: (/** @type {string} */ type, /** @type {any} */ listener) => {
      heard[type] = listener;
    },
  });
  globalThis.Node = /** @type {any} */ (class {});
  globalThis.KeyboardEvent = /** @type {any} */ (class {});
  let press = () => {};
  const button = /** @type {any} */ ({
    addEventListener: (/** @type {string} */ _, /** @type {any} */ listener) => {
      press = listener;
    },
    contains: () => false,
  });
  const store = createStore(
    reduce,
    state({ target, presets, snapshots: [0, 100, 400], probed: { key: "", trace: trace({ update: 400 }) } }),
  );
  const arrive = () => store.dispatch({ type: "snapshot", target, trace: trace({ update: store.get().update }) });
  createPlayback(store, button);
  press();
  assert.deepEqual([store.get().update, store.get().playing], [0, true]);
  context.mock.timers.tick(5000);
  assert.equal(store.get().update, 0, "the picture has not come yet");
  arrive();
  context.mock.timers.tick(5000);
  assert.equal(store.get().update, 100);
  arrive();
  heard.keydown({ type: "keydown", target: null });
  context.mock.timers.tick(5000);
  assert.deepEqual([store.get().update, store.get().playing], [100, false]);
  press();
  arrive();
  context.mock.timers.tick(5000);
  arrive();
  context.mock.timers.tick(5000);
  assert.deepEqual([store.get().update, store.get().playing], [400, false], "it ends at the last");
});
