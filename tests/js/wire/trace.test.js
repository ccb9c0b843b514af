import assert from "node:assert/strict";
import { test } from "node:test";

import { symbol } from "../../../static/js/wire/trace.js";
import { trace } from "../support/traces.js";

test("symbols go by their names, values by their digits, nothing by a dash", () => {
  const shown = trace();
  assert.deepEqual(
    [3, 9, null, 0.123, [0.5, 1]].map((value) => symbol(shown, value)),
    ["D", "▸", "–", "0.12", "0.50 1"],
  );
});
