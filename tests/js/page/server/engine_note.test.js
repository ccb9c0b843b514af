// The line that says what computes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { engineWords } from "../../../../static/js/page/server/engine_note.js";

test("fused loops are told in a few words", () => {
  const words = engineWords({ device: "cpu", backend: "numba", why: "fused loops on 2 cores", as_wished: true });
  assert.equal(words, "Computed on cpu by fused loops.");
});

test("where there is a GPU too, the line says by which rule it is taken", () => {
  const rule = "cuda (a card) is there too; where batch_size × hidden_size is 30,000 or more, auto takes it";
  const words = engineWords({
    device: "cpu",
    backend: "numba",
    why: `fused loops on 2 cores; ${rule}`,
    as_wished: true,
    cores: 2,
    threads: 2,
  });
  assert.equal(words, `Computed on cpu by fused loops on 2 cores; ${rule}.`);
});

test("a device that was chosen is named with what runs there", () => {
  const words = engineWords({
    device: "cuda",
    backend: "torch",
    why: "PyTorch's own operations on a GPU",
    as_wished: true,
  });
  assert.equal(words, "Computed on cuda by PyTorch's own operations on a GPU.");
});

test("a fallback says why it is slower", () => {
  const why =
    "the fused loops cannot run: ImportError: no numba; PyTorch's own operations give the same numbers, slower";
  assert.equal(
    engineWords({ device: "cpu", backend: "torch", why, as_wished: false }),
    `Slower than it could be: ${why}.`,
  );
});

test("a worker that never started is told with its last words", () => {
  const words = engineWords({
    device: null,
    backend: null,
    why: "worker ended with exit code 2: device = 'cuda'",
    as_wished: false,
  });
  assert.equal(words, "No worker could start: worker ended with exit code 2: device = 'cuda'.");
});
