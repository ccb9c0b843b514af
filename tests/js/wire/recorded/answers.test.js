// A recording answers as its server would have, and says what it does not hold.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decode } from "../../../../static/js/wire/codec.js";
import { answersOf } from "../../../../static/js/wire/recorded/answers.js";
import { createRecordedStream } from "../../../../static/js/wire/recorded/stream.js";

const packed = readFileSync(new URL("../../../../static/presets/copy.trace", import.meta.url));
const step = /** @type {any} */ (decode(new Uint8Array(packed))).loss_step;
const update = /** @type {any} */ (decode(new Uint8Array(packed))).update;

/** One frame that holds another, as the server sends a trace. @param {object} named */
function frame(named) {
  const content = new Uint8Array(packed);
  const head = JSON.stringify({
    kind: "trace",
    ...{ run: null, preset: null, checkpoint: null },
    ...named,
    trace: { $array: 0 },
    arrays: [["u8", [content.length], 0]],
  });
  const padded = new TextEncoder().encode(head.padEnd(Math.ceil((4 + head.length) / 8) * 8 - 4));
  const bytes = new Uint8Array(4 + padded.length + content.length);
  new DataView(bytes.buffer).setUint32(0, padded.length, true);
  bytes.set(padded, 4);
  bytes.set(content, 4 + padded.length);
  return bytes;
}

const of = frame({ preset: "copy" });
/** @type {any} */
const RECORDING = {
  target: { kind: "preset", id: "copy" },
  view: { name: "copy" },
  curves: { preset: "copy", update: [1] },
  updates: [0, update],
  pictures: [frame({ preset: "copy", run: null }), of],
  asked: [{ loss_step: 3, update: 0 }, {}, { k_top: 0 }, { loss_step: null }],
  answers: [of, of, of, of],
};
const ask = answersOf(RECORDING);
const probe = (/** @type {object} */ words) =>
  ask("/api/probe", { method: "POST", body: JSON.stringify({ preset: "copy", ...words }) });

test("lists, curves and pictures have the addresses that a server has", async () => {
  const get = async (/** @type {string} */ path) => (await ask(path, { method: "GET" })).json();
  assert.deepEqual(await get("/api/presets"), [{ name: "copy" }]);
  assert.deepEqual(await get("/api/runs"), []);
  assert.deepEqual(await get("/api/presets/copy/metrics"), RECORDING.curves);
  const stored = await get("/api/presets/copy/snapshots");
  assert.deepEqual(stored.updates, [0, update]);
  assert.deepEqual(stored.checkpoints, [{ update }, { update: 0 }], "and the update that was looked at");
  for (const place of [0, update, "latest", "latest?example=0"])
    assert.equal((await ask(`/api/presets/copy/snapshots/${place}`, { method: "GET" })).status, 200);
  assert.equal((await ask("/api/presets/copy/snapshots/7", { method: "GET" })).status, 404);
});

test("a question is the same in whatever order, with or without what is usual", async () => {
  for (const words of [
    {},
    { example: 0, share: 0.95 },
    { loss_step: step },
    { update },
    { share: 0.95, update, loss_step: step, example: 0, phase: 0, cuts: "blocks", knocked_out: [] },
    { example: 0, k_top: 0 },
    { loss_step: step, k_top: 0 },
    { loss_step: null },
    { update: 0, loss_step: 3 },
  ])
    assert.equal((await probe(words)).status, 200, JSON.stringify(words));
});

test("what is not held is refused by what is other in it", async () => {
  for (const [words, said] of /** @type {[object, string][]} */ ([
    [{ k_top: 3 }, "k_top = 3"],
    [{ loss_step: 3 }, "loss_step = 3"],
    [{ loss_step: null, k_top: 0 }, "loss_step = whole, k_top = 0"],
    [{ example: 4, share: 0.5 }, "example = 4, share = 0.5"],
    [{ inputs: [1, 2] }, "inputs = [1,2]"],
  ])) {
    const answer = await probe(words);
    assert.equal(answer.status, 501);
    const { detail } = await answer.json();
    assert.ok(detail.includes(said), detail);
    assert.ok(detail.includes("needs a server"));
  }
  const other = await ask("/api/probe", { method: "POST", body: JSON.stringify({ preset: "release" }) });
  assert.equal(other.status, 404);
  assert.equal((await ask("/api/runs", { method: "POST", body: "{}" })).status, 501);
});

test("the stream of a recording tells of its run once, and obeys nothing", async () => {
  const view = { id: "r1", attempt: 2, update: 40 };
  const recording = /** @type {any} */ ({ target: { kind: "run", id: "r1" }, view, pictures: [frame({ run: "r1" })] });
  let arrivals = 0;
  const stream = createRecordedStream(recording, { onArrival: () => (arrivals += 1) });
  stream.follow("r1");
  const frames = /** @type {any[]} */ (stream.take());
  assert.deepEqual(
    frames.map((one) => [one.kind, one.run, one.attempt]),
    [
      ["subscribed", "r1", 2],
      ["snapshot", "r1", 2],
    ],
  );
  assert.ok(frames[1].trace.length > 1000);
  assert.deepEqual(stream.take(), []);
  stream.follow(null);
  assert.deepEqual([arrivals, stream.take().length, await stream.command()], [1, 0, false]);
});

test("a knob that is asked for as it is asks for nothing", async () => {
  const { parameters } = /** @type {any} */ (decode(new Uint8Array(packed)));
  const { k_top, k_trunc, k_att } = parameters;
  for (const words of [{ k_top }, { k_trunc, k_att }, { k_top: 0, k_att }])
    assert.equal((await probe(words)).status, 200, JSON.stringify(words));
});
