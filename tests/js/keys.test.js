import assert from "node:assert/strict";
import { test } from "node:test";

import { attentionGrid } from "../../static/js/panels/attention/grid.js";
import { nextCell } from "../../static/js/panels/attention/cell_keys.js";
import { moveWords } from "../../static/js/page/words/moves.js";
import { sentence } from "../../static/js/page/words/sentences.js";
import { NO_METRICS } from "../../static/js/state/reducers/run.js";
import { trace } from "./support/traces.js";

const grid = attentionGrid(trace());
/** @param {string} key @param {number} step @param {number | null} memory */
const after = (key, step, memory, ctrlKey = false) => nextCell(grid, { step, memory }, { key, ctrlKey });

test("arrows move one cell, and stop at the edge of what exists", () => {
  assert.deepEqual(after("ArrowDown", 3, 1), { step: 4, memory: 1 });
  assert.deepEqual(after("ArrowDown", 4, 1), { step: 4, memory: 1 });
  assert.deepEqual(after("ArrowLeft", 4, -1), { step: 4, memory: -1 });
  assert.deepEqual(after("ArrowRight", 3, 2), { step: 3, memory: 2 }, "memory 3 is written after step 3 has read");
  assert.deepEqual(after("ArrowUp", 4, 3), { step: 3, memory: 2 }, "in the row above, memory 3 does not exist yet");
});

test("Home and End go to the oldest and the newest memory, with Ctrl to the first and the last row", () => {
  assert.deepEqual(after("Home", 4, 2), { step: 4, memory: -1 });
  assert.deepEqual(after("End", 4, 0), { step: 4, memory: 3 });
  assert.deepEqual(after("Home", 4, 3, true), { step: 0, memory: -1 });
  assert.deepEqual(after("End", 1, 0, true), { step: 4, memory: 0 });
});

test("other keys are none of the heatmap's", () => assert.equal(after("a", 1, 0), null));

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
  const view = { trace: trace(), step: 4, metrics: NO_METRICS };
  assert.match(
    sentence("sequence", view),
    /^A sequence of 5 steps; 5 of 5 answers are right\. Step 4: input ·, target D, the network says D, loss 0\.1\.$/,
  );
  assert.equal(
    sentence("paths", view),
    "The loss at step 4 sends credit over 1 skip edge; " +
      "the strongest leads from step 4 to step 0, credit 0.3, weight 0.93. 2 cuts.",
  );
  assert.equal(
    sentence("gradients", view),
    "By gradient norm, SAB reaches 3–4, 0; truncated reaches 3–4; full reaches 0–4. " +
      "Steps with exactly zero gradient: SAB 2, truncated 3, full 0.",
  );
  assert.match(sentence("attention", view), /Step 4 reads 2 memories, most of all step 0 with weight 0\.93\.$/);
  assert.equal(sentence("curves", view), "No curve yet.");
  assert.equal(sentence("paths", { ...view, trace: null }), "Nothing is shown yet.");
});
