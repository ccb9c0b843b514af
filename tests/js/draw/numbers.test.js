import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped, intervals, knobText, readable, upward } from "../../../static/js/draw/numbers.js";

test("zero, tiny and non-finite read differently", () => {
  assert.deepEqual(
    [0, 1e-30, NaN, null, 0.25, 123456].map((value) => readable(value)),
    ["0 exactly", "1.00·10⁻³⁰", "not finite", "not finite", "0.25", "1.23·10⁵"],
  );
});

test("numbers for people", () => {
  assert.equal(grouped(1234567), "1,234,567");
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

test("a bound is rounded up, and holds", () => {
  for (const [value, bound] of [
    [0.0010012, 0.0011],
    [0.001, 0.001],
    [0.0066, 0.0066],
    [1.01, 1.1],
    [99.5, 100],
    [0, 0],
  ])
    assert.equal(upward(value), bound);
  for (let value = 1e-7; value < 1e3; value *= 1.37) assert.ok(upward(value) >= value);
});
