import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce } from "../../../../static/js/state/reducer.js";
import { probeKey, wantedProbe } from "../../../../static/js/state/selectors.js";
import { batchRate, hitsToAsk, wantedHits } from "../../../../static/js/state/selectors/hits.js";
import { following, run, state, trace } from "../../support/traces.js";

const found = {
  examples: 16,
  readers: 160,
  hits: 158,
  hit_rate: 0.9875,
  update: 400,
  run: null,
  preset: "copy",
  checkpoint: null,
};

/** @param {Record<string, any>} change @param {Trace} shown */
function answered(change = {}, shown = trace()) {
  const before = state({ target: { kind: "preset", id: "copy" }, ...change });
  return { ...before, probed: { key: /** @type {string} */ (probeKey(wantedProbe(before))), trace: shown } };
}

test("one answer serves all steps and examples; knobs of the forward pass and knock-outs ask anew", () => {
  const plain = { preset: "copy" };
  assert.deepEqual(wantedHits(answered()), plain);
  assert.deepEqual(wantedHits(answered({ example: 3, choice: { step: 2, memory: null, whole: false } })), plain);
  const knobs = { ...state().knobs, override: { k_top: 1, k_trunc: 3 } };
  assert.deepEqual(wantedHits(answered({ knobs }, trace({ parameters: { k_top: 1, k_trunc: 3 } }))), {
    preset: "copy",
    k_top: 1,
  });
  const knockouts = { ...state().knockouts, out: [[4, 0]] };
  assert.deepEqual(wantedHits(answered({ knockouts }, trace({ knocked_out: [[4, 0]] }))), {
    preset: "copy",
    knocked_out: [[4, 0]],
  });
});

test("nothing is asked without a picture, without true sources, or about very long sequences", () => {
  assert.equal(wantedHits(state({ target: { kind: "preset", id: "copy" } })), null);
  assert.equal(wantedHits(answered({}, trace({ hits: {}, hit_rate: null }))), null);
  assert.equal(wantedHits(answered({}, trace({ steps: 784 }))), null);
});

test("the answer stands beside the example's, a failed one is not asked for again", () => {
  const now = answered();
  const key = probeKey(hitsToAsk(now));
  const done = reduce(now, { type: "hits/answer", key, found });
  assert.equal(hitsToAsk(done), null);
  assert.deepEqual(batchRate(done), {
    rate: 0.9875,
    text: "98.8 % over all 16",
    title: "158 of 160 readers of the whole probe batch, 16 examples",
  });
  assert.equal(batchRate(reduce(done, { type: "arc/knock", arc: [4, 0] })), null, "it is of the network with the arc");
  assert.equal(hitsToAsk(reduce(now, { type: "hits/failed", key })), null);
});

test("of a run that trains the rate names its own update and is asked for again", () => {
  const live = following({ live: trace({ run: "r1", update: 500 }) });
  const key = probeKey(hitsToAsk(live));
  const done = reduce(live, { type: "hits/answer", key, found: { ...found, update: 480 } });
  assert.match(batchRate(done)?.text ?? "", /at update 480$/);
  assert.notEqual(hitsToAsk(done), null);
  assert.equal(hitsToAsk({ ...done, run: run({ status: "finished" }) }), null);
});
