import assert from "node:assert/strict";
import { test } from "node:test";

import { sharing } from "../../../static/js/page/words/sharing.js";
import { statusText } from "../../../static/js/page/words/status.js";
import { run, state, trace } from "../support/traces.js";

const engine = { device: "cpu", backend: "numba", why: "", as_wished: true, cores: 2, threads: 2 };
const training = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, at) => run({ id: `r${at}`, status: "running" }));

test("runs that share the cores say so, and what it costs each", () => {
  const words = (/** @type {number} */ count, /** @type {object} */ more = {}) =>
    sharing(state({ runs: training(count), run: null, engine: { ...engine, ...more } }));
  assert.equal(words(1), null);
  assert.equal(words(2), "2 runs on 2 cores: each about half as fast as alone");
  assert.equal(words(3), "3 runs on 2 cores: each about two fifths as fast as alone");
  assert.equal(words(4), "4 runs on 2 cores: each about a quarter as fast as alone");
  assert.equal(words(4, { threads: 1 }), "4 runs on 2 cores: each about two fifths as fast as alone");
  assert.equal(words(2, { threads: 1 }), null, "each has a core of its own");
  assert.equal(words(3, { cores: 8 }), null);
  assert.equal(words(3, { cores: 1, threads: 1 }), "3 runs on 1 core: each about a quarter as fast as alone");
  assert.equal(words(4, { device: "cuda" }), "4 runs share cuda", "cores are not what they share");
  assert.equal(words(1, { device: "cuda" }), null);
  assert.equal(words(4, { cores: null }), null, "nobody has said");
  assert.equal(sharing(state({ runs: training(4), run: null, engine: null })), null);
});

test("runs count where they are computed, wherever most are", () => {
  const there = (/** @type {(string | null)[]} */ engines) =>
    sharing(
      state({
        runs: engines.map((one, at) => run({ id: `r${at}`, status: "running", engine: one })),
        run: null,
        engine,
      }),
    );
  const gpu = "cuda, kernels on a card; auto takes it where batch_size × hidden_size is 30,000 or more";
  assert.equal(there(["cpu, fused loops", gpu]), null, "each has a device of its own");
  assert.equal(there([null, null, gpu]), "2 runs on 2 cores: each about half as fast as alone");
  assert.equal(there([gpu, gpu, "cpu, fused loops"]), "2 runs share cuda");
  assert.equal(
    there([gpu, gpu, "cpu, fused loops", null]),
    "2 runs on 2 cores: each about half as fast as alone; 2 runs share cuda",
  );
  assert.equal(there(["mps, PyTorch's operations", "mps, PyTorch's operations"]), "2 runs share mps");
});

test("only runs that train now share, and the run in view counts as it is", () => {
  const runs = [...training(2), run({ id: "p", status: "paused" }), run({ id: "q", status: "queued" })];
  assert.match(sharing(state({ runs, run: null, engine })) ?? "", /^2 runs/);
  assert.equal(sharing(state({ runs, run: run({ id: "r0", status: "finished" }), engine })), null);
  const view = state({ runs, run: run({ id: "r0", status: "running" }), engine });
  assert.match(statusText(view, trace(), "live", 0), /2 runs on 2 cores/);
  assert.doesNotMatch(statusText({ ...view, run: run({ id: "x", status: "paused" }) }, trace(), "live", 0), /cores/);
});
