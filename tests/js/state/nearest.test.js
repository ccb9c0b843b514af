import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest } from "../../../static/js/state/nearest.js";

test("the scrubber stands only on stored updates", () => {
  assert.deepEqual([nearest([], 5), nearest([0, 100, 250], 170), nearest([0, 100, 250], 9999)], [null, 100, 250]);
});
