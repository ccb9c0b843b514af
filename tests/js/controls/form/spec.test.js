import assert from "node:assert/strict";
import { test } from "node:test";

import { OF_A_TASK, lengthFor, specFrom, takes, textsOf } from "../../../../static/js/controls/form/spec.js";
import { FIELDS, TAKES } from "../../../../static/js/wire/contract.js";
import { run } from "../../support/traces.js";

test("a run of one's own leaves empty fields to the server, and numbers are numbers", () => {
  const entries = /** @type {[string, string][]} */ ([
    ["task.name", "copy"],
    ["task.T", "50"],
    ["task.items", ""],
    ["model.k_top", "five"],
    ["name", " x "],
  ]);
  assert.deepEqual(specFrom(entries), { task: { name: "copy", T: 50 }, model: { k_top: "five" }, name: "x" });
});

test("a comma, thousands and the page's own words are numbers, and what does not fit is left to the server", () => {
  const entries = /** @type {[string, string][]} */ ([
    ["training.learning_rate", "0,005"],
    ["training.updates", "10,000"],
    ["model.k_trunc", "∞"],
    ["model.k_top", "all"],
    ["task.items", "the task's own"],
    ["task.T", "1001"],
    ["training.clip_norm", "1,500"],
  ]);
  assert.deepEqual(specFrom(entries), {
    task: { T: 1001 },
    model: { k_trunc: 0, k_top: 10_000 },
    training: { learning_rate: 0.005, updates: 10_000, clip_norm: "1,500" },
  });
});

test("the fields hold the settings of what is duplicated, and those it does not have their defaults", () => {
  const texts = textsOf(run().spec);
  const fields = Object.keys(FIELDS);
  assert.deepEqual([...texts.keys()], fields);
  const spec = specFrom(texts);
  for (const part of /** @type {const} */ (["task", "model", "training"]))
    for (const [name, value] of Object.entries(run().spec[part] ?? {}))
      if (value !== null) assert.deepEqual(/** @type {any} */ (spec[part])[name], value, `${part}.${name}`);
  assert.equal(textsOf({ task: { name: "copy", T: 9, items: null, T_min: null } }).get("task.items"), "");
  assert.equal(texts.get("model.initial_memory"), "true");
});

test("another task keeps its T, but images have one length, and no other task keeps that", () => {
  assert.equal(lengthFor("denoise", "30"), "30");
  assert.equal(lengthFor("pixels", "30"), "64");
  assert.equal(lengthFor("copy", "64"), "50");
  assert.equal(lengthFor("a later one", "30"), "30");
});

test("a field of the task is asked for where the task takes it, every other field always", () => {
  const asked = (/** @type {string} */ task) => Object.keys(FIELDS).filter((path) => takes(task, path));
  const others = Object.keys(FIELDS).filter((path) => !path.startsWith("task."));
  for (const [task, fields] of Object.entries(TAKES))
    assert.deepEqual(asked(task), [...["name", ...fields].map((name) => `task.${name}`), ...others], task);
  assert.deepEqual(asked("a later one"), Object.keys(FIELDS), "the server judges what is not known here");
  assert.ok(!takes("pixels", "task.items") && !takes("char", "task.T_min") && !takes("adding", "task.items"));
});

test("another task begins with its own fields, whatever they are", () => {
  assert.deepEqual(
    [...OF_A_TASK].sort(),
    [
      ...Object.keys(FIELDS).filter((path) => path.startsWith("task.") && !["task.name", "task.T"].includes(path)),
      "training.until",
    ].sort(),
  );
});
