import assert from "node:assert/strict";
import { test } from "node:test";

import { sparkFigure, HEIGHT, WIDTH } from "../../../static/js/panels/health/figure.js";
import { percent, plain } from "../../../static/js/panels/health/numbers.js";
import { optionsOf } from "../../../static/js/panels/health/facts.js";
import { healthRows, lookAt, looksInView, noLook } from "../../../static/js/panels/health/selector.js";
import { NO_LOOKS } from "../../../static/js/state/reducers/columns.js";
import { usual } from "../support/health.js";
import { following, run, state } from "../support/traces.js";

test("numbers are short, and what is not all or nothing is not said to be", () => {
  assert.deepEqual([0, 1e-6, 0.001, 0.0456, 0.0999, 0.1, 0.407, 0.9999, 1, NaN].map(percent), [
    ...["0 %", "< 0.1 %", "0.1 %", "4.6 %", "10.0 %", "10 %", "41 %", "99 %", "100 %", "–"],
  ]);
  assert.deepEqual(
    [0, 0.0012345, 0.0000123, 0.443, 12.34, Infinity, NaN].map((value) => plain(value)),
    [...["0", "0.0012", "0.000012", "0.44", "12", "∞", "–"]],
  );
  assert.equal(plain(9.8e-21), "9.8·10⁻²¹");
  assert.equal(plain(1e7, 3), "1.00·10⁷");
  assert.equal(plain(2.2208, 3), "2.22");
});

const health = { saturated: [0.1, 0.4], dead: [0, 0.6], norm_median: [1, 2], norm_p99: [3, 40] };

test("each row has the number of the chosen look, exactly, and a dash where there is none", () => {
  const looks = { update: [0, 125], health, fresh: {} };
  const rows = healthRows(looks, 1, usual);
  assert.deepEqual(
    rows.map(({ key, value, shown }) => [key, value, shown]),
    [
      ["saturated", "0.4", "40 %"],
      ["dead", "0.6", "60 %"],
      ["near_tied", "NaN", "–"],
      ["largest_state", "NaN", "–"],
      ["moved_recurrent", "NaN", "–"],
      ["moved_scorer", "NaN", "–"],
      ["moved_readout", "NaN", "–"],
      ["norm", "2 40", "2 … 40"],
    ],
  );
  assert.deepEqual(rows[7].past, [health.norm_median, health.norm_p99]);
  assert.equal(healthRows(looks, 0, usual)[1].value, "0");
});

test("the look in view is the newest, or the last one up to the update in view", () => {
  assert.deepEqual(
    [null, 500, 125, 124, 0, -1].map((shown) => lookAt([0, 125, 250], shown)),
    [2, 2, 1, 0, 0, -1],
  );
  assert.equal(lookAt([], null), -1);
});

test("a preset shows the looks of its training, else the one that it has with it", () => {
  const presets = [{ name: "copy", pretrained: true, update: 5500, health: { dead: 0.25, saturated: null }, spec: {} }];
  const bare = state({ presets, target: { kind: "preset", id: "copy" } });
  assert.deepEqual(looksInView(bare), { update: [5500], health: { dead: [0.25], saturated: [NaN] }, fresh: {} });
  const looks = { update: [125], health, fresh: {} };
  assert.equal(looksInView({ ...bare, looks }), looks);
  const before = [{ ...presets[0], health: null }];
  assert.equal(looksInView({ ...bare, presets: before }), NO_LOOKS);
  assert.match(noLook({ ...bare, presets: before }, NO_LOOKS), /was not recorded/);
  assert.match(noLook(state({ target: { kind: "checkpoint", id: "x" } }), NO_LOOKS), /stored network/);
  assert.match(
    noLook(state({ presets: [{ name: "n", pretrained: false }], target: { kind: "preset", id: "n" } }), NO_LOOKS),
    /Train/,
  );
  assert.match(noLook(following(), NO_LOOKS), /^No look/);
  assert.match(noLook(following(), looks), /up to this update/);
});

test("what the sentences depend on is read off the run, and a past look is not judged by the present", () => {
  const spec = {
    task: { name: "copy" },
    model: { method: "sab", k_top: 5, normalizer: "softmax", variant: "paper" },
    training: { sum_floor: 0.1, scorer_rate: 0.3, clip_norm: 0.5 },
  };
  const verdict = { word: "standing still", label: "", sentence: "", advice: "", update: 1 };
  const one = following({ run: run({ spec, verdict, parameters: { k_top: 5, clip_norm: 0 } }) });
  const at = (/** @type {number} */ update) => /** @type {const} */ ([{ update: [update], health, fresh: {} }, 0]);
  const wanted = { ...usual, softmax: true, stuck: true, floor: true, slow_scorer: true, clipped: false, clip: "0" };
  assert.deepEqual(optionsOf(one, ...at(125)), wanted);
  const back = optionsOf({ ...one, follow: false, update: 10 }, ...at(10));
  assert.deepEqual(back, { ...wanted, stuck: false, clipped: true, clip: "0.5" }, "it was turned off later");
  assert.equal(optionsOf(one, ...at(0)).updated, false);
  const resumed = { update: [500], health: { ...health, norm_median: [NaN], norm_p99: [NaN] }, fresh: {} };
  assert.equal(optionsOf(one, resumed, 0).noted, false);
  assert.deepEqual(healthRows(resumed, 0, optionsOf(one, resumed, 0))[7].said, {
    text: "Nothing measured: no update since the run was taken up again.",
    trouble: false,
  });
  const method = (/** @type {string} */ name, k_top = 5) =>
    optionsOf(
      following({ run: run({ spec: { ...spec, model: { ...spec.model, method: name } }, parameters: { k_top } }) }),
      ...at(1),
    );
  assert.deepEqual(
    [method("sab"), method("attention"), method("tbptt"), method("bptt"), method("sab", 0)].map((each) => each.reads),
    [true, true, false, false, false],
  );
});

test("a spark stays inside its box, leaves out what has no place, and has its dot at the look in view", () => {
  const updates = [0, 50, 100];
  const share = sparkFigure(updates, [[0, 0.5, 1]], 1, "share");
  assert.equal(share.lines.length, 1);
  assert.deepEqual(share.dot, { x: WIDTH / 2, y: HEIGHT / 2 });
  const numbers = [...share.lines[0].matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  assert.ok(numbers.every(([x, y]) => x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT));
  const band = sparkFigure(
    updates,
    [
      [1, 1, 1],
      [10, 100, 10],
    ],
    2,
    "log",
  );
  assert.match(band.band ?? "", /^M.*Z$/);
  const gaps = sparkFigure(updates, [[NaN, 0, Infinity]], 1, "log");
  assert.deepEqual(gaps, { lines: [], band: null, dot: null });
  assert.deepEqual(sparkFigure([7], [[0.3]], 0, "log").dot, { x: WIDTH / 2, y: HEIGHT / 2 });
  assert.deepEqual(sparkFigure([], [[]], -1, "share"), { lines: [], band: null, dot: null });
});
