import assert from "node:assert/strict";
import { test } from "node:test";

import { unpack } from "../../../static/js/wire/packing.js";

const local = {
  reader: Uint16Array.of(2),
  credit: Float32Array.of(0.5),
  credit_hidden: Float32Array.of(0.4),
  credit_cell: Float32Array.of(0.3),
};
const none = { reader: [], source: [], credit: [], weight: [], chosen: [] };
const packed = (/** @type {any} */ credit) => ({
  attention: {
    counts: Uint16Array.of(0, 1, 2),
    source: Int16Array.of(0, 0, 1),
    weight: Float32Array.of(1, 0.25, 0.75),
    score: [],
  },
  edges: { credit, local, rest: none },
  paths: { parent: [], step: [], kind: [], end: [], strength: [] },
});
const skips = (/** @type {any} */ credit) => {
  const { edges } = unpack(packed(credit));
  return edges.reader.flatMap((/** @type {number} */ reader, /** @type {number} */ row) =>
    edges.kind[row] === 1 ? [[reader, edges.source[row], edges.credit[row], edges.weight[row]]] : [],
  );
};

test("credits come as a column beside the weights, or as a few with their places; both are the same edges", () => {
  const expected = [
    [2, 1, 2, 0.75],
    [1, 0, 1, 1],
  ];
  assert.deepEqual(skips(Float32Array.of(1, 0, 2)), expected, "a typed array, which has a method called at");
  assert.deepEqual(skips({ at: Int32Array.of(0, 2), value: Float32Array.of(1, 2) }), expected);
});
