import assert from "node:assert/strict";
import { test } from "node:test";

import { drawCrosshair } from "../../../../static/js/draw/layers/crosshair.js";
import { statusText } from "../../../../static/js/page/words/status.js";
import { reduce } from "../../../../static/js/state/reducer.js";
import { pinsOf, rangeOf, rangeSums } from "../../../../static/js/panels/ranges/selector.js";
import { stepFacts } from "../../../../static/js/panels/step/selector.js";
import { timeAxis } from "../../../../static/js/draw/time_axis.js";
import { fromHash, toHash } from "../../../../static/js/state/url/state.js";
import { state, trace } from "../../support/traces.js";

const pin = (/** @type {State} */ before, /** @type {number} */ step) => reduce(before, { type: "kept/pin", step });

test("a second press lets a pin go, and a fourth pin is refused with a reason", () => {
  let now = [4, 1, 2].reduce(pin, state());
  assert.deepEqual(now.pins, [4, 1, 2]);
  now = pin(now, 3);
  assert.deepEqual(now.pins, [4, 1, 2]);
  assert.match(now.notice ?? "", /3 steps are pinned already; release one/);
  now = pin(now, 1);
  assert.deepEqual([now.pins, now.notice], [[4, 2], null]);
});

test("Esc lets go of memory, range, pins from the last to the first, and then the step", () => {
  let now = state({ choice: { step: 4, memory: 0, whole: false }, pins: [1, 2], range: [0, 3] });
  const left = [];
  for (let press = 0; press < 5; press += 1) {
    now = reduce(now, { type: "view/release" });
    left.push([now.choice.memory, now.range, now.pins.length, now.choice.step]);
  }
  assert.deepEqual(left, [
    [null, [0, 3], 2, 4],
    [null, null, 2, 4],
    [null, null, 1, 4],
    [null, null, 0, 4],
    [null, null, 0, null],
  ]);
});

test("the number of pins is told in the status line", () => {
  assert.match(statusText(state({ pins: [1, 2] }), trace(), "live", 0), /2 of 3 steps pinned/);
});

test("pins and range travel in the link", () => {
  const before = state({ target: { kind: "preset", id: "copy" }, pins: [40, 3], range: [40, 49] });
  const { view } = fromHash(toHash(before));
  assert.deepEqual(
    [view.pins, view.range],
    [
      [40, 3],
      [40, 49],
    ],
  );
  assert.deepEqual(fromHash("#preset=copy&pins=1_2_3_4&range=9-2").view.range, null);
});

test("a range may be drawn from either end, and pins beyond the sequence are not shown", () => {
  assert.deepEqual(reduce(state(), { type: "kept/range", range: [9, 2] }).range, [2, 9]);
  assert.deepEqual(pinsOf(state({ pins: [4, 7] }), trace()), [4]);
  assert.deepEqual(rangeOf(state({ range: [2, 9] }), trace()), [2, 4]);
  assert.equal(rangeOf(state({ range: [7, 9] }), trace()), null);
});

test("the sums of a range are the sums of its rows, and the mean is per step of the range", () => {
  const { rows, steps, total } = rangeSums(trace(), [1, 4]);
  assert.equal(steps, 4);
  assert.deepEqual(
    rows.map(({ source, readers }) => [source, readers]),
    [
      [0, 2],
      [-1, 2],
    ],
  );
  assert.equal(rows[0].sum, 0.1 + 0.93);
  assert.equal(rows[0].mean, (0.1 + 0.93) / 4);
  assert.ok(Math.abs(total - 2) < 1e-12);
  assert.deepEqual(rangeSums(trace(), [2, 3]).rows, []);
});

test("a weight that is not finite makes its sum not finite, a weight of 0 is no reader", () => {
  const attention = { reader: [1, 4, 4], source: [0, 0, 3], weight: [null, 1, 0], score: [] };
  const { rows } = rangeSums(trace({ attention }), [0, 4]);
  assert.ok(rows.find((row) => row.source === 0 && Number.isNaN(row.sum)));
  assert.equal(rows.find((row) => row.source === 3)?.readers, 0);
});

test("one step in numbers", () => {
  assert.deepEqual(stepFacts(trace(), 4), {
    step: 4,
    input: "·",
    target: "D",
    says: "D",
    right: true,
    loss: 0.1,
    sources: [0],
    top: { source: 0, weight: 0.93 },
    norm: 1.2,
  });
  assert.equal(stepFacts(trace(), 0).top, null);
});

test("pins and the range are drawn on the shared axis", () => {
  /** @type {any} */ (globalThis).document = {
    createElementNS: (/** @type {string} */ _, /** @type {string} */ tag) => ({
      tag,
      attributes: /** @type {any} */ ({}),
      setAttribute(/** @type {string} */ name, /** @type {string} */ value) {
        this.attributes[name] = value;
      },
      append() {},
      addEventListener() {},
    }),
  };
  const axis = timeAxis(1000, 5);
  const nodes = /** @type {any[]} */ (
    drawCrosshair(axis, 100, { step: null, memory: null, hover: null, pins: [1, 9], range: [2, 9] })
  );
  const [range] = nodes.filter((node) => node.attributes["data-cross"] === "range");
  assert.equal(Number(range.attributes.x) + Number(range.attributes.width), axis.x(4) + axis.cell / 2);
  assert.deepEqual(
    nodes.filter((node) => node.attributes["data-cross"] === "pin").map((node) => node.attributes["data-step"]),
    ["1"],
  );
});
