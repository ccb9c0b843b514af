import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { FrameError, decode } from "../../../static/js/wire/codec.js";
import { traceOf } from "../../../static/js/wire/trace.js";
import { trace } from "../support/traces.js";

const GOLDEN = new URL("../../golden/", import.meta.url);
const TYPES = {
  Uint8Array: "u8",
  Uint16Array: "u16",
  Int16Array: "i16",
  Int32Array: "i32",
  Float32Array: "f32",
  Float64Array: "f64",
};
const names = readdirSync(GOLDEN)
  .filter((name) => name.endsWith(".bin"))
  .map((name) => name.slice(0, -4));

/** @param {string} name */
function frame(name) {
  const file = readFileSync(new URL(`${name}.bin`, GOLDEN));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

/** Arrays spelled out as in the JSON beside the frame. @param {any} value @returns {any} */
function spelled(value) {
  if (ArrayBuffer.isView(value)) {
    const array = /** @type {any} */ (value);
    const values = Array.from(array, (number) =>
      Number.isFinite(number) ? number : Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf",
    );
    return {
      $typed: TYPES[/** @type {keyof TYPES} */ (array.constructor.name)],
      shape: array.shape ?? [array.length],
      values,
    };
  }
  if (Array.isArray(value)) return value.map(spelled);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, spelled(part)]));
  return value;
}

test("there are golden vectors", () => assert.ok(names.length >= 7));

for (const name of names) {
  test(`the frame ${name} reads as Python wrote it`, () => {
    const said = JSON.parse(readFileSync(new URL(`${name}.json`, GOLDEN), "utf-8"));
    assert.deepEqual(spelled(decode(frame(name))), said);
  });
}

test("a snapshot frame becomes the same trace as the API's JSON", () => {
  const { edges, paths, reach, attention, run, preset } = traceOf(decode(frame("snapshot")));
  const expected = trace();
  const inOrder = [...expected.edges].sort(
    (a, b) => b.reader - a.reader || a.kind.localeCompare(b.kind) || a.source - b.source,
  );
  assert.deepEqual(
    edges.map(({ kind, reader, source, chosen }) => [kind, reader, source, chosen]),
    inOrder.map(({ kind, reader, source, chosen }) => [kind, reader, source, chosen]),
  );
  edges.forEach(({ credit }, index) => assert.ok(Math.abs(credit - inOrder[index].credit) < 1e-7));
  const [local, skip] = edges;
  assert.ok(Number.isNaN(skip.credit_hidden), "a skip edge has no hidden part");
  assert.ok(Number.isNaN(local.weight), "a local edge has no weight");
  assert.deepEqual(
    paths.map(({ steps, kinds }) => [steps, kinds]),
    expected.paths.map(({ steps, kinds }) => [steps, kinds]),
  );
  paths.forEach(({ strength }, index) =>
    assert.ok(Math.abs((strength ?? NaN) - (expected.paths[index].strength ?? NaN)) < 1e-7),
  );
  assert.deepEqual(Array.from(attention.reader), expected.attention.reader);
  assert.deepEqual(reach, expected.reach);
  assert.deepEqual([run, preset], ["r1", null]);
});

test("an answer over HTTP says which network it is of", () => {
  const { trace: packed } = /** @type {any} */ (decode(frame("snapshot")));
  const of = { run: null, preset: "copy", checkpoint: null };
  const { run, preset, update } = traceOf({ kind: "trace", ...of, trace: packed });
  assert.deepEqual([run, preset, update], [null, "copy", 400]);
});

const whole = frame("snapshot");
for (const [what, bytes] of /** @type {[string, ArrayBuffer][]} */ ([
  ["nothing", new ArrayBuffer(0)],
  ["one byte", new ArrayBuffer(1)],
  ["a header that is cut short", whole.slice(0, 20)],
  ["arrays that are cut short", whole.slice(0, whole.byteLength - 9)],
  ["no JSON", new Uint8Array([4, 0, 0, 0, 110, 111, 112, 101]).buffer],
  ["no table of arrays", new Uint8Array([2, 0, 0, 0, 123, 125]).buffer],
])) {
  test(`${what} is refused with a word`, () => assert.throws(() => decode(bytes), FrameError));
}
