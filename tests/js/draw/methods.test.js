// Words about methods and knobs that several panels share.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nothingRead } from "../../../static/js/draw/figures/methods.js";
import { sentence } from "../../../static/js/page/words/sentences.js";
import { note } from "../../../static/js/panels/paths/words.js";
import { headline } from "../../../static/js/panels/story/headline.js";
import { NO_LOOKS, NO_METRICS } from "../../../static/js/state/reducers/columns.js";
import { state, trace } from "../support/traces.js";

test("no written memory to read is one state, said in one way, whichever knob makes it so", () => {
  const none = { edges: [], paths: [], reach: { sab: [[3, 4]], truncated: [[3, 4]] } };
  const nothing = { reader: [], source: [], weight: [], score: [] };
  const empty = { reader: [1, 4], source: [-1, -1], weight: [1, 1], score: [] };
  const knobs = trace().parameters;
  for (const [change, why] of /** @type {const} */ ([
    [{ parameters: { ...knobs, k_top: 0 }, attention: nothing }, "k_top = 0"],
    [{ parameters: { ...knobs, k_att: 5 }, attention: empty, memories: [-1] }, "k_att = 5 in 5 steps"],
    [{ parameters: { ...knobs, k_att: 5 }, attention: nothing, memories: [] }, "k_att = 5 in 5 steps"],
    [
      { parameters: { ...knobs, k_top: 0, k_att: 5 }, attention: nothing, memories: [-1] },
      "k_top = 0 and k_att = 5 in 5 steps",
    ],
  ])) {
    const one = trace({ ...none, ...change });
    const words = `${why}: no written memory is read`;
    assert.equal(nothingRead(one), words);
    assert.equal(sentence("attention", { trace: one, step: null, metrics: NO_METRICS, looks: NO_LOOKS }), `${words}.`);
    assert.equal(note(one, "live", state()), `${words}, so nothing is skipped.`);
    assert.ok(headline(one).answer.startsWith(`${words}, so SAB is`), headline(one).answer);
  }
});

test("a network that can read is not said to read nothing, and a method that never does is named", () => {
  assert.equal(nothingRead(trace()), "");
  assert.equal(
    nothingRead(trace({ parameters: { ...trace().parameters, method: "tbptt", k_top: 0 } })),
    "method tbptt reads no memory",
  );
});
