// The line that says what computes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { engineWords, showEngine } from "../../../../static/js/page/server/engine_note.js";

/** What model/devices.py says of machines that are not here. @type {Record<string, Wire.EngineView>} */
const answers = JSON.parse(readFileSync(new URL("../../../golden/engine_answers.json", import.meta.url), "utf8"));

test("whatever the machine, the line names the device, tells the whole reason, and complains only where it may", () => {
  for (const [machine, view] of Object.entries(answers)) {
    const words = engineWords(view);
    assert.match(words, new RegExp(`^Computed on ${view.device}[, ]`), machine);
    assert.equal(words.includes("slower than it could be"), !view.as_wished, machine);
    assert.equal(words.endsWith(`${machine === "only a CPU" ? "fused loops" : view.why}.`), true, machine);
    assert.doesNotMatch(words, /undefined|null|\.\.$/, machine);
  }
});

test("a GPU is told with how it came to be taken, or left", () => {
  const said = (/** @type {string} */ machine) => engineWords(answers[machine]);
  assert.match(said("a GPU, chosen by shape"), /^Computed on cuda by kernels .*, and here it is 131,072\.$/);
  assert.match(said("a GPU that does not pay at this shape"), /^Computed on cpu by fused loops .*here it is 8,192\.$/);
  assert.match(said("a card without code"), /^Computed on cpu by .*cuda cannot be used: Tesla V100: this torch has no/);
  assert.match(said("Triton broken"), /^Computed on cuda, slower .*cannot run: ImportError: libcuda\.so\.1/);
  assert.match(said("a GPU that is full"), /^Computed on cpu, slower .*but the estimate for this training is /);
  assert.match(said("an Apple GPU"), /^Computed on mps by PyTorch's .*, which no test of this program has seen\.$/);
});

test("fused loops are told in a few words", () => {
  const words = engineWords({ device: "cpu", backend: "numba", why: "fused loops on 2 cores", as_wished: true });
  assert.equal(words, "Computed on cpu by fused loops.");
});

test("where there is a GPU too, the line says by which rule it is taken", () => {
  const rule = "taken when named; auto takes it where batch_size × hidden_size is 30,000 or more";
  const there = "cuda (NVIDIA H100 80GB HBM3) is there too";
  const words = engineWords(answers["a GPU beside the CPU"]);
  assert.equal(words, `Computed on cpu by fused loops on 2 cores; ${there}, ${rule}.`);
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
    `Computed on cpu, slower than it could be: ${why}.`,
  );
});

test("a device that no worker can use now is told with the reason, and nothing is said to be computed", () => {
  const why = "device = 'cuda': a card computes nothing: CUDA error: busy; use 'auto' or 'cpu'";
  const words = engineWords({ device: "cuda", backend: null, why, as_wished: false });
  assert.equal(words, `Nothing can be trained on cuda now: ${why}.`);
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

/** What the server itself says while no worker has come. @type {Wire.EngineView} */
const NONE_YET = { device: null, backend: null, why: "no worker has started yet", as_wished: true };
/** @type {Wire.EngineView} */
const FUSED = { device: "cpu", backend: "numba", why: "fused loops on 2 cores", as_wished: true };

test("while no worker has come yet, none is said to have failed, and the server is asked until one has", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const answers = [NONE_YET, NONE_YET, FUSED];
  const line = { textContent: "", dataset: /** @type {DOMStringMap} */ ({}), title: "", hidden: true };
  const told = /** @type {unknown[]} */ ([]);
  const store = { dispatch: (/** @type {{type: string}} */ action) => void told.push(action) };
  const ask = async () => /** @type {Wire.EngineView} */ (answers.shift());
  await showEngine(line, /** @type {never} */ (store), ask);
  assert.match(line.textContent, /^No worker is ready yet: /);
  assert.equal(line.dataset.state, "loading");
  for (const left of [1, 0]) {
    assert.equal(answers.length, left + 1);
    t.mock.timers.tick(1000);
    await new Promise(setImmediate);
    assert.equal(answers.length, left);
  }
  assert.equal(line.textContent, "Computed on cpu by fused loops.");
  assert.equal(line.dataset.state, "live");
  t.mock.timers.tick(60_000);
  assert.equal(told.length, 3, "nobody is asked what is known");
});
