import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_LOOKS, looksOf, looksUpTo } from "../../../../static/js/state/reducers/columns.js";
import { reduce } from "../../../../static/js/state/reducer.js";
import { following, run, state } from "../../support/traces.js";

const frame = (/** @type {any} */ message) => ({
  type: "frame",
  at: 1000,
  message: { run: "r1", attempt: 1, seq: 5, ...message },
});
const one = (/** @type {number} */ value) => new Float32Array([value]);
const verdict = { word: "at chance", label: "at chance", sentence: "a", advice: "b", update: 125 };

const look = (/** @type {number} */ update, /** @type {any} */ more = {}) =>
  frame({
    kind: "look",
    update,
    ...more,
    data: {
      update: new Int32Array([update]),
      health: { saturated: one(NaN), dead: one(0.5), norm_p99: one(Infinity), ...more.health },
      fresh: more.fresh ?? {},
      verdict: more.verdict ?? null,
    },
  });

test("looks grow, fresh examples stand where they were due, and the run has the newest verdict and health", () => {
  let now = reduce(following(), look(100));
  now = reduce(now, look(125, { fresh: { accuracy: one(0.25) }, verdict }));
  now = reduce(now, look(130, { health: { dead: one(0.75) }, verdict }));
  assert.deepEqual(now.looks.update, [100, 125, 130]);
  assert.deepEqual(now.looks.health.dead, [0.5, 0.5, 0.75]);
  assert.deepEqual(now.looks.health.norm_p99, [Infinity, Infinity, Infinity]);
  assert.deepEqual(now.looks.fresh.accuracy, [NaN, 0.25, NaN]);
  assert.equal(now.run?.verdict, verdict);
  assert.deepEqual(now.run?.health, { saturated: null, dead: 0.75, norm_p99: null }, "as the API has it");
});

test("looks that were seen are not doubled, and one more look after the same update replaces the first", () => {
  let now = reduce(following(), look(100));
  now = reduce(now, look(125, { fresh: { accuracy: one(0.25) } }));
  now = reduce(now, look(100));
  now = reduce(now, look(125, { health: { dead: one(0) } }));
  assert.deepEqual(now.looks.update, [100, 125]);
  assert.deepEqual(now.looks.health.dead, [0.5, 0]);
  assert.deepEqual(now.looks.fresh.accuracy, [NaN, 0.25]);
});

test("looks of one state never leak into a fresh one, and none of another run or attempt is taken", () => {
  reduce(following(), look(100));
  assert.deepEqual(reduce(following(), look(7)).looks.update, [7]);
  const before = following({ run: run({ attempt: 2 }) });
  assert.equal(reduce(before, look(5)), before);
  assert.equal(reduce(before, look(5, { run: "other" })), before);
});

test("a reset voids looks and verdict", () => {
  const full = reduce(following(), look(125, { fresh: { loss: one(1) }, verdict }));
  const now = reduce(full, frame({ kind: "rewound", attempt: 2, data: { attempt: 2, seed: 8 } }));
  assert.equal(now.looks, NO_LOOKS);
  assert.deepEqual([now.run?.verdict, now.run?.health], [null, null]);
});

test("queued at an update voids what was later: curves, looks and marks; any other status voids nothing", () => {
  const rows = {
    update: [1, 2, 3],
    loss: [1, 1, 1],
    gradient_norm: [1, 1, 1],
    learning_rate: [1, 1, 1],
    skipped: [0, 0, 0],
    values: { accuracy: [0, 0, 1] },
  };
  const marks = [
    { update: 1, parameters: {} },
    { update: 3, parameters: {} },
  ];
  let full = reduce(reduce(reduce(following(), look(1)), look(2, { fresh: { loss: one(1) } })), look(3));
  full = { ...full, metrics: rows, marks };
  const status = (/** @type {string} */ word) =>
    reduce(full, frame({ kind: "status", update: 2, data: { status: word, parameters: {} } }));
  const queued = status("queued");
  assert.deepEqual(
    [queued.metrics.update, queued.metrics.values.accuracy, queued.looks.update],
    [
      [1, 2],
      [0, 0],
      [1, 2],
    ],
  );
  assert.deepEqual(
    [queued.looks.health.dead, queued.looks.fresh.loss],
    [
      [0.5, 0.5],
      [NaN, 1],
    ],
  );
  assert.deepEqual(queued.marks, [marks[0]]);
  assert.equal(status("failed").looks, full.looks);
  assert.equal(looksUpTo(full.looks, 3), full.looks);
  assert.deepEqual(reduce(queued, look(3)).looks.update, [1, 2, 3], "the next ones are taken");
});

test("looks of a metrics route have NaN where JSON has null", () => {
  const target = { kind: "preset", id: "copy" };
  const looks = { update: [0, 125], health: { dead: [null, 0.5] }, fresh: { loss: [null, 1] } };
  const curves = { update: [], loss: [], gradient_norm: [], learning_rate: [], skipped: [], values: {}, changes: [] };
  const now = reduce(state({ target }), { type: "metrics", target, ...curves, looks });
  assert.deepEqual(now.looks, { update: [0, 125], health: { dead: [NaN, 0.5] }, fresh: { loss: [NaN, 1] } });
  assert.deepEqual(looksOf({ update: [], health: {}, fresh: {} }), NO_LOOKS);
});
