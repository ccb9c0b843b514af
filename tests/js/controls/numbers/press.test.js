// What keys do in a field for a number.

import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf, stepped } from "../../../../static/js/controls/numbers/press.js";

const NO_KEYS = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
const key = (/** @type {string} */ name, more = {}) => meaningOf({ ...NO_KEYS, key: name, ...more });
const UP = { way: /** @type {const} */ (1), fast: false };
const DOWN = { way: /** @type {const} */ (-1), fast: false };
const fast = (/** @type {typeof UP | typeof DOWN} */ by) => ({ ...by, fast: true });
const WHOLE = { name: "k_top", low: 0, high: 100, whole: true, remedy: "" };
const RATE = { name: "learning_rate", low: 0, high: 1e22, above: true, whole: false, remedy: "" };

test("arrows step, Enter takes, Esc goes back, and all other keys are the field's own", () => {
  assert.deepEqual(key("ArrowUp"), UP);
  assert.deepEqual(key("ArrowDown", { shiftKey: true }), fast(DOWN));
  assert.equal(key("Enter"), "take");
  assert.equal(key("Escape"), "back");
  for (const other of ["a", "1", ",", "ArrowLeft", "ArrowRight", "Home", "Tab", " ", "toString"])
    assert.equal(key(other), null);
  for (const held of ["ctrlKey", "metaKey", "altKey", "isComposing"])
    for (const name of ["ArrowUp", "Enter", "Escape"]) assert.equal(key(name, { [held]: true }), null, held);
});

test("whole numbers go by one, by ten with Shift, and stop at the ends of the range", () => {
  assert.equal(stepped(5, UP, WHOLE), 6);
  assert.equal(stepped(5, fast(UP), WHOLE), 15);
  assert.equal(stepped(5, fast(DOWN), WHOLE), 0);
  assert.equal(stepped(95, fast(UP), WHOLE), 100);
  assert.equal(stepped(0, DOWN, WHOLE), 0);
});

test("a number with a step of its own goes by it, without the noise of binary fractions", () => {
  const inches = { ...WHOLE, whole: false, low: 1, high: 20, step: 0.1 };
  assert.equal(stepped(1.1, UP, inches), 1.2);
  assert.equal(stepped(1.2, UP, inches), 1.3);
  assert.equal(stepped(3, fast(UP), inches), 4);
});

test("other numbers go by one in their first digit, and to ten times as much", () => {
  for (const [from, up, down] of [
    [0.002, 0.003, 0.001],
    [0.01, 0.02, 0.009],
    [0.009, 0.01, 0.008],
    [0.5, 0.6, 0.4],
    [1, 2, 0.9],
    [25, 35, 15],
  ]) {
    assert.equal(stepped(from, UP, RATE), up);
    assert.equal(stepped(from, DOWN, RATE), down);
  }
  assert.equal(stepped(0.002, fast(UP), RATE), 0.02);
  assert.equal(stepped(0.002, fast(DOWN), RATE), 0.0002);
});

test("no step leaves the range, whatever is stepped from where", () => {
  for (const wanted of [WHOLE, RATE, { ...RATE, above: false, high: 1 }, { ...WHOLE, low: 1, high: 1 }])
    for (const from of [wanted.low, 1e-9, 0.3, 1, wanted.high])
      for (const by of [UP, DOWN, fast(UP), fast(DOWN)]) {
        if (wanted.above && from === 0) continue;
        const next = stepped(Math.max(from, wanted.low), by, wanted);
        assert.ok(
          next >= wanted.low && next <= wanted.high && (!wanted.above || next > wanted.low),
          `${from}: ${next}`,
        );
      }
  assert.equal(stepped(0, UP, { ...RATE, above: false, high: 1 }), 0.01);
  assert.equal(stepped(0, UP, { ...RATE, above: false, high: 1e6 }), 0.1);
  assert.equal(stepped(0, DOWN, { ...RATE, above: false }), 0);
});
