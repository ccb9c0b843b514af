import assert from "node:assert/strict";
import { test } from "node:test";

import { attentionLook } from "../../../static/js/panels/attention/look.js";
import { rawWeights, stateDependence, twinOf, variantOf } from "../../../static/js/panels/attention/variants.js";
import { state, trace } from "../support/traces.js";

const entries = [
  [3, 0],
  [3, 1],
  [3, 2],
  [4, 0],
  [4, 2],
  [5, 1],
  [5, 2],
];
const scored = (/** @type {(reader: number, source: number) => number} */ score) =>
  trace({
    attention: {
      reader: entries.map(([reader]) => reader),
      source: entries.map(([, source]) => source),
      weight: entries.map(() => 0.5),
      score: entries.map(([reader, source]) => score(reader, source)),
    },
  });

test("scores that are a part of the reader plus a part of the memory do not depend on the state", () => {
  const found = stateDependence(scored((reader, source) => reader * 10 + source ** 2));
  assert.deepEqual(found, { spread: 0, readers: 2 });
});

test("scores in which both meet do", () => {
  assert.ok((stateDependence(scored((reader, source) => reader * source))?.spread ?? 0) >= 1);
});

test("where no two readers share two memories nothing is claimed", () => {
  assert.equal(
    stateDependence(trace({ attention: { reader: [3, 4], source: [0, 1], weight: [1, 1], score: [1, 2] } })),
    null,
  );
  assert.equal(stateDependence(trace()), null, "a trace without scores");
});

const withDelays = (/** @type {any} */ spec) => ({ ...spec, task: { ...spec.task, T_min: 1 } });

test("every trace says its variant, and the twin is the trained network of the same task", () => {
  assert.equal(variantOf(trace()), "paper");
  assert.equal(variantOf(trace({ parameters: { variant: "release" } })), "release");
  const preset = (/** @type {string} */ name, /** @type {string} */ variant, T = 30, pretrained = true) => ({
    name,
    pretrained,
    spec: { task: { name: "copy", T }, model: { variant }, training: {} },
  });
  const presets = [
    preset("copy", "paper"),
    preset("long", "release", 50),
    preset("live", "release", 30, false),
    preset("release", "release"),
  ];
  const target = { kind: "preset", id: "copy" };
  assert.equal(twinOf(state({ presets, target }))?.name, "release");
  assert.equal(twinOf(state({ presets: presets.slice(0, 3), target })), null);
  const mixed = presets.map((one) => (one.name === "copy" ? { ...one, spec: withDelays(one.spec) } : one));
  assert.equal(twinOf(state({ presets: mixed, target }))?.name, "release", "whatever delays it was trained with");
});

test("weights that are no shares are told, and have a scale centred on zero", () => {
  assert.equal(rawWeights(trace()), null);
  const raw = trace({
    parameters: { variant: "release" },
    attention: { reader: [1, 2], source: [0, 0], weight: [-0.4, 1.5], score: [] },
  });
  assert.deepEqual(rawWeights(raw), [-0.4, 1.5]);
  const look = attentionLook(raw, /** @type {any} */ ({ dark: false, panel: "#fff", less: "#00f", more: "#fa0" }));
  assert.deepEqual([look.min, look.max, look.signed], [-1, 1, true]);
});
