import assert from "node:assert/strict";
import { test } from "node:test";

import { specFrom } from "../../../static/js/controls/run_form.js";
import { run } from "../support/traces.js";

test("a run of one's own leaves empty fields to the server, and numbers are numbers", () => {
  const entries = /** @type {[string, string][]} */ ([
    ["task.name", "copy"],
    ["task.T", "50"],
    ["task.items", ""],
    ["model.k_top", "five"],
    ["name", " x "],
  ]);
  assert.deepEqual(specFrom(entries), { task: { name: "copy", T: 50 }, model: { k_top: "five" }, name: "x" });
});
