import assert from "node:assert/strict";
import { test } from "node:test";

import { described, errorsLeft } from "../../../../static/js/controls/form/errors.js";

const error = (/** @type {string} */ field, /** @type {string} */ range, remedy = "") => ({
  ...{ field, value: 1, range, remedy },
});
const names = (/** @type {{field: string}[]} */ errors) => errors.map(({ field }) => field);

test("an error goes with its own value, and the others stay", () => {
  const both = [error("task.T", "1 … 1024, whole number"), error("training.seed", "0 … 7, whole number")];
  assert.deepEqual(names(errorsLeft(both, "task.T")), ["training.seed"]);
  assert.deepEqual(names(errorsLeft(both, "training.seed")), ["task.T"]);
  assert.deepEqual(names(errorsLeft(both, "model.k_top")), ["task.T", "training.seed"]);
});

test("an error about two fields goes when either is changed", () => {
  const errors = [
    error("task.T_min", "must be 1 … 30, for copy with T = 30", "lower it, raise task.T, or leave it out"),
    error("model.normalizer", "the release variant has shift only", "choose variant paper"),
  ];
  assert.deepEqual(names(errorsLeft(errors, "task.T")), ["model.normalizer"]);
  assert.deepEqual(names(errorsLeft(errors, "model.variant")), ["task.T_min"]);
});

test("another task or method takes along what was said of its own fields", () => {
  const errors = [
    error("task.items", "copy takes at most 50"),
    error("training.until", "copy has the metrics accuracy"),
    error("model.k_top", "0 … 10000, whole number"),
  ];
  assert.deepEqual(names(errorsLeft(errors, "task.name")), ["model.k_top"]);
  assert.deepEqual(names(errorsLeft(errors, "model.method")), ["task.items", "training.until"]);
});

test("an error is described as the server describes it", () => {
  assert.equal(described(error("task.T", "1 … 1024", "20 is short")), "task.T = 1: 1 … 1024; 20 is short");
  assert.equal(described({ field: "a", value: "x", range: "r", remedy: "m" }), 'a = "x": r; m');
});
