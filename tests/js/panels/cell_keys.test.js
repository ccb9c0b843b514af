import assert from "node:assert/strict";
import { test } from "node:test";

import { attentionGrid } from "../../../static/js/panels/attention/grid.js";
import { nextCell } from "../../../static/js/panels/attention/cell_keys.js";
import { trace } from "../support/traces.js";

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
