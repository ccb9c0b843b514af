import assert from "node:assert/strict";
import { test } from "node:test";

import { pathFigure } from "../../../static/js/panels/paths/figure.js";
import { hitRate, pathsLegend } from "../../../static/js/panels/paths/legend.js";
import { timeAxis } from "../../../static/js/draw/time_axis.js";
import { trace } from "../support/traces.js";

const axis = timeAxis(600, 5);
const texts = (/** @type {Record<string, any>} */ change) =>
  pathsLegend(pathFigure(trace(change), axis, 140)).map((entry) => entry.text);

test("the legend names the marks of the picture, and only those", () => {
  assert.deepEqual(texts({}), ["width is credit", "cut", "true source"]);
  assert.deepEqual(texts({ edges: [], paths: [], cuts: [], true_sources: {} }), []);
  const edges = [
    { kind: "skip", reader: 4, source: 2, credit: 0.4, weight: 0.5, chosen: true },
    { kind: "skip", reader: 2, source: 0, credit: 0.1, weight: 0.5, chosen: true },
    { kind: "skip", reader: 4, source: 1, credit: 0.01, weight: 0, chosen: false },
  ];
  const paths = [
    { steps: [4, 2, 0], kinds: ["skip", "skip"], strength: 0.1 },
    { steps: [4, 1], kinds: ["skip"], strength: 0.01 },
  ];
  assert.deepEqual(texts({ edges, paths, knocked_out: [[4, 3]] }), [
    "width is credit",
    "2nd hop",
    "threshold memory",
    "cut",
    "true source",
    "knocked out",
  ]);
});

test("the hit rate is of one example and says so; without true sources there is none", () => {
  assert.deepEqual(hitRate(trace())?.text, "hit rate 100 %, example 0");
  assert.equal(
    hitRate(trace({ hits: { 2: true, 3: false, 4: null }, hit_rate: 0.5 }))?.text,
    "hit rate 50 %, example 0",
  );
  assert.equal(hitRate(trace({ hits: {}, hit_rate: null })), null);
  assert.equal(hitRate(trace({ hits: { 4: false }, hit_rate: 0 }))?.rate, 0);
});
