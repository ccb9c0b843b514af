import assert from "node:assert/strict";
import { test } from "node:test";

import { pixelOrder } from "../../../../../static/js/draw/figures/pixel_order.js";
import { blank, drawingOf, levelsOf, painted } from "../../../../../static/js/state/selectors/own/data.js";
import { ownHint, ownInput } from "../../../../../static/js/state/selectors/own/input.js";
import { fromHash, toHash } from "../../../../../static/js/state/url/state.js";
import { state } from "../../../support/traces.js";

/** @typedef {import("../../../../../static/js/state/selectors/own/input.js").Task} Task */
const text = /** @type {Task} */ ({ name: "char", T: 12, items: null });
const image = /** @type {Task} */ ({ name: "pixels", T: 6, items: null, permuted: null });

test("a text is sent as it was typed, blanks and signs of two units too", () => {
  for (const typed of ["To be, or …", "  a", "😀x"]) assert.equal(ownInput(text, typed).inputs, typed);
});

for (const [typed, words] of /** @type {[string, RegExp][]} */ ([
  ["", /nothing: a text of 2 to 12 characters; these are 0: add 2$/],
  ["x", /“x”: a text of 2 to 12 characters; this is 1: add 1$/],
  ["thirteen char", /these are 13: leave out 1$/],
]))
  test(`“${typed}” is no text for this task, and it is said why`, () => {
    assert.match(ownInput(text, typed).problem ?? "", words);
  });

test("the hint of a text names its length", () => assert.equal(ownHint(text).hint, "a text of 2 to 12 characters"));

test("a drawing is read in the order of the task", () => {
  const drawn = "0369cf";
  const levels = [0, 3, 6, 9, 12, 15].map((level) => [level / 15]);
  assert.deepEqual(ownInput(image, drawn).inputs, levels);
  const permuted = ownInput({ ...image, permuted: 0 }, drawn).inputs;
  assert.deepEqual(
    permuted,
    pixelOrder(6, 0).map((pixel) => levels[pixel]),
  );
});

for (const [drawn, words] of /** @type {[string, RegExp][]} */ ([
  ["00000", /6 pixels, each a digit from 0 to f; these are 5: add 1$/],
  ["00g000", /“g” is none: write a digit from 0 to f there$/],
]))
  test(`“${drawn}” is no drawing for this task, and it is said why`, () => {
    assert.match(ownInput(image, drawn).problem ?? "", words);
  });

test("ink changes one pixel and no other, and never leaves 0 … 1", () => {
  const drawn = painted(painted(blank(4), 2, 0.4), 1, 7);
  assert.deepEqual(levelsOf(drawn), [0, 1, 0.4, 0]);
  assert.equal(drawingOf([0, 0.5, 1]), "08f");
});

test("a text and a drawing travel in the link", () => {
  for (const own of ["To be, or not <b>?", "0".repeat(784)])
    assert.equal(fromHash(toHash(state({ own }))).view.own, own, own.slice(0, 30));
  assert.equal(fromHash("#own=a%00b").view.own ?? null, null);
});
