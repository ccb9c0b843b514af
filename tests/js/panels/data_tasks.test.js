// Tasks that read a data set, as panels draw and name them.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../static/js/panels/curves/words.js";
import { stripFigure } from "../../../static/js/panels/strip/figure.js";
import { trace } from "../support/traces.js";

test("examples of the held-out part of a data set are not called fresh", () => {
  for (const [name, word] of [
    ["copy", "fresh"],
    ["char", "held-out"],
    ["pixels", "held-out"],
  ]) {
    const spec = { task: { name, T: 9 }, model: {}, training: {} };
    const said = words.unjudged(/** @type {any} */ ({ status: "running", update: 5, updates: 500, best: null, spec }));
    assert.equal(said, `No look at ${word} examples yet: the first is at update 125.`);
  }
});

test("characters of a text are no signs of a toy task, and a step that asks for nothing says nothing", () => {
  const text = { name: "char", symbols: ["·", "▸", "–"] };
  const { rows } = stripFigure(
    trace({ task: text, inputs: [0, 1, 2, 1, 0], targets: [1, 2, 1, 0, null], predictions: [1, 0, 1, 0, 1] }),
    20,
  );
  const shown = rows.map(({ cells }) => cells.map(({ text: letter, kind }) => [letter, kind]));
  const symbols = (/** @type {string} */ letters) => [...letters].map((letter) => [letter, "symbol"]);
  assert.deepEqual(shown[0], symbols("·▸–▸·"));
  assert.deepEqual(shown[1], [...symbols("▸–▸·"), ["", "none"]]);
  assert.deepEqual(
    shown[2].map(([, kind]) => kind),
    ["right", "wrong", "right", "right", "none"],
  );
});
