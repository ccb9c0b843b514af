import assert from "node:assert/strict";
import { test } from "node:test";

import { specFrom, textsOf } from "../../../static/js/controls/run_form.js";
import { FIELDS } from "../../../static/js/wire/contract.js";
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

test("the fields hold the settings of what is duplicated, and those it does not have their defaults", () => {
  const texts = textsOf(run().spec);
  const fields = Object.keys(FIELDS);
  assert.deepEqual([...texts.keys()], fields);
  const spec = specFrom(texts);
  for (const part of /** @type {const} */ (["task", "model", "training"]))
    for (const [name, value] of Object.entries(run().spec[part] ?? {}))
      if (value !== null) assert.deepEqual(/** @type {any} */ (spec[part])[name], value, `${part}.${name}`);
  assert.equal(textsOf({ task: { name: "copy", T: 9, items: null, T_min: null } }).get("task.items"), "");
  assert.equal(texts.get("model.initial_memory"), "true");
});
