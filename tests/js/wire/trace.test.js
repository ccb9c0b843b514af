import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf, rightAt, symbol } from "../../../static/js/wire/trace.js";
import { trace } from "../support/traces.js";

test("symbols go by their names, values by their digits, nothing by a dash", () => {
  const shown = trace();
  assert.deepEqual(
    [3, 9, null, 0.123, [0.5, 1]].map((value) => symbol(shown, value)),
    ["D", "▸", "–", "0.12", "0.50 1"],
  );
});

test("a sum is no symbol, be it a whole number: nobody is told that 1.003 is wrong for 1", () => {
  const adding = { ...trace(), task: { name: "adding", symbols: [] }, targets: [null, 1], predictions: [0, 1.003] };
  assert.equal(rightAt(/** @type {any} */ (adding), 1), null);
  assert.deepEqual([rightAt(trace(), 4), rightAt(trace({ predictions: [8, 8, 8, 8, 2] }), 4)], [true, false]);
  assert.deepEqual([answersOf(trace()), answersOf(/** @type {any} */ (adding))], [[4], []]);
});
