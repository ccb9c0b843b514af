import assert from "node:assert/strict";
import { test } from "node:test";

import { moveWords } from "../../../static/js/page/words/moves.js";
import { sentence } from "../../../static/js/page/words/sentences.js";
import { NO_LOOKS, NO_METRICS } from "../../../static/js/state/reducers/columns.js";
import { trace } from "../support/traces.js";

test("a move is told with what stands there", () => {
  assert.equal(
    moveWords(trace(), { step: 4, memory: 0, pins: [] }),
    "Step 4, memory of step 0: weight 0.93, credit 0.3.",
  );
  assert.equal(
    moveWords(trace(), { step: 4, memory: 2, pins: [1, 3] }),
    "Step 4, memory of step 2: not read, weight 0 exactly. 2 steps pinned: 1, 3.",
  );
  assert.equal(moveWords(trace(), { step: 4, memory: null, pins: [] }), "Step 4: says D, loss 0.1.");
  assert.equal(moveWords(null, { step: null, memory: null, pins: [] }), "No step chosen.");
});

test("each figure has its sentence", () => {
  const view = { trace: trace(), step: 4, metrics: NO_METRICS, looks: NO_LOOKS };
  assert.match(
    sentence("sequence", view),
    /^A sequence of 5 steps; its one answer is right\. Step 4: input ·, target D, the network says D, loss 0\.1\.$/,
  );
  assert.equal(
    sentence("paths", view),
    "The loss at step 4 sends credit over 1 skip edge; " +
      "the strongest leads from step 4 to step 0, credit 0.3, weight 0.93. 2 cuts.",
  );
  assert.equal(
    sentence("gradients", view),
    "By gradient norm of h, SAB reaches steps 3–4, 0; truncated reaches steps 3–4; full reaches steps 0–4. " +
      "Steps where the gradient of h is exactly zero: SAB 2, truncated 3, full 0.",
  );
  assert.match(sentence("attention", view), /Step 4 reads 2 memories, most of all step 0 with weight 0\.93\.$/);
  assert.equal(sentence("curves", view), "No curve yet.");
  assert.equal(sentence("health", { ...view, noLook: "No look at this network yet." }), "No look at this network yet.");
  const health = { saturated: [0.1, 0.256], dead: [0, 0], near_tied: [NaN, NaN] };
  assert.equal(
    sentence("health", { ...view, looks: { update: [0, 125], health, fresh: {} } }),
    "Measured 2 times; after update 125: scorer units saturated 26 %, dead readers 0 %, " +
      "near-tied readers not measured.",
  );
  assert.equal(sentence("paths", { ...view, trace: null }), "Nothing is shown yet.");
});
